//! Which of the new commits brought a finding.
//!
//! Only called when there are findings. What all new commits do to the files with findings is looked at, newest first;
//! a commit is judged as a whole only where it adds to what is looked for, as that may have come from another file.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::rc::Rc;

use super::ratchet::Judge;
use super::scan::{Key, Subject};
use crate::finding::{Brought, Finding};
use crate::git::{Blob, ChangedFile, Changes, CommitId, News};
use crate::tree::TreeError;

/// So many blobs' counts are kept.
const TALLIES: usize = 10_000;
/// From so many files an occurrence is followed to where it was before.
const SOURCES: usize = 16;

/// What a finding is looked for by.
#[derive(Clone)]
pub(super) struct Wanted {
    pub key: Key,
    pub path: Rc<[u8]>,
    /// A digest of its line.
    line: u64,
}

/// What findings are looked for by, in their order; `None` where the rule is unknown.
///
/// # Errors
/// When the repository cannot be read.
pub(super) fn wanted(
    judge: &Judge<'_>,
    findings: &[Finding],
    digests: &RandomState,
) -> Result<Vec<Option<Wanted>>, TreeError> {
    let rules: HashMap<&str, usize> =
        judge.standing.policy().rules().iter().enumerate().map(|(index, rule)| (rule.id.as_str(), index)).collect();
    let mut all = Vec::with_capacity(findings.len());
    for group in findings.chunk_by(|left, right| left.path == right.path) {
        let Some(first) = group.first() else { continue };
        let subject = Subject::new(&first.path, judge.standing);
        let bytes = judge.bytes(judge.changes.new_side.blob(&first.path)?)?;
        let text = subject.text(&bytes);
        all.extend(group.iter().map(|finding| {
            let line = text.line(finding.place.line).trim_ascii();
            let what = finding.import.as_deref().map_or(line, str::as_bytes);
            let key = Key::new(*rules.get(finding.rule.id.as_str())?, what);
            Some(Wanted { key, path: Rc::clone(&finding.path), line: digests.hash_one(line) })
        }));
    }
    Ok(all)
}

/// Writes down for each finding of `tip` the new commit that brought it; the tip itself where none is found, as in what
/// a limit has cut off.
///
/// # Errors
/// When the repository cannot be read.
pub fn attribute(judge: &Judge<'_>, news: &News, tip: CommitId, findings: &mut [Finding]) -> Result<(), TreeError> {
    if findings.is_empty() || !news.is_new(tip) {
        return Ok(());
    }
    let mut commits: Vec<CommitId> = vec![tip; findings.len()];
    if news.count() > 1 {
        let digests = RandomState::new();
        let wanted = wanted(judge, findings, &digests)?;
        let mut trail = Trail::new(judge, wanted, digests);
        let walked = news.commits().try_for_each(|commit| trail.pass(news, commit));
        // A partial clone need not have what lies between.
        if let Err(error) = walked
            && !judge.repository.is_partial()
        {
            return Err(error);
        }
        for (commit, found) in commits.iter_mut().zip(trail.found) {
            *commit = found.unwrap_or(*commit);
        }
    }
    let mut known: HashMap<CommitId, Brought> = HashMap::new();
    for (finding, commit) in findings.iter_mut().zip(commits) {
        if let Some(brought) = known.get(&commit) {
            finding.commit = Some(brought.clone());
            continue;
        }
        let brought = Brought { id: commit.to_string(), date: judge.repository.commit(commit)?.author_date };
        finding.commit = Some(known.entry(commit).or_insert(brought).clone());
    }
    Ok(())
}

/// The way back through history.
struct Trail<'a> {
    judge: &'a Judge<'a>,
    wanted: Vec<Option<Wanted>>,
    found: Vec<Option<CommitId>>,
    digests: RandomState,
    /// Those not found yet, by where they are looked for.
    open: BTreeMap<Rc<[u8]>, HashMap<Key, Vec<usize>>>,
    paths: Vec<Rc<[u8]>>,
    keys: HashSet<Key>,
    /// What blobs hold, as files at a path, by its digest.
    tallies: HashMap<(Blob, u64), Rc<HashMap<Key, usize>>>,
}

impl<'a> Trail<'a> {
    fn new(judge: &'a Judge<'a>, wanted: Vec<Option<Wanted>>, digests: RandomState) -> Self {
        let mut open: BTreeMap<Rc<[u8]>, HashMap<Key, Vec<usize>>> = BTreeMap::new();
        for (index, wanted) in wanted.iter().enumerate() {
            if let Some(Wanted { key, path, .. }) = wanted {
                open.entry(Rc::clone(path)).or_default().entry(*key).or_default().push(index);
            }
        }
        let keys = wanted.iter().flatten().map(|wanted| wanted.key).collect();
        let (paths, found) = (open.keys().cloned().collect(), vec![None; wanted.len()]);
        Self { judge, wanted, found, digests, open, paths, keys, tallies: HashMap::new() }
    }

    /// Looks at the next commit.
    fn pass(&mut self, news: &News, commit: CommitId) -> Result<(), TreeError> {
        if self.paths.is_empty() {
            return Ok(());
        }
        let judge = self.judge;
        let near = judge.repository.changes_in(news, commit, &self.paths)?;
        let mut rising: Vec<(Rc<[u8]>, Key)> = Vec::new();
        for file in &near.files {
            let Some((path, keys)) = self.open.get_key_value(file.path.as_slice()) else { continue };
            let (path, keys): (_, Vec<Key>) = (Rc::clone(path), keys.keys().copied().collect());
            let risen = self.risen(&near, file, &keys)?;
            rising.extend(risen.into_iter().map(|key| (Rc::clone(&path), key)));
        }
        if rising.is_empty() {
            return Ok(());
        }
        let whole = judge.repository.changes_of(commit)?;
        let here = Judge { changes: &whole, count_added_lines: false, ..*judge };
        let keys: HashSet<Key> = rising.iter().map(|(_, key)| *key).collect();
        let mut brought: HashMap<(usize, Key), Vec<u64>> = HashMap::new();
        for fresh in here.run_only(&keys)? {
            brought.entry((fresh.file, fresh.key)).or_default().push(self.digests.hash_one(&fresh.line));
        }
        for ((file, key), lines) in brought {
            if let Some(file) = whole.files.get(file) {
                self.assign(commit, &file.path, key, lines);
            }
        }
        // What rose and is not new has come from elsewhere.
        for (path, key) in rising {
            let left = self.open.get(&path).and_then(|keys| keys.get(&key)).cloned().unwrap_or_default();
            if !left.is_empty() {
                self.follow(&whole, key, &left)?;
            }
        }
        self.paths = self.open.keys().cloned().collect();
        Ok(())
    }

    /// Those of `keys` that the file has more often than at any parent.
    fn risen(&mut self, changes: &Changes<'_>, file: &ChangedFile, keys: &[Key]) -> Result<Vec<Key>, TreeError> {
        let now = self.tally(changes, file, None)?;
        let mut risen: Vec<Key> = keys.iter().copied().filter(|key| now.contains_key(key)).collect();
        for side in 0..file.old.len() {
            if risen.is_empty() {
                break;
            }
            let before = self.tally(changes, file, Some(side))?;
            risen.retain(|key| now.get(key) > before.get(key));
        }
        Ok(risen)
    }

    /// How often the file has each key that is looked for, now or at an old side.
    fn tally(
        &mut self,
        changes: &Changes<'_>,
        file: &ChangedFile,
        side: Option<usize>,
    ) -> Result<Rc<HashMap<Key, usize>>, TreeError> {
        let (blob, tree) = match side {
            None => (file.new, Some(&changes.new_side)),
            Some(side) => (file.old.get(side).copied().flatten(), changes.old_sides.get(side)),
        };
        let (Some(blob), Some(tree)) = (blob, tree) else { return Ok(Rc::default()) };
        let place = (blob, self.digests.hash_one(&file.path));
        if let Some(tally) = self.tallies.get(&place) {
            return Ok(Rc::clone(tally));
        }
        let mut tally = HashMap::new();
        for key in self.judge.keys_of(&file.path, blob, tree)? {
            if self.keys.contains(&key) {
                *tally.entry(key).or_insert(0) += 1;
            }
        }
        if self.tallies.len() >= TALLIES {
            self.tallies.clear();
        }
        let tally = Rc::new(tally);
        self.tallies.insert(place, Rc::clone(&tally));
        Ok(tally)
    }

    /// The commit brought `key` to the file at `path`, on `lines`: rather to findings on the same lines.
    fn assign(&mut self, commit: CommitId, path: &[u8], key: Key, lines: Vec<u64>) {
        let Some(keys) = self.open.get_mut(path) else { return };
        let Some(open) = keys.get_mut(&key) else { return };
        open.retain(|&index| self.found[index].is_none());
        let mut spare = 0;
        for line in lines {
            let same = |&index: &usize| self.wanted[index].as_ref().is_some_and(|wanted| wanted.line == line);
            match open.iter().position(same) {
                Some(at) => self.found[open.remove(at)] = Some(commit),
                None => spare += 1,
            }
        }
        for index in open.drain(..spare.min(open.len())) {
            self.found[index] = Some(commit);
        }
        if open.is_empty() {
            keys.remove(&key);
        }
        if keys.is_empty() {
            self.open.remove(path);
        }
    }

    /// Looks for findings that are still open in the files that lost `key` in a change, from now on.
    fn follow(&mut self, changes: &Changes<'_>, key: Key, left: &[usize]) -> Result<(), TreeError> {
        let mut sources = 0;
        for file in &changes.files {
            let now = self.tally(changes, file, None)?.get(&key).copied().unwrap_or_default();
            let mut before = 0;
            for side in 0..file.old.len() {
                before = before.max(self.tally(changes, file, Some(side))?.get(&key).copied().unwrap_or_default());
            }
            if before <= now {
                continue;
            }
            let path: Rc<[u8]> = file.path.as_slice().into();
            let open = self.open.entry(path).or_default().entry(key).or_default();
            open.extend(left.iter().copied().filter(|index| self.found[*index].is_none()));
            open.sort_unstable();
            open.dedup();
            sources += 1;
            if sources >= SOURCES {
                break;
            }
        }
        Ok(())
    }
}
