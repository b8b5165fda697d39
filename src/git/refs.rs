//! All references at once, as files: a server may have many thousands.
//!
//! Formats: git's Documentation/gitrepository-layout ("refs", "packed-refs") and the head of refs/packed-backend.c.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use gix::bstr::BString;
use gix::hash::{Kind as HashKind, ObjectId};
use gix::refs::{FullName, Target};
use memchr::memchr;

use super::change::CommitId;
use super::error::Error;
use super::file::MappedFile;
use super::odb::alternates::with_alternates;
use super::repository::Repository;

/// The deepest folder of references that is read.
const MAX_DEPTH_FOLDERS: usize = 64;

/// Maximum number of references that are held in memory, some 2 MB.
const MAX_HELD_REFERENCES: usize = 20_000;

/// The longest chain of symbolic references that is followed; git's own SYMREF_MAXDEPTH (refs.h).
const MAX_ALIASES: usize = 5;

/// The name by which a detached HEAD is asked for.
const HEAD: &[u8] = b"HEAD";

/// Which references lead to what exists already, by their full names in git's raw bytes; a detached HEAD is `HEAD`.
#[derive(Clone, Copy)]
pub struct Trust<'a> {
    /// Whether one of the repository itself counts.
    pub own: &'a dyn Fn(&[u8]) -> bool,
    /// Whether one of a repository counts that this one borrows objects from.
    pub lent: &'a dyn Fn(&[u8]) -> bool,
}

/// A visitor of references, by name and value; of a packed tag, the value has the object that it leads to where git has
/// noted that.
type Visit<'a> = dyn FnMut(&[u8], Value) -> ControlFlow<()> + 'a;

/// All references of a repository, read once.
pub(super) type Held = OnceCell<Vec<(Vec<u8>, Value)>>;

/// A reference's value.
#[derive(Clone, Copy)]
pub(super) struct Value {
    id: ObjectId,
    peeled: Option<ObjectId>,
}

/// The branch that HEAD names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DefaultBranch {
    /// Its full name; `None` where HEAD names a commit.
    pub name: Option<String>,
    /// Its tip, as it is now; `None` where there is no such branch yet.
    pub tip: Option<CommitId>,
}

impl Repository {
    /// The branch that HEAD names, in a server's repository the default branch.
    ///
    /// # Errors
    /// When HEAD cannot be read.
    pub fn default_branch(&self) -> Result<DefaultBranch, Error> {
        let head = self.gix().head().map_err(|error| Error::broken(&error))?;
        let Some(name) = head.referent_name().map(gix::refs::FullNameRef::as_bstr) else {
            return Ok(DefaultBranch { name: None, tip: head.id().map(|id| CommitId(id.detach())) });
        };
        if let Some(id) = head.id() {
            return Ok(DefaultBranch { name: Some(name.to_string()), tip: Some(CommitId(id.detach())) });
        }
        // The branch may be another name of one, as git follows it: `master` of `main`.
        let name = self.changed_by(name);
        let found = FullName::try_from(BString::from(name.clone())).ok();
        let found = found.and_then(|name| self.gix().refs.try_find(name.as_ref()).ok()?);
        let tip = found.and_then(|found| found.target.try_id().map(|id| CommitId(id.to_owned())));
        Ok(DefaultBranch { name: Some(String::from_utf8_lossy(&name).into_owned()), tip })
    }

    /// Whether the branch is what changes with the reference of this full name: it is that itself, or leads to it by
    /// name, as git then follows it.
    #[must_use]
    pub fn is_branch(&self, name: &[u8], branch: &str) -> bool {
        self.changed_by(name) == branch.as_bytes()
    }

    /// The full name of the reference that changes with the one of this full name: where it leads by name, as git then
    /// follows it, or itself.
    #[must_use]
    pub fn changed_by(&self, name: &[u8]) -> Vec<u8> {
        let mut name = BString::from(name);
        for _ in 0..MAX_ALIASES {
            let Ok(full) = FullName::try_from(name.clone()) else { break };
            let Ok(Some(found)) = self.gix().refs.try_find(full.as_ref()) else { break };
            let Target::Symbolic(next) = found.target else { break };
            name = next.into_inner();
        }
        name.into()
    }

    /// Whether there is any reference of this repository whose full name counts.
    ///
    /// # Errors
    /// When references cannot be read.
    pub fn has_references(&self, counts: &dyn Fn(&[u8]) -> bool) -> Result<bool, Error> {
        let mut found = false;
        let mut visit = |name: &[u8], _| {
            found |= counts(name);
            if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        each(self.common_dir(), self.objects.hash(), &mut visit)?;
        Ok(found)
    }

    /// The ids in hex of all that references lead to which count, sorted.
    ///
    /// # Errors
    /// When references cannot be read.
    pub fn tips(&self, trust: Trust<'_>) -> Result<Vec<String>, Error> {
        Ok(self.counted_references(trust)?.iter().map(ObjectId::to_string).collect())
    }

    /// The objects that all references lead to which count, sorted; tags as git has noted them.
    pub(super) fn counted_references(&self, trust: Trust<'_>) -> Result<Vec<ObjectId>, Error> {
        let mut found = Vec::new();
        let mut keep = |counts: bool, value: Value| {
            if counts {
                found.push(value.peeled.unwrap_or(value.id));
            }
        };
        self.each_held(&mut |name, value| keep((trust.own)(name), value))?;
        let hash = self.objects.hash();
        for lender in self.lenders()? {
            // A lender that cannot be read lends nothing.
            let _ = each(&lender, hash, &mut |name, value| {
                keep((trust.lent)(name), value);
                ControlFlow::Continue(())
            });
        }
        found.extend(self.counted_head(trust.own)?);
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Visits all references of the repository, from memory if they have been read before and are not too many: of a push
    /// that rewrites hundreds of branches, each is judged as if it had not been there.
    fn each_held(&self, visit: &mut dyn FnMut(&[u8], Value)) -> Result<(), Error> {
        if let Some(held) = self.references.get() {
            held.iter().for_each(|(name, value)| visit(name, *value));
            return Ok(());
        }
        let (mut held, mut count) = (Vec::new(), 0);
        each(self.common_dir(), self.objects.hash(), &mut |name, value| {
            count += 1;
            if count <= MAX_HELD_REFERENCES {
                held.push((name.to_vec(), value));
            }
            visit(name, value);
            ControlFlow::Continue(())
        })?;
        if count <= MAX_HELD_REFERENCES {
            let _ = self.references.set(held);
        }
        Ok(())
    }

    /// The `hints` that a reference which counts leads to right now, and where HEAD leads if its branch counts.
    pub(super) fn verified(&self, hints: &[ObjectId], counts: &dyn Fn(&[u8]) -> bool) -> Result<Vec<ObjectId>, Error> {
        let mut verified: Vec<ObjectId> = self.counted_head(counts)?.into_iter().collect();
        let mut open: HashSet<ObjectId> = hints.iter().copied().filter(|hint| !verified.contains(hint)).collect();
        if open.is_empty() {
            return Ok(verified);
        }
        let git_dir = self.common_dir();
        let hash = self.objects.hash();
        let mut visit = |name: &[u8], value: Value| {
            if open.contains(&value.id) && counts(name) {
                open.remove(&value.id);
                verified.push(value.id);
            }
            if open.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let loose = each_loose(git_dir, hash, &mut visit).map_err(Error::io(git_dir))?;
        let mut visit_packed = |name: &[u8], value: Value| {
            if loose.contains(name) { ControlFlow::Continue(()) } else { visit(name, value) }
        };
        each_packed(git_dir, hash, &mut visit_packed).map_err(Error::io(git_dir))?;
        Ok(verified)
    }

    /// The git directories of the repositories that `objects/info/alternates` names, and of those that these borrow from.
    /// The environment names none: a client may be able to set it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn lenders(&self) -> Result<Vec<PathBuf>, Error> {
        let borrowed = with_alternates(&self.common_dir().join("objects"))?;
        let git_dirs = borrowed.iter().skip(1).filter_map(|objects| objects.parent());
        Ok(git_dirs.filter(|git_dir| !is_same(git_dir, self.common_dir())).map(Path::to_path_buf).collect())
    }

    /// Calls `visit` with the full name of each reference of the repository at `git_dir`, or of this one. Symbolic ones
    /// are left out: what they lead to is there too.
    ///
    /// # Errors
    /// When references cannot be read.
    pub fn each_reference(&self, git_dir: Option<&Path>, mut visit: impl FnMut(&[u8])) -> Result<(), Error> {
        let mut visit = |name: &[u8], _| {
            visit(name);
            ControlFlow::Continue(())
        };
        each(git_dir.unwrap_or(self.common_dir()), self.objects.hash(), &mut visit)
    }

    /// Where HEAD leads, if its branch counts.
    pub(super) fn counted_head(&self, counts: &dyn Fn(&[u8]) -> bool) -> Result<Option<ObjectId>, Error> {
        let head = self.gix().head().map_err(|error| Error::broken(&error))?;
        let counts = head.referent_name().map_or_else(|| counts(HEAD), |name| counts(name.as_bstr()));
        Ok(head.id().map(gix::Id::detach).filter(|_| counts))
    }
}

/// Visits the references of the repository at `git_dir`. Symbolic ones are left out: what they lead to is there too.
fn each(git_dir: &Path, hash: HashKind, visit: &mut Visit<'_>) -> Result<(), Error> {
    // In this order, so that one that is being packed is not missed.
    let loose = each_loose(git_dir, hash, visit).map_err(Error::io(git_dir))?;
    let mut unless_loose =
        |name: &[u8], value: Value| if loose.contains(name) { ControlFlow::Continue(()) } else { visit(name, value) };
    each_packed(git_dir, hash, &mut unless_loose).map_err(Error::io(git_dir))
}

/// Visits references that are files of their own; yields the names of those that were met.
fn each_loose(git_dir: &Path, hash: HashKind, visit: &mut Visit<'_>) -> io::Result<HashSet<Vec<u8>>> {
    let mut names = HashSet::new();
    let mut folders: Vec<(PathBuf, Vec<u8>, usize)> = vec![(git_dir.join("refs"), b"refs/".to_vec(), 0)];
    while let Some((folder, prefix, depth)) = folders.pop() {
        for file in absent_as_none(fs::read_dir(&folder))?.into_iter().flatten() {
            let file = file?;
            let name = [&prefix, file.file_name().as_encoded_bytes()].concat();
            if file.file_type()?.is_dir() {
                if depth < MAX_DEPTH_FOLDERS {
                    folders.push((file.path(), [&name[..], b"/"].concat(), depth + 1));
                }
                continue;
            }
            if name.ends_with(b".lock") {
                continue;
            }
            // It may be gone by now, or be no reference.
            let Ok(content) = fs::read(file.path()) else { continue };
            let id = content.get(..hash.len_in_hex()).and_then(|hex| ObjectId::from_hex(hex).ok());
            if let Some(id) = id
                && visit(&name, Value { id, peeled: None }).is_break()
            {
                return Ok(names);
            }
            names.insert(name);
        }
    }
    Ok(names)
}

/// Visits the references in `packed-refs`, those included that are files of their own by now.
fn each_packed(git_dir: &Path, hash: HashKind, visit: &mut Visit<'_>) -> io::Result<()> {
    let Some(packed) = MappedFile::open(&git_dir.join("packed-refs"))? else { return Ok(()) };
    let mut rest = packed.bytes();
    let mut last: Option<(&[u8], Value)> = None;
    while !rest.is_empty() {
        let end = memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest.get(..end).unwrap_or_default();
        rest = rest.get(end + 1..).unwrap_or_default();
        if let Some(hex) = line.strip_prefix(b"^") {
            if let Some((_, value)) = &mut last {
                value.peeled = ObjectId::from_hex(hex).ok();
            }
            continue;
        }
        if let Some((name, value)) = last.take()
            && visit(name, value).is_break()
        {
            return Ok(());
        }
        let Some((hex, name)) = line.split_at_checked(hash.len_in_hex()) else { continue };
        last = ObjectId::from_hex(hex)
            .ok()
            .zip(name.strip_prefix(b" "))
            .map(|(id, name)| (name, Value { id, peeled: None }));
    }
    if let Some((name, value)) = last {
        let _ = visit(name, value);
    }
    Ok(())
}

fn absent_as_none<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_same(left: &Path, right: &Path) -> bool {
    left == right || matches!((left.canonicalize(), right.canonicalize()), (Ok(left), Ok(right)) if left == right)
}
