//! Names of commits: what people write on the command line, and what a remote is known to have.

use std::collections::HashMap;

use gix::hash::ObjectId;
use gix::objs::Kind;

use super::change::CommitId;
use super::error::Error;
use super::plain::Plain;
use super::repository::Repository;
use super::snapshot::{Files, Snapshot};

/// The fewest hex digits that are taken for an id, as for git.
const MIN_PREFIX: usize = 4;

impl Repository {
    /// The id in hex of the commit that a revision names; `None` if there is none.
    ///
    /// Known are full and unambiguous short ids, `@`, references as git looks for them, and after each of these any
    /// number of `~`, `~N`, `^`, `^N`, `^{}` and `^{commit}`. Tags are followed.
    ///
    /// # Errors
    /// When references or objects cannot be read.
    pub fn resolve(&self, revision: &str) -> Result<Option<String>, Error> {
        Ok(self.commit_id(revision)?.map(|id| id.to_string()))
    }

    /// The commits that ids in full lead to, each once, in their order, with what goes by them; tags of files and
    /// folders lead to none.
    ///
    /// # Errors
    /// When an id is none, or an object is missing or cannot be read.
    pub fn commits_of<'a, T>(
        &self,
        named: impl IntoIterator<Item = (&'a str, T)>,
    ) -> Result<Vec<(CommitId, Vec<T>)>, Error> {
        let mut commits: Vec<(CommitId, Vec<T>)> = Vec::new();
        let mut places = HashMap::new();
        for (id, what) in named {
            let Some(commit) = self.peel(id)? else { continue };
            let place = *places.entry(commit).or_insert(commits.len());
            match commits.get_mut(place) {
                Some((_, all)) => all.push(what),
                None => commits.push((commit, vec![what])),
            }
        }
        Ok(commits)
    }

    /// The files of a revision.
    ///
    /// # Errors
    /// When there is no such revision, or the repository cannot be read.
    pub fn side_of(&self, revision: &str) -> Result<Snapshot<'_>, Error> {
        let commit = self.known_commit(revision)?;
        let tree = self.objects.commit(&commit, &mut Vec::new())?.tree;
        Ok(Snapshot::new(self, Files::Tree(tree)))
    }

    /// The ids in hex of all that the remote's branches are known to be at, sorted; `None` means those of any remote.
    ///
    /// # Errors
    /// When references cannot be read.
    pub fn remote_tips(&self, remote: Option<&str>) -> Result<Vec<String>, Error> {
        let prefix = remote.map_or_else(|| "refs/remotes/".into(), |remote| format!("refs/remotes/{remote}/"));
        let references = self.gix()?.references().map_err(|error| Error::broken(&error))?;
        // A name that can be no reference's has none.
        let Ok(found) = references.prefixed(prefix.as_bytes()) else { return Ok(Vec::new()) };
        let mut tips = Vec::new();
        for reference in found {
            let reference = reference.map_err(|error| Error::Broken { why: error.to_string() })?;
            // HEAD is symbolic, and its branch is on the list.
            tips.extend(reference.target().try_id().map(|id| id.to_string()));
        }
        tips.sort_unstable();
        tips.dedup();
        Ok(tips)
    }

    /// The id in hex of the remote's default branch as it is known here: where `refs/remotes/<remote>/HEAD` leads,
    /// else `main`, else `master`.
    ///
    /// # Errors
    /// When references cannot be read.
    pub fn remote_head(&self, remote: &str) -> Result<Option<String>, Error> {
        for branch in ["HEAD", "main", "master"] {
            if let Some(id) = self.reference(&format!("refs/remotes/{remote}/{branch}"))? {
                return Ok(Some(id.to_string()));
            }
        }
        Ok(None)
    }

    /// The commit at HEAD; `None` before the first commit.
    pub(super) fn head(&self) -> Result<Option<ObjectId>, Error> {
        if let Some(head) = self.plain.as_ref().and_then(Plain::head) {
            return Ok(head);
        }
        let head = self.gix()?.head().map_err(|error| Error::broken(&error))?;
        Ok(head.id().map(gix::Id::detach))
    }

    /// The commit that a revision names.
    pub(super) fn known_commit(&self, revision: &str) -> Result<ObjectId, Error> {
        self.commit_id(revision)?.ok_or_else(|| Error::NoSuchRevision {
            name: revision.into(),
            why: String::new(),
            shallow: self.gix().is_ok_and(|gix| gix.is_shallow().unwrap_or_default()),
        })
    }

    fn commit_id(&self, revision: &str) -> Result<Option<ObjectId>, Error> {
        let (name, mut steps) = revision.split_at(revision.find(['~', '^']).unwrap_or(revision.len()));
        let Some(mut id) = self.object_named(name)? else { return Ok(None) };
        let mut buffer = Vec::new();
        while let Some((step, rest)) = next_step(steps) {
            let Some(commit) = self.peeled(id)? else { return Ok(None) };
            id = commit;
            match step {
                Step::Peel => {}
                Step::Parent(0) => {}
                Step::Parent(number) => {
                    let commit = self.objects.commit(&id, &mut buffer)?;
                    let Some(&parent) = commit.parents.get(number - 1) else { return Ok(None) };
                    id = parent;
                }
                Step::Back(count) => {
                    for _ in 0..count {
                        let commit = self.objects.commit(&id, &mut buffer)?;
                        let Some(&parent) = commit.parents.first() else { return Ok(None) };
                        // Beyond the end of a shallow history.
                        if self.objects.kind(&parent)?.is_none() {
                            return Ok(None);
                        }
                        id = parent;
                    }
                }
            }
            steps = rest;
        }
        if steps.is_empty() { self.peeled(id) } else { Ok(None) }
    }

    /// The commit that an object is or, being a tag, leads to.
    fn peeled(&self, id: ObjectId) -> Result<Option<ObjectId>, Error> {
        match self.objects.peel(id, &mut Vec::new()) {
            Ok((id, Kind::Commit)) => Ok(Some(id)),
            Ok(_) | Err(Error::MissingObject { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn object_named(&self, name: &str) -> Result<Option<ObjectId>, Error> {
        let hex = name.bytes().all(|byte| byte.is_ascii_hexdigit());
        if hex && let Ok(id) = ObjectId::from_hex(name.as_bytes()) {
            return Ok(Some(id));
        }
        if let Some(id) = self.reference(if name == "@" { "HEAD" } else { name })? {
            return Ok(Some(id));
        }
        if !hex || name.len() < MIN_PREFIX {
            return Ok(None);
        }
        match self.objects.by_prefix(name)? {
            Some(Ok(id)) => Ok(Some(id)),
            None => Ok(None),
            Some(Err(())) => {
                let why = "several objects start with it".into();
                Err(Error::NoSuchRevision { name: name.into(), why, shallow: false })
            }
        }
    }

    /// The object that a reference leads to, through symbolic references; `None` if there is none.
    fn reference(&self, name: &str) -> Result<Option<ObjectId>, Error> {
        let Ok(name) = <&gix::refs::PartialNameRef>::try_from(name) else { return Ok(None) };
        let found = self.gix()?.try_find_reference(name).map_err(|error| Error::broken(&error))?;
        let Some(reference) = found else { return Ok(None) };
        let mut reference = reference.detach();
        // Symbolic references may lead in a circle; git follows five.
        for _ in 0..5 {
            let next = match &reference.target {
                gix::refs::Target::Object(id) => return Ok(Some(*id)),
                gix::refs::Target::Symbolic(next) => next.clone(),
            };
            let found = self.gix()?.refs.try_find(next.as_ref()).map_err(|error| Error::broken(&error))?;
            let Some(found) = found else { return Ok(None) };
            reference = found;
        }
        Ok(None)
    }
}

enum Step {
    /// `^{}`, `^{commit}`
    Peel,
    /// `^N`
    Parent(usize),
    /// `~N`
    Back(usize),
}

fn next_step(steps: &str) -> Option<(Step, &str)> {
    for peel in ["^{}", "^{commit}"] {
        if let Some(rest) = steps.strip_prefix(peel) {
            return Some((Step::Peel, rest));
        }
    }
    let rest = steps.strip_prefix(['^', '~'])?;
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = rest.split_at(digits);
    let number = if number.is_empty() { 1 } else { number.parse().ok()? };
    Some((if steps.starts_with('^') { Step::Parent(number) } else { Step::Back(number) }, rest))
}
