//! Names of commits: what people write on the command line, and what a remote is known to have.

use std::collections::HashMap;

use gix::hash::ObjectId;
use gix::objs::Kind;

use super::change::CommitId;
use super::error::Error;
use super::repository::Repository;
use super::revision_parser::{Named, RevisionParser};
use super::snapshot::{Files, Snapshot};

impl Repository {
    /// The id in hex of the commit that a revision names; `None` if there is none. Revisions are spelled as for git
    /// (gitrevisions(7)). Tags are followed.
    ///
    /// # Errors
    /// When several objects start with a short id, or references or objects cannot be read.
    pub fn resolve(&self, revision: &str) -> Result<Option<String>, Error> {
        Ok(self.commit_id(revision)?.ok().map(|id| id.to_string()))
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

    /// The files of a revision, which may be a commit, a tag or a tree.
    ///
    /// # Errors
    /// When there is no such revision, or the repository cannot be read.
    pub fn side_of(&self, revision: &str) -> Result<Snapshot<'_>, Error> {
        Ok(Snapshot::new(self, Files::Tree(self.tree_of(revision)?.0)))
    }

    /// The tree that a revision leads to, and the commit that it names, if it names one.
    pub(super) fn tree_of(&self, revision: &str) -> Result<(ObjectId, Option<ObjectId>), Error> {
        match self.object_of(revision)?.map_err(|why| self.no_such(revision, why))? {
            (id, Kind::Commit) => Ok((self.objects.commit(&id, &mut Vec::new())?.tree, Some(id))),
            (id, Kind::Tree) => Ok((id, None)),
            (_, kind) => Err(self.no_such(revision, is_a(kind))),
        }
    }

    /// The ids in hex of all that the remote's branches are known to be at that count, by their short names, sorted; `None`
    /// means those of any remote.
    ///
    /// # Errors
    /// When references cannot be read.
    pub fn remote_tips(&self, remote: Option<&str>, counts: &dyn Fn(&[u8]) -> bool) -> Result<Vec<String>, Error> {
        let prefix = remote.map_or_else(|| "refs/remotes/".into(), |remote| format!("refs/remotes/{remote}/"));
        self.tips_beneath(&prefix, &|name| {
            let end = if remote.is_some() { 0 } else { memchr::memchr(b'/', name).map_or(0, |slash| slash + 1) };
            counts(name.get(end..).unwrap_or_default())
        })
    }

    /// The ids in hex of all that the repository's own branches are at that count, by their short names, sorted.
    ///
    /// # Errors
    /// When references cannot be read.
    pub fn branch_tips(&self, counts: &dyn Fn(&[u8]) -> bool) -> Result<Vec<String>, Error> {
        self.tips_beneath("refs/heads/", counts)
    }

    /// What references lead to whose names begin with `prefix` and count, by the rest of the name.
    fn tips_beneath(&self, prefix: &str, counts: &dyn Fn(&[u8]) -> bool) -> Result<Vec<String>, Error> {
        let references = self.gix().references().map_err(|error| Error::broken(&error))?;
        // A name that can be no reference's has none.
        let Ok(found) = references.prefixed(prefix.as_bytes()) else { return Ok(Vec::new()) };
        let mut tips = Vec::new();
        for reference in found {
            let reference = reference.map_err(|error| Error::Broken { why: error.to_string() })?;
            if counts(reference.name().as_bstr().get(prefix.len()..).unwrap_or_default()) {
                // A symbolic one, as HEAD is, has no id, and its branch is on the list.
                tips.extend(reference.target().try_id().map(|id| id.to_string()));
            }
        }
        tips.sort_unstable();
        tips.dedup();
        Ok(tips)
    }

    /// The full name of the remote's default branch as it is known here: where `refs/remotes/<remote>/HEAD` leads,
    /// else `main`, else `master`.
    ///
    /// # Errors
    /// When references cannot be read.
    pub fn remote_head(&self, remote: &str) -> Result<Option<String>, Error> {
        for branch in ["HEAD", "main", "master"] {
            let name = format!("refs/remotes/{remote}/{branch}");
            if self.reference(&name)?.is_some() {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    /// The remote's default branch as it is known here, as [`Self::remote_head`] finds it, by its full name there.
    ///
    /// # Errors
    /// When references cannot be read.
    pub fn remote_head_branch(&self, remote: &str) -> Result<Option<String>, Error> {
        let Some(name) = self.remote_head(remote)? else { return Ok(None) };
        // A HEAD that names a commit is no branch's.
        Ok(branch_of(&self.changed_by(name.as_bytes())).filter(|branch| branch != "refs/heads/HEAD"))
    }

    /// The branch that a revision names, of this repository or as it is known of a remote, by its full name there; `None`
    /// if it is spelled in another way.
    ///
    /// # Errors
    /// When references cannot be read.
    pub fn branch_named(&self, revision: &str) -> Result<Option<String>, Error> {
        let Ok(name) = <&gix::refs::PartialNameRef>::try_from(revision) else { return Ok(None) };
        let found = self.gix().try_find_reference(name).map_err(|error| Error::broken(&error))?;
        Ok(found.and_then(|found| branch_of(&self.changed_by(found.name().as_bstr()))))
    }

    /// Whether the remote is known to have a branch of this short name.
    ///
    /// # Errors
    /// When references cannot be read.
    pub fn is_on_remote(&self, remote: &str, branch: &str) -> Result<bool, Error> {
        Ok(self.reference(&format!("refs/remotes/{remote}/{branch}"))?.is_some())
    }

    /// The commit at HEAD; `None` before the first commit.
    pub(super) fn head(&self) -> Result<Option<ObjectId>, Error> {
        Ok(self.default_branch()?.tip.map(|tip| tip.0))
    }

    /// The commit that a revision names.
    pub(super) fn known_commit(&self, revision: &str) -> Result<ObjectId, Error> {
        self.commit_id(revision)?.map_err(|why| self.no_such(revision, why))
    }

    fn no_such(&self, revision: &str, why: String) -> Error {
        let shallow = self.gix().is_shallow().unwrap_or_default();
        let instead = if why.is_empty() { self.instead_of(revision) } else { None };
        Error::NoSuchRevision { name: revision.into(), why, shallow, instead }
    }

    fn commit_id(&self, revision: &str) -> Result<Named<ObjectId>, Error> {
        let found = self.object_of(revision)?;
        Ok(found.and_then(|(id, kind)| if kind == Kind::Commit { Ok(id) } else { Err(is_a(kind)) }))
    }

    /// The commit, tree or blob that a revision names. gix reads the name that it starts with; the steps after that are
    /// taken here, as they may lead from one object directory to another, and objects may be malformed.
    fn object_of(&self, revision: &str) -> Result<Named<(ObjectId, Kind)>, Error> {
        let end = if revision.starts_with(":/") { None } else { revision.find(['~', '^']) };
        let (name, mut steps) = revision.split_at(end.unwrap_or(revision.len()));
        let mut found = match self.object_named(name)? {
            Ok(id) => self.peeled(id)?,
            Err(why) => Err(why),
        };
        while let Ok(from) = found
            && !steps.is_empty()
        {
            let Some((step, rest)) = Step::first_of(steps) else { return Ok(Err(String::new())) };
            found = self.after(from, step)?;
            steps = rest;
        }
        Ok(found)
    }

    fn after(&self, (id, kind): (ObjectId, Kind), step: Step<'_>) -> Result<Named<(ObjectId, Kind)>, Error> {
        match (step, kind) {
            (Step::Peel, _) | (Step::Tree, Kind::Tree) => return Ok(Ok((id, kind))),
            (_, Kind::Commit) => {}
            _ => return Ok(Err(is_a(kind))),
        }
        let (mut id, mut buffer) = (id, Vec::new());
        match step {
            Step::Peel | Step::Commit | Step::Parent(0) => {}
            Step::Tree => return Ok(Ok((self.objects.commit(&id, &mut buffer)?.tree, Kind::Tree))),
            Step::Search(text) => {
                let parser = RevisionParser::new(self.gix(), self.objects.gix_stores()?);
                return Ok(parser.parse(&format!("{id}^{{{text}}}"))?.map(|id| (id, Kind::Commit)));
            }
            Step::Parent(number) => {
                let parents = self.objects.commit(&id, &mut buffer)?.parents;
                let Some(&parent) = parents.get(number - 1) else {
                    return Ok(Err(format!("commit {id} has {} of the parents", parents.len())));
                };
                id = parent;
            }
            Step::Back(count) => {
                for done in 0..count {
                    let parents = self.objects.commit(&id, &mut buffer)?.parents;
                    let parent = parents.first().map(|&parent| (parent, self.objects.kind(&parent)));
                    id = match parent {
                        Some((parent, Ok(Some(_)))) => parent,
                        Some((_, Err(error))) => return Err(error),
                        // The first commit, or the end of a shallow history.
                        Some((_, Ok(None))) | None => return Ok(Err(format!("there are {done} older commits"))),
                    };
                }
            }
        }
        self.peeled(id)
    }

    /// The object that an object is or, being a tag, leads to.
    fn peeled(&self, id: ObjectId) -> Result<Named<(ObjectId, Kind)>, Error> {
        match self.objects.peel(id, &mut Vec::new()) {
            Ok(found) => Ok(Ok(found)),
            // Beyond the end of a shallow history, or not fetched.
            Err(Error::MissingObject { .. }) => Ok(Err(String::new())),
            Err(error) => Err(error),
        }
    }

    /// The object that a name without steps stands for. Ids in full and references are what hooks name, and need no
    /// parser.
    fn object_named(&self, name: &str) -> Result<Named<ObjectId>, Error> {
        if let Ok(id) = ObjectId::from_hex(name.as_bytes()) {
            return Ok(Ok(id));
        }
        if let Some(id) = self.reference(if name == "@" { "HEAD" } else { name })? {
            return Ok(Ok(id));
        }
        RevisionParser::new(self.gix(), self.objects.gix_stores()?).parse(name)
    }

    /// The object that a reference leads to, through symbolic references; `None` if there is none.
    fn reference(&self, name: &str) -> Result<Option<ObjectId>, Error> {
        let Ok(name) = <&gix::refs::PartialNameRef>::try_from(name) else { return Ok(None) };
        let found = self.gix().try_find_reference(name).map_err(|error| Error::broken(&error))?;
        let Some(reference) = found else { return Ok(None) };
        let mut reference = reference.detach();
        // Symbolic references may lead in a circle; git follows five.
        for _ in 0..5 {
            let next = match &reference.target {
                gix::refs::Target::Object(id) => return Ok(Some(*id)),
                gix::refs::Target::Symbolic(next) => next.clone(),
            };
            let found = self.gix().refs.try_find(next.as_ref()).map_err(|error| Error::broken(&error))?;
            let Some(found) = found else { return Ok(None) };
            reference = found;
        }
        Ok(None)
    }
}

/// A step from an object to another one.
#[derive(Clone, Copy)]
enum Step<'a> {
    /// `^{}`, `^{object}`: tags are followed already.
    Peel,
    /// `^{commit}`
    Commit,
    /// `^{tree}`
    Tree,
    /// `^{/TEXT}`, without the braces
    Search(&'a str),
    /// `^N`
    Parent(usize),
    /// `~N`
    Back(usize),
}

impl<'a> Step<'a> {
    /// The step that `steps` start with, and the rest; `None` if it is none that leads to a commit or tree.
    fn first_of(steps: &'a str) -> Option<(Self, &'a str)> {
        if let Some(braced) = steps.strip_prefix("^{") {
            let mut depth = 1_u32;
            let end = braced.bytes().position(|byte| {
                depth = depth + u32::from(byte == b'{') - u32::from(byte == b'}');
                depth == 0
            })?;
            let (inside, rest) = (braced.get(..end)?, braced.get(end + 1..)?);
            let step = match inside {
                "" | "object" => Self::Peel,
                "commit" => Self::Commit,
                "tree" => Self::Tree,
                text if text.starts_with('/') => Self::Search(text),
                _ => return None,
            };
            return Some((step, rest));
        }
        let rest = steps.strip_prefix(['^', '~'])?;
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = rest.split_at(digits);
        let number = if number.is_empty() { 1 } else { number.parse().ok()? };
        Some((if steps.starts_with('^') { Self::Parent(number) } else { Self::Back(number) }, rest))
    }
}

/// The full name of the branch that a reference is, or that it follows on a remote.
fn branch_of(name: &[u8]) -> Option<String> {
    let branch = name.strip_prefix(b"refs/heads/").or_else(|| {
        let tracking = name.strip_prefix(b"refs/remotes/")?;
        tracking.get(memchr::memchr(b'/', tracking)? + 1..)
    })?;
    Some(format!("refs/heads/{}", String::from_utf8_lossy(branch)))
}

fn is_a(kind: Kind) -> String {
    format!("it is a {kind}")
}
