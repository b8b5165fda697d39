//! New or not: occurrences are counted by key and netted over all files of the change, so that the total can only
//! fall, and moving, sorting or reformatting never makes old code new.

use std::collections::{HashMap, HashSet};

use super::counts::{Counts, Ranked, ranks};
use super::limits::{Limits, keep_strictest};
use super::occurrence::{Fresh, Key, Occurrence};
use super::scan;
use super::source_file::SourceFile;
use crate::finding::{Checked, Skipped, Tally, Unlisted};
use crate::git::{self, Blob, ChangedFile, Changes, Content, Error, MAX_BLOB_BYTES, Repository, Snapshot};
use crate::lang::MAX_IMPORTS;
use crate::policy::{EffectivePolicy, MAX_MATCHES, Severity};
use crate::tree::TreeError;

/// An occurrence that is new, to be told from others.
pub(super) struct Brings {
    /// Index into [`Changes::files`].
    pub file: usize,
    pub key: Key,
    pub severity: Severity,
    /// Its line, from 1.
    pub line: usize,
}

/// What the new sides hold, and which of it is new.
#[derive(Debug, Default)]
pub struct NewOccurrences {
    /// What is new, in the order of files and places.
    pub fresh: Vec<Fresh>,
    /// What is new besides, and only counted.
    pub unlisted: Vec<Unlisted>,
    /// Files that were not parsed.
    pub skipped: Vec<Skipped>,
    /// What was looked at.
    pub checked: Checked,
    /// Whether an old side is not here to be read (a partial clone), so that old code may look new.
    pub blind: bool,
    /// Files that were too large to be read at an old side, so that old code of theirs may look new.
    pub outgrown: HashSet<usize>,
    /// Files of which not all lines that rules match were looked at, so that old ones may look new.
    pub overrun: HashSet<usize>,
}

/// Everything that a look at a file needs.
pub struct Context<'a> {
    /// Where blobs come from.
    pub repository: &'a Repository,
    /// The sides of the change and its files.
    pub changes: &'a Changes<'a>,
    /// The policy of the day.
    pub effective: &'a EffectivePolicy<'a>,
    /// Where packages start, for a path.
    pub roots: &'a dyn Fn(&[u8]) -> Vec<usize>,
    /// What reports want to be counted.
    pub tally: Tally,
    /// How much may be held.
    pub limits: Limits,
}

/// What a look at one side of a file gave.
#[derive(Debug, Default)]
struct Look {
    occurrences: Vec<Occurrence>,
    imports: usize,
    /// Whether a rule matches more lines than are looked at.
    overrun: bool,
    /// Whether it has more uses than are looked at.
    used_too_often: bool,
    /// Why it is not judged, if it is over a limit.
    too_large: Option<String>,
    missing: bool,
}

/// The new sides of the files that differ from every old side.
struct NewSides {
    looks: Vec<Look>,
    keys: HashSet<Key>,
}

impl Context<'_> {
    /// Finds what is new in the change. The old sides are read only when the new ones have something to find.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn run(&self) -> Result<NewOccurrences, TreeError> {
        let mut results = NewOccurrences::default();
        let new = self.new_sides(&mut results)?;
        if !new.keys.is_empty() {
            self.keep_new(&new, &mut results)?;
        }
        results.fresh.sort_unstable();
        let of = |fresh: &Fresh| {
            let found = &new.looks[fresh.file].occurrences[fresh.ordinal];
            (found.key.rule(), found.severity)
        };
        let rules = self.effective.policy().rules();
        results.unlisted = keep_strictest(&mut results.fresh, self.limits.findings, rules, of);
        Ok(results)
    }

    /// What the change brings of `keys`; nothing else is counted.
    pub(super) fn run_only(&self, keys: &HashSet<Key>) -> Result<Vec<Brings>, TreeError> {
        let mut results = NewOccurrences::default();
        let mut new = self.new_sides(&mut results)?;
        new.keys.retain(|key| keys.contains(key));
        if !new.keys.is_empty() {
            self.keep_new(&new, &mut results)?;
        }
        results.fresh.sort_unstable();
        let brings = results.fresh.iter().map(|fresh| {
            let found = &new.looks[fresh.file].occurrences[fresh.ordinal];
            Brings { file: fresh.file, key: found.key, severity: found.severity, line: found.line }
        });
        Ok(brings.collect())
    }

    /// What a file that stands at `path` of `side` counts for, each as often as it occurs; nothing where it is over a limit
    /// or was not fetched.
    pub(super) fn ranks_of(&self, path: &[u8], blob: Blob, side: &Snapshot<'_>) -> Result<Vec<Ranked>, TreeError> {
        let source = SourceFile::new(path, self.effective);
        if !source.is_judged() {
            return Ok(Vec::new());
        }
        let bytes = self.bytes(Some(blob))?;
        let source = source.told(&bytes);
        let (keys, read) = scan::keys(&source, &source.text(&bytes), side, self.roots)?;
        if read.imports > Some(MAX_IMPORTS) {
            return Ok(Vec::new());
        }
        Ok(keys.into_iter().flat_map(|(key, severity)| ranks(key, severity)).collect())
    }

    fn new_sides(&self, results: &mut NewOccurrences) -> Result<NewSides, TreeError> {
        let mut new = NewSides { looks: Vec::with_capacity(self.changes.files.len()), keys: HashSet::new() };
        let mut held = 0;
        for file in &self.changes.files {
            let look = self.new_side(file, results)?;
            held += look.occurrences.len();
            if held > self.limits.occurrences {
                let what = "the number of forbidden imports and lines in the changed files".into();
                return Err(Error::TooLarge { what, limit: self.limits.occurrences.to_string() }.into());
            }
            new.looks.push(look);
        }
        new.keys.extend(new.looks.iter().flat_map(|look| &look.occurrences).map(|found| found.key));
        Ok(new)
    }

    fn new_side(&self, file: &ChangedFile, results: &mut NewOccurrences) -> Result<Look, TreeError> {
        let Some(blob) = file.new.filter(|new| !file.old.contains(&Some(*new))) else { return Ok(Look::default()) };
        let source = SourceFile::new(&file.path, self.effective);
        if source.scope.ignored() {
            results.checked.ignored += 1;
            return Ok(Look::default());
        }
        results.checked.files += 1;
        if !source.is_judged() {
            return Ok(Look::default());
        }
        let look = self.look(source, blob, &self.changes.new_side, self.tally >= Tally::Imports)?;
        if look.missing {
            let path = String::from_utf8_lossy(&file.path);
            return Err(format!("the content of {path} is not in this clone, so it cannot be judged").into());
        }
        if let Some(why) = look.too_large.clone() {
            let severity = self.effective.policy().too_large();
            results.skipped.push(Skipped { path: file.path.clone(), why, severity });
        } else if self.tally >= Tally::ImportsAndLines {
            *results.checked.added_lines.get_or_insert(0) += self.added_lines(file)?.count();
        }
        let mut skip = |why: String| {
            let severity = self.effective.policy().too_large();
            results.skipped.push(Skipped { path: file.path.clone(), why, severity });
        };
        if look.overrun {
            skip(format!("a rule matches more than {MAX_MATCHES} lines: the rest is not judged"));
        }
        if look.used_too_often {
            skip(format!("uses through imports are not judged: over {MAX_IMPORTS} places"));
        }
        if self.tally >= Tally::Imports {
            results.checked.imports += look.imports;
        }
        Ok(look)
    }

    fn look(&self, source: SourceFile<'_>, blob: Blob, side: &Snapshot<'_>, count: bool) -> Result<Look, TreeError> {
        let bytes = match self.repository.read(blob)? {
            Content::Bytes(bytes) => bytes,
            Content::TooLarge(size) => return Ok(Look { too_large: Some(oversize(size)), ..Look::default() }),
            Content::NotFetched => return Ok(Look { missing: true, ..Look::default() }),
        };
        let source = source.told(&bytes);
        let text = source.text(&bytes);
        let (occurrences, scan::Read { imports, overrun, used_too_often }) =
            scan::occurrences(&source, &text, side, self.roots)?;
        let imports = imports.unwrap_or_else(|| if count { source.imports(&text).len() } else { 0 });
        if imports > MAX_IMPORTS {
            let why = format!("over the limit of {MAX_IMPORTS} imports in a file: not judged");
            return Ok(Look { too_large: Some(why), ..Look::default() });
        }
        Ok(Look { occurrences, imports, overrun, used_too_often, ..Look::default() })
    }

    fn keep_new(&self, new: &NewSides, results: &mut NewOccurrences) -> Result<(), TreeError> {
        let counts = self.count(new, results)?;
        let mut open: HashMap<&Key, Vec<Fresh>> = HashMap::new();
        for (file, look) in new.looks.iter().enumerate() {
            if !look.occurrences.iter().any(|found| counts.has_risen(&found.key)) {
                continue;
            }
            let added = self.added_lines(&self.changes.files[file])?;
            for (ordinal, found) in look.occurrences.iter().enumerate() {
                let on_added_line = added.contains(found.line);
                open.entry(&found.key).or_default().push(Fresh { file, ordinal, on_added_line });
            }
        }
        let severity = |fresh: &Fresh| new.looks[fresh.file].occurrences[fresh.ordinal].severity;
        for (key, candidates) in open {
            results.fresh.append(&mut counts.pick(key, candidates, severity));
        }
        Ok(())
    }

    /// Counts the keys over all files that differ from any old side, at every side.
    fn count(&self, new: &NewSides, results: &mut NewOccurrences) -> Result<Counts, TreeError> {
        let mut counts = Counts::new(self.changes.old_sides.len());
        for (index, file) in self.changes.files.iter().enumerate() {
            let source = SourceFile::new(&file.path, self.effective);
            // What a file too large holds is not known, so it sets nothing free elsewhere.
            if !source.is_judged() || new.looks[index].too_large.is_some() {
                continue;
            }
            let mut looked: Vec<(Blob, usize)> = Vec::new();
            for (side, old) in file.old.iter().enumerate() {
                let Some(blob) = *old else { continue };
                let look =
                    self.look(SourceFile::new(&file.path, self.effective), blob, &self.changes.old_sides[side], false)?;
                // Its lines all look added: better a warning than old code that blocks. A large file excuses itself
                // alone, or taking one away would be a way to bring anything in.
                results.blind |= look.missing;
                if look.too_large.is_some() {
                    results.outgrown.insert(index);
                }
                if look.overrun {
                    results.overrun.insert(index);
                }
                counts.add(index, Some(side), &look.occurrences, &new.keys);
                looked.push((blob, side));
            }
            let judged_already = file.new.is_some_and(|blob| !looked.iter().any(|(old, _)| *old == blob));
            if judged_already {
                counts.add(index, None, &new.looks[index].occurrences, &new.keys);
            } else if let Some(blob) = file.new {
                let look =
                    self.look(SourceFile::new(&file.path, self.effective), blob, &self.changes.new_side, false)?;
                results.blind |= look.missing;
                counts.add(index, None, &look.occurrences, &new.keys);
            }
        }
        Ok(counts)
    }

    /// What a file holds; nothing where there is none, it is too large, or it was not fetched.
    pub(super) fn bytes(&self, blob: Option<Blob>) -> Result<Vec<u8>, TreeError> {
        let content = blob.map(|blob| self.repository.read(blob)).transpose()?;
        Ok(content.and_then(Content::bytes).unwrap_or_default())
    }

    /// The lines of the file that no old side of it has.
    fn added_lines(&self, file: &ChangedFile) -> Result<git::AddedLines, TreeError> {
        let new = self.bytes(file.new)?;
        let source = SourceFile::of(&file.path, self.effective, &new);
        let old = file.old.iter().map(|blob| self.bytes(*blob)).collect::<Result<Vec<_>, _>>()?;
        let old: Vec<_> = old.iter().map(|blob| source.text(blob)).collect();
        Ok(git::added_lines(&old.iter().collect::<Vec<_>>(), &source.text(&new)))
    }
}

/// A size in tenths of MiB, rounded up: what is over the limit must not look as if it were not.
fn oversize(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10).div_ceil(1 << 20);
    format!("{}.{} MiB, over the limit of {} MiB: not parsed", tenths / 10, tenths % 10, MAX_BLOB_BYTES >> 20)
}
