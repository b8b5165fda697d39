//! The way back through history to where findings came from.
//!
//! What the new commits that lead to a tip do to the files with findings is looked at, newest first; a commit is judged as a whole only where
//! it adds to what is looked for, as that may have come from another file.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::rc::Rc;
use std::sync::Arc;

use super::search_key::{Ranked, SearchKey, ranks, ranks_of, search_keys};
use crate::check::context::Context;
use crate::check::netting::new_of_keys;
use crate::check::source_file::SourceFile;
use crate::finding::{Finding, Tally};
use crate::git::{Blob, ChangedFile, Changes, CommitId, NewCommits};
use crate::tree::TreeError;

/// Counts that are kept; each blob costs as much as four more.
const MAX_TALLIES: usize = 100_000;
/// Files from which an occurrence is followed to where it was before.
const MAX_SOURCE_FILES: usize = 16;

/// The new commit among those that lead to `tip` that brought each finding, as far as it can be told.
pub(super) fn commits_of(
    context: &Context<'_>,
    new_commits: &NewCommits,
    tip: CommitId,
    findings: &[Finding],
) -> Result<Vec<Option<CommitId>>, TreeError> {
    let mut history = History::new(context, search_keys(context, findings)?);
    let walked = new_commits.leading_to(tip).into_iter().try_for_each(|commit| history.pass(new_commits, commit));
    // A partial clone need not have what lies between.
    match walked {
        Err(error) if !context.repository.is_partial() => Err(error),
        _ => Ok(history.found),
    }
}

/// The way back through history.
struct History<'a> {
    context: &'a Context<'a>,
    wanted: Vec<Option<SearchKey>>,
    found: Vec<Option<CommitId>>,
    digests: RandomState,
    /// Digests of the lines of findings, where somebody asked.
    lines: HashMap<usize, u64>,
    /// Those not found yet, by where they are looked for.
    open: BTreeMap<Arc<[u8]>, HashMap<Ranked, Vec<usize>>>,
    paths: Vec<Arc<[u8]>>,
    keys: HashSet<Ranked>,
    /// What blobs hold, as files at a path, by its digest.
    tallies: HashMap<(Blob, u64), Rc<HashMap<Ranked, usize>>>,
    tallied: usize,
}

impl<'a> History<'a> {
    fn new(context: &'a Context<'a>, wanted: Vec<Option<SearchKey>>) -> Self {
        let mut open: BTreeMap<Arc<[u8]>, HashMap<Ranked, Vec<usize>>> = BTreeMap::new();
        for (index, wanted) in wanted.iter().enumerate() {
            if let Some(SearchKey { key, path, .. }) = wanted {
                open.entry(Arc::clone(path)).or_default().entry(*key).or_default().push(index);
            }
        }
        let keys = wanted.iter().flatten().map(|wanted| wanted.key).collect();
        let (paths, found) = (open.keys().cloned().collect(), vec![None; wanted.len()]);
        let (digests, lines, tallies) = (RandomState::new(), HashMap::new(), HashMap::new());
        Self { context, wanted, found, digests, lines, open, paths, keys, tallies, tallied: 0 }
    }

    /// Looks at the next commit.
    fn pass(&mut self, new_commits: &NewCommits, commit: CommitId) -> Result<(), TreeError> {
        if self.paths.is_empty() {
            return Ok(());
        }
        let context = self.context;
        context.files.make_room(|_| false);
        let near = context.repository.changes_in(new_commits, commit, &self.paths)?;
        let mut rising: Vec<(Arc<[u8]>, Ranked, usize)> = Vec::new();
        for file in near.files.iter() {
            let Some((path, keys)) = self.open.get_key_value(file.path.as_slice()) else { continue };
            let (path, keys): (_, Vec<Ranked>) = (Arc::clone(path), keys.keys().copied().collect());
            let risen = self.risen(&near, file, &keys)?;
            rising.extend(risen.into_iter().map(|(key, by)| (Arc::clone(&path), key, by)));
        }
        if rising.is_empty() {
            return Ok(());
        }
        let whole = context.repository.changes_of(commit)?;
        if !self.take_all(commit, &whole, &rising)? {
            let here = Context { changes: &whole, added: [&[]; 2], tally: Tally::Nothing, ..*context };
            let keys = rising.iter().map(|(_, (key, _), _)| *key).collect();
            // A finding that is followed may be looked for in several files: the first takes it.
            let mut brought: BTreeMap<usize, HashMap<Ranked, Vec<usize>>> = BTreeMap::new();
            for fresh in new_of_keys(&here, Some(&keys))? {
                let open = whole.files.get(fresh.file).and_then(|file| self.open.get(file.path.as_slice()));
                let mut ranks = ranks(fresh.key, fresh.severity);
                if let Some(key) = open.and_then(|open| ranks.find(|key| open.contains_key(key))) {
                    brought.entry(fresh.file).or_default().entry(key).or_default().push(fresh.line);
                }
            }
            for (file, keys) in brought {
                let Some(file) = whole.files.get(file) else { continue };
                for (key, lines) in keys {
                    self.assign(commit, file, key, &lines)?;
                }
            }
            // What rose and is not new has come from elsewhere.
            for (path, key, _) in rising {
                let left = self.open.get(&path).and_then(|keys| keys.get(&key)).cloned().unwrap_or_default();
                if !left.is_empty() {
                    self.follow(&whole, key, &left)?;
                }
            }
        }
        self.paths = self.open.keys().cloned().collect();
        Ok(())
    }

    /// Takes all that is looked for in files where it rose, if it came from no other file and there is no choice.
    fn take_all(
        &mut self,
        commit: CommitId,
        changes: &Changes<'_>,
        rising: &[(Arc<[u8]>, Ranked, usize)],
    ) -> Result<bool, TreeError> {
        let is_all = |(path, key, by): &(Arc<[u8]>, Ranked, usize)| {
            self.open.get(path).and_then(|keys| keys.get(key)).is_some_and(|open| open.len() <= *by)
        };
        // A merge's sides are compared in other ways too.
        if changes.old_sides.len() > 1 || !rising.iter().all(is_all) {
            return Ok(false);
        }
        let keys: HashSet<Ranked> = rising.iter().map(|(_, key, _)| *key).collect();
        for file in changes.files.iter() {
            let now = self.tally(changes, file, None)?;
            let before = self.tally(changes, file, Some(0))?;
            if before.iter().any(|(key, count)| keys.contains(key) && now.get(key) < Some(count)) {
                return Ok(false);
            }
        }
        for (path, key, _) in rising {
            let Some(keys) = self.open.get_mut(path) else { continue };
            for index in keys.remove(key).unwrap_or_default() {
                self.found[index].get_or_insert(commit);
            }
            if keys.is_empty() {
                self.open.remove(path);
            }
        }
        Ok(true)
    }

    /// Those of `keys` that the file has more often than at any parent, and by how much.
    fn risen(
        &mut self,
        changes: &Changes<'_>,
        file: &ChangedFile,
        keys: &[Ranked],
    ) -> Result<Vec<(Ranked, usize)>, TreeError> {
        let now = self.tally(changes, file, None)?;
        let mut risen: Vec<(Ranked, usize)> = keys.iter().filter_map(|key| Some((*key, *now.get(key)?))).collect();
        for side in 0..file.old.len() {
            if risen.is_empty() {
                break;
            }
            let before = self.tally(changes, file, Some(side))?;
            for (key, by) in &mut risen {
                let more = now.get(key).copied().unwrap_or_default();
                *by = (*by).min(more.saturating_sub(before.get(key).copied().unwrap_or_default()));
            }
            risen.retain(|(_, by)| *by > 0);
        }
        Ok(risen)
    }

    /// How often the file has each key that is looked for, now or at an old side.
    fn tally(
        &mut self,
        changes: &Changes<'_>,
        file: &ChangedFile,
        side: Option<usize>,
    ) -> Result<Rc<HashMap<Ranked, usize>>, TreeError> {
        let (blob, tree) = match side {
            None => (file.new, Some(&changes.new_side)),
            Some(side) => (file.old.get(side).flatten(), changes.old_sides.get(side)),
        };
        let (Some(blob), Some(tree)) = (blob, tree) else { return Ok(Rc::default()) };
        let place = (blob, self.digests.hash_one(&file.path));
        if let Some(tally) = self.tallies.get(&place) {
            return Ok(Rc::clone(tally));
        }
        let mut tally = HashMap::new();
        for key in ranks_of(self.context, &file.path, blob, tree)? {
            if self.keys.contains(&key) {
                *tally.entry(key).or_insert(0) += 1;
            }
        }
        self.tallied += 4 + tally.len();
        if self.tallied > MAX_TALLIES {
            self.tallies.clear();
            self.tallied = 4 + tally.len();
        }
        let tally = Rc::new(tally);
        self.tallies.insert(place, Rc::clone(&tally));
        Ok(tally)
    }

    /// The commit brought `key` to a file, on `lines`: rather to findings on equal lines.
    fn assign(&mut self, commit: CommitId, file: &ChangedFile, key: Ranked, lines: &[usize]) -> Result<(), TreeError> {
        let Some(open) = self.open.get_mut(file.path.as_slice()).and_then(|keys| keys.remove(&key)) else {
            return Ok(());
        };
        let mut open: Vec<usize> = open.into_iter().filter(|&index| self.found[index].is_none()).collect();
        let mut spare = lines.len();
        if open.len() > spare {
            let source = self.context.file(&file.path, file.new)?;
            for line in lines {
                let digest = self.digest(source.as_deref(), *line);
                for at in 0..open.len() {
                    if self.line(open[at])? == digest {
                        self.found[open.remove(at)] = Some(commit);
                        spare -= 1;
                        break;
                    }
                }
            }
        }
        for index in open.drain(..spare.min(open.len())) {
            self.found[index] = Some(commit);
        }
        if let Some(keys) = self.open.get_mut(file.path.as_slice()) {
            if !open.is_empty() {
                keys.insert(key, open);
            } else if keys.is_empty() {
                self.open.remove(file.path.as_slice());
            }
        }
        Ok(())
    }

    /// A digest of the line that a finding stands on at the tip.
    fn line(&mut self, index: usize) -> Result<u64, TreeError> {
        if let Some(line) = self.lines.get(&index) {
            return Ok(*line);
        }
        let Some(Some(SearchKey { path, .. })) = self.wanted.get(index) else { return Ok(0) };
        let source = self.context.file(path, self.context.changes.new_side.blob(path)?)?;
        let here = self.wanted.iter().enumerate();
        let here = here.filter_map(|(index, wanted)| Some((index, wanted.as_ref().filter(|here| here.path == *path)?)));
        let lines: Vec<_> = here.map(|(index, here)| (index, self.digest(source.as_deref(), here.line))).collect();
        self.lines.extend(lines);
        Ok(self.lines.get(&index).copied().unwrap_or_default())
    }

    /// A digest of a line, without the blanks around it.
    fn digest(&self, source: Option<&SourceFile>, line: usize) -> u64 {
        self.digests.hash_one(source.map_or(&[][..], |source| source.text().line(line)).trim_ascii())
    }

    /// Looks for findings that are still open in the files that lost `key` in a change, from now on.
    fn follow(&mut self, changes: &Changes<'_>, key: Ranked, left: &[usize]) -> Result<(), TreeError> {
        let mut sources = 0;
        for file in changes.files.iter() {
            let now = self.tally(changes, file, None)?.get(&key).copied().unwrap_or_default();
            let mut before = 0;
            for side in 0..file.old.len() {
                before = before.max(self.tally(changes, file, Some(side))?.get(&key).copied().unwrap_or_default());
            }
            if before <= now {
                continue;
            }
            let path: Arc<[u8]> = file.path.as_slice().into();
            let open = self.open.entry(path).or_default().entry(key).or_default();
            open.extend(left.iter().copied().filter(|index| self.found[*index].is_none()));
            open.sort_unstable();
            open.dedup();
            sources += 1;
            if sources >= MAX_SOURCE_FILES {
                break;
            }
        }
        Ok(())
    }
}
