//! New or not: occurrences are counted by key and netted over all files of the change, so that the total can only
//! fall, and moving, sorting or reformatting never makes old code new.
//!
//! Files in which something is forbidden are held with their old sides. One for which there is no room is compared with
//! them at once, so that it need not be opened for that again.

mod added_before;
mod alike;
mod before;
mod counted;
mod counts;
mod exchange;
mod forms;
mod modules;
mod moves;
mod new_sides;
mod offsets;
mod old_sides;
mod old_uses;
mod renames;
mod used_names;
mod whole_files;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::ahead::Ahead;
use super::context::Context;
use super::limits::keep_strictest;
use super::occurrence::{Eased, Fresh, Key, Occurrence, Scan};
use super::scan;
use super::source_file::SourceFile;
use crate::finding::{Checked, Skipped, Unlisted};
use crate::git::{AddedLines, Error};
use crate::policy::Severity;
use crate::tree::TreeError;

pub(super) use before::added_lines;
use before::before_each;
pub use before::{Before, OldImports};
use counts::{Candidate, Counts, Picked, Weight};
use forms::Starred;
use new_sides::NewSide;
pub(super) use old_sides::old_files;
use old_uses::OldUses;

/// An occurrence that is new, to be told from others.
pub(super) struct NewOccurrence {
    /// Index into [`Changes::files`](crate::git::Changes::files).
    pub file: usize,
    pub key: Key,
    /// Whether the key is counted once a file.
    pub is_of_file: bool,
    pub severity: Severity,
    /// Its line, from 1.
    pub line: usize,
}

/// The new occurrences of a change.
#[derive(Debug, Default)]
pub struct NewOccurrences {
    /// The new ones, in the order of files and places.
    pub fresh: Vec<Fresh>,
    /// Those that are new in place of others of their key, should these turn out to be excused.
    pub spare: Vec<Fresh>,
    /// New ones that are only counted.
    pub unlisted: Vec<Unlisted>,
    /// Files that were not parsed.
    pub skipped: Vec<Skipped>,
    /// What was looked at.
    pub checked: Checked,
    /// Whether an old side is not here to be read (a partial clone), so that old code may look new.
    pub lacks_old_side: bool,
    /// Files that were too large to be read at an old side, so that old code of theirs may look new.
    pub too_large_before: HashSet<usize>,
    /// Files of which not all lines that rules match were looked at, so that old ones may look new.
    pub too_many_matches: HashSet<usize>,
    /// What each occurrence of a file was before, of files that were compared with their old sides at once.
    pub before: HashMap<usize, Vec<Before>>,
}

impl NewOccurrences {
    /// The spare ones in place of the new ones.
    #[must_use]
    pub fn into_spare(self) -> Self {
        Self { fresh: self.spare, spare: Vec::new(), unlisted: Vec::new(), ..self }
    }
}

/// Finds the new occurrences of a change. The old sides are read only when the new ones have something to find.
///
/// # Errors
/// When the repository cannot be read.
pub fn new_occurrences(context: &Context<'_>) -> Result<NewOccurrences, TreeError> {
    let mut netting = Netting::of(context, None);
    netting.run()?;
    let Netting { new_sides, results: mut new, .. } = netting;
    let of = |fresh: &Fresh| {
        let found = &new_sides[fresh.file].occurrences()[fresh.ordinal];
        (found.key.rule(), fresh.at_most(found.severity))
    };
    let (most, policy) = (context.limits.findings, context.effective.policy());
    new.unlisted = keep_strictest(&mut new.fresh, most, policy, of);
    keep_strictest(&mut new.spare, most, policy, of);
    Ok(new)
}

/// Finds the new occurrences of `keys` alone, or of all.
pub(super) fn new_of_keys(context: &Context<'_>, keys: Option<&HashSet<Key>>) -> Result<Vec<NewOccurrence>, TreeError> {
    let mut netting = Netting::of(context, keys);
    netting.run()?;
    let brings = netting.results.fresh.iter().map(|fresh| {
        let &Occurrence { key, is_of_file, severity, line, .. } = netting.found(fresh);
        NewOccurrence { file: fresh.file, key, is_of_file, severity: fresh.at_most(severity), line }
    });
    Ok(brings.collect())
}

/// The netting of a change.
struct Netting<'a> {
    context: &'a Context<'a>,
    /// The keys that are asked for, and the rules that they are of; `None` for all.
    only: Option<(&'a HashSet<Key>, HashSet<usize>)>,
    ahead: Ahead,
    new_sides: Vec<NewSide>,
    results: NewOccurrences,
}

impl<'a> Netting<'a> {
    fn of(context: &'a Context<'a>, only: Option<&'a HashSet<Key>>) -> Self {
        let new_sides = Vec::with_capacity(context.changes.files.len());
        let only = only.map(|keys| (keys, keys.iter().map(Key::rule).collect()));
        Self { context, only, ahead: Ahead::default(), new_sides, results: NewOccurrences::default() }
    }

    fn run(&mut self) -> Result<(), TreeError> {
        let sides = 1 + self.context.changes.old_sides.len();
        let limit = self.context.limits.occurrences.min(self.context.limits.counts / sides);
        let mut held = 0;
        if self.only.is_none() {
            self.ahead = Ahead::of(self.context);
        }
        for (index, file) in self.context.changes.files.iter().enumerate() {
            let new_side = self.new_side(index, file)?;
            held += new_side.occurrences().len();
            if held > limit {
                let what = "the number of forbidden imports and lines in the changed files".into();
                return Err(Error::TooLarge { what, limit: limit.to_string() }.into());
            }
            self.new_sides.push(new_side);
        }
        let found = self.new_sides.iter().flat_map(NewSide::occurrences).map(|found| found.key);
        let keys: HashSet<Key> = found.filter(|key| self.is_wanted(key)).collect();
        if !keys.is_empty() {
            self.ahead.rest_of_old_sides(self.context);
            let (counts, starred) = self.count(&keys)?;
            self.keep_new(&counts, &starred)?;
        }
        self.results.fresh.sort_unstable();
        self.results.spare.sort_unstable();
        Ok(())
    }

    fn is_wanted(&self, key: &Key) -> bool {
        self.only.as_ref().is_none_or(|(keys, _)| keys.contains(key))
    }

    /// Whether an occurrence is asked for, or may be the same as one in another form.
    fn may_count(&self, key: &Key) -> bool {
        self.only.as_ref().is_none_or(|(_, rules)| rules.contains(&key.rule()))
    }

    fn keep_before(&mut self, index: usize, new: &SourceFile, scan: &Scan, added: &AddedLines, old: &[Rc<SourceFile>]) {
        self.results.before.insert(index, before_each(new, scan, added, old, self.context.effective));
    }

    fn keep_new(&mut self, counts: &Counts, starred: &Starred) -> Result<(), TreeError> {
        let mut open: HashMap<Key, Vec<Candidate>> = HashMap::new();
        for (file, new_side) in self.new_sides.iter().enumerate() {
            let may_be_new =
                |key: &Key| self.is_wanted(key) && counts.may_be_new_in(file, key) && counts.has_risen(key);
            if !new_side.occurrences().iter().any(|found| may_be_new(&found.key)) {
                continue;
            }
            let lines = self.lines(file, new_side)?;
            let is_test = scan::is_test(self.context.effective, &self.context.changes.files[file].path);
            for (ordinal, (found, (on_added_line, eased))) in new_side.occurrences().iter().zip(lines).enumerate() {
                let key = found.key;
                let eased = eased.or(starred.contains_key(&(file, key)).then_some(Eased::Star));
                let fresh = Fresh { file, ordinal, on_added_line, eased };
                open.entry(key).or_default().push(Candidate { fresh, weight: Weight::of(found.severity, is_test) });
            }
        }
        open.retain(|key, _| self.is_wanted(key));
        for (key, candidates) in open {
            let is_of_file = candidates.first().is_some_and(|one| self.found(&one.fresh).is_of_file);
            let pick = if is_of_file { Counts::pick_files } else { Counts::pick };
            let Picked { mut new, mut spare } = pick(counts, &key, candidates);
            self.results.fresh.append(&mut new);
            self.results.spare.append(&mut spare);
        }
        Ok(())
    }

    fn found(&self, fresh: &Fresh) -> &Occurrence {
        &self.new_sides[fresh.file].occurrences()[fresh.ordinal]
    }

    /// For each occurrence of a file, whether its line is added against every old side, and if that makes it a warning.
    fn lines(&self, index: usize, new_side: &NewSide) -> Result<Vec<(bool, Option<Eased>)>, TreeError> {
        let old_use = |is_old: bool| is_old.then_some(Eased::OldUse);
        if let Some(before) = self.results.before.get(&index) {
            let of = |before: &Before| (*before == Before::Absent, old_use(*before == Before::OldUse));
            return Ok(before.iter().map(of).collect());
        }
        let (context, found) = (self.context, new_side.occurrences());
        let (file, all_added) = (&context.changes.files[index], || vec![(true, None); found.len()]);
        if context.changes.old_sides.is_empty() {
            return Ok(all_added());
        }
        let Some(new) = context.file(&file.path, file.new)? else { return Ok(all_added()) };
        let added = added_lines(&new, &old_files(context, file)?);
        // Of what is counted by its entry, nothing more is known.
        let may_be_use = |found: &Occurrence| found.kin.is_use || found.is_of_file;
        let may_be_old_uses = found.iter().any(|found| may_be_use(found) && !added.contains(found.line));
        let again = if may_be_old_uses { context.look_again(file)? } else { None };
        let old_uses = again.as_ref().map(|(new, scan)| OldUses::of(new, scan, &added));
        let is_old_use = |found: &Occurrence| old_uses.as_ref().is_some_and(|old_uses| old_uses.contains(found));
        Ok(found.iter().map(|found| (added.contains(found.line), old_use(is_old_use(found)))).collect())
    }
}
