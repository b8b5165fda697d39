//! A repository, opened once for a run.

use std::path::{Path, PathBuf};

use gix::open::{Options, Permissions};
use gix::sec::trust::Mapping;
use tempfile::TempDir;

use super::change::{Blob, Content, MAX_BLOB_BYTES};
use super::error::{Error, one_line};
use super::odb::alternates::{ObjectDirs, variable};
use super::odb::pack::Found;
use super::odb::store::ObjectStore;
use super::odb::tree_cache::TreeCache;
use super::promisor::promisor;
use super::refs::Held;

/// A repository. Nothing in it is ever written but what [`Repository::bring`] fetches, and no hook starts a process.
pub struct Repository {
    gix: Box<gix::Repository>,
    place: Place,
    pub(super) objects: ObjectStore,
    pub(super) trees: TreeCache,
    pub(super) references: Held,
    /// The folder of an index and of objects that last as long as this value.
    temporary: Option<TempDir>,
}

/// Where the parts of a repository lie, and how much of it may be held.
#[derive(Clone)]
pub(super) struct Place {
    git_dir: PathBuf,
    /// Where references lie that all worktrees share.
    common_dir: PathBuf,
    top: Option<PathBuf>,
    index_path: PathBuf,
    max_held_bytes: usize,
}

impl Repository {
    /// Opens the repository that `dir` lies in, or the one that git names to its hooks (`GIT_DIR`, `GIT_WORK_TREE`,
    /// `GIT_INDEX_FILE`, `GIT_COMMON_DIR`). Cheap: neither index nor packs are touched.
    ///
    /// # Errors
    /// Where there is no repository, it belongs to another user, or it is of a kind that cannot be read.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        Self::open_as(dir, None)
    }

    /// Opens the same for a server: the repository itself, even if it was called by the path of a linked worktree, whose
    /// HEAD is another. Who pushes chooses that path.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_shared(dir: &Path) -> Result<Self, Error> {
        let own = Self::open(dir)?;
        let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let (git_dir, common_dir) = (real(own.git_dir()), real(own.common_dir()));
        if git_dir == common_dir { Ok(own) } else { Self::open_as(dir, Some(&common_dir)) }
    }

    fn open_as(dir: &Path, at: Option<&Path>) -> Result<Self, Error> {
        let gix = checked(dir, at)?;
        let git_dir = gix.git_dir().to_path_buf();
        let common_dir = at.map_or_else(|| common_dir(&gix, dir), Path::to_owned);
        let top = if at.is_some() { gix.workdir().map(Path::to_owned) } else { top(&gix, dir, is_named()) };
        // `GIT_INDEX_FILE` counts from the top, as git goes there before it opens it.
        let index_path = match variable("GIT_INDEX_FILE") {
            Some(path) => top.as_deref().unwrap_or(dir).join(path),
            None => git_dir.join("index"),
        };
        let is_partial = promisor(&gix).is_some();
        Self::at(gix, Place { git_dir, common_dir, top, index_path, max_held_bytes: usize::MAX }, is_partial)
    }

    /// Opens the objects of a repository that is known otherwise.
    pub(super) fn at(gix: Box<gix::Repository>, place: Place, is_partial: bool) -> Result<Self, Error> {
        let folders = ObjectDirs::of_environment(place.common_dir.join("objects"));
        let objects = ObjectStore::open(folders, gix.object_hash(), is_partial)?;
        Ok(Self::with(gix, place, objects, None))
    }

    fn with(gix: Box<gix::Repository>, place: Place, objects: ObjectStore, temporary: Option<TempDir>) -> Self {
        Self { gix, place, objects, trees: TreeCache::default(), references: Held::default(), temporary }
    }

    /// The same repository with another index and other object directories, which lie in `folder`.
    pub(super) fn with_index(&self, index_path: PathBuf, objects: ObjectDirs, folder: TempDir) -> Result<Self, Error> {
        let objects = ObjectStore::open(objects, self.gix.object_hash(), self.is_partial())?;
        Ok(Self::with(self.gix.clone(), Place { index_path, ..self.place.clone() }, objects, Some(folder)))
    }

    /// Gix's view of the repository: references and configuration.
    pub(super) fn gix(&self) -> &gix::Repository {
        &self.gix
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Whether its index and objects last no longer than this value.
    pub(super) fn is_temporary(&self) -> bool {
        self.temporary.is_some()
    }

    /// Ends the run at `at`: whatever needs an object after that fails with [`Error::OutOfTime`].
    pub fn set_deadline(&self, at: std::time::Instant) {
        self.objects.set_deadline(at);
    }

    /// Bounds the memory for the paths that commits change, for what strangers push.
    pub fn hold_at_most(&mut self, bytes: usize) {
        self.place.max_held_bytes = bytes;
    }

    pub(super) fn max_held_bytes(&self) -> usize {
        self.place.max_held_bytes
    }

    /// Returns the id that a file with this content has in the repository, whether it is there or not; `None` if it cannot
    /// have one.
    #[must_use]
    pub fn blob_of(&self, content: &[u8]) -> Option<Blob> {
        gix::objs::compute_hash(self.objects.hash(), gix::objs::Kind::Blob, content).ok().map(Blob)
    }

    /// Whether git serves a part of the references under names of their own (`GIT_NAMESPACE`).
    #[must_use]
    pub fn has_namespace(&self) -> bool {
        variable("GIT_NAMESPACE").is_some_and(|namespace| !namespace.is_empty())
    }

    /// The tops of all worktrees, linked ones included.
    #[must_use]
    pub fn worktrees(&self) -> Vec<PathBuf> {
        let linked = std::fs::read_dir(self.place.common_dir.join("worktrees")).into_iter().flatten().flatten();
        let top = |folder: PathBuf| {
            let file = std::fs::read_to_string(folder.join("gitdir")).ok()?;
            Some(folder.join(file.trim_end()).parent()?.to_owned())
        };
        self.place.top.clone().into_iter().chain(linked.filter_map(|entry| top(entry.path()))).collect()
    }

    /// The top of the worktree; a bare repository has none.
    #[must_use]
    pub fn top(&self) -> Option<&Path> {
        self.place.top.as_deref()
    }

    /// The git directory: of a linked worktree its own, not the common one.
    #[must_use]
    pub fn git_dir(&self) -> &Path {
        &self.place.git_dir
    }

    /// The git directory that all worktrees share.
    #[must_use]
    pub fn common_dir(&self) -> &Path {
        &self.place.common_dir
    }

    pub(super) fn index_path(&self) -> &Path {
        &self.place.index_path
    }

    /// Whether this is a partial clone, where objects may be missing that a remote has.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.objects.is_partial()
    }

    /// A file's content, if that is at most 8 MiB; of a larger one nothing is read but its size.
    ///
    /// # Errors
    /// When the object is missing otherwise, or cannot be read.
    pub fn read(&self, blob: Blob) -> Result<Content, Error> {
        let mut content = Vec::new();
        match self.objects.find_within(&blob.0, MAX_BLOB_BYTES, &mut content)? {
            Some(Found { kind: gix::objs::Kind::Blob, too_large: None }) => Ok(Content::Bytes(content)),
            Some(Found { kind: gix::objs::Kind::Blob, too_large: Some(size) }) => Ok(Content::TooLarge(size)),
            Some(found) => {
                let why = format!("expected a blob, found a {}", found.kind);
                Err(Error::BadObject { oid: blob.to_string(), what: "blob", why })
            }
            None if self.is_partial() => Ok(Content::NotFetched),
            None => Err(self.objects.missing(&blob.0, "blob")),
        }
    }
}

impl Repository {
    /// Opens the repository whose git directory is `git_dir`, and no other that it may lie in.
    ///
    /// # Errors
    /// As [`Repository::open`], and where the folder is not a git directory.
    pub fn open_at(git_dir: &Path) -> Result<Self, Error> {
        let repository = Self::open(git_dir)?;
        let real = |path: &Path| path.canonicalize().ok();
        // Git refuses it, and gix takes it for unset.
        if repository.gix.config_snapshot().try_boolean("core.bare").is_err() {
            return Err(Error::Broken { why: "the configuration of core.bare is no boolean".to_owned() });
        }
        if real(repository.git_dir()).is_some_and(|opened| Some(opened) == real(git_dir)) {
            return Ok(repository);
        }
        let why = "it lacks a part of a git directory: HEAD, objects or refs".to_owned();
        Err(Error::NotARepository { dir: git_dir.into(), why })
    }
}

/// Whether git has named the repository.
fn is_named() -> bool {
    variable("GIT_DIR").is_some()
}

/// Opens a repository that may be read.
fn checked(dir: &Path, at: Option<&Path>) -> Result<Box<gix::Repository>, Error> {
    let named = is_named();
    let mut gix = open_gix(dir, named, at)?;
    if !named && gix.git_dir_trust() != gix::sec::Trust::Full {
        let dir = gix.workdir().unwrap_or_else(|| gix.git_dir());
        return Err(Error::UnsafeOwnership { dir: std::path::absolute(dir).unwrap_or_else(|_| dir.into()) });
    }
    if let Some(format) = gix.config_snapshot().string("extensions.refStorage")
        && format.as_slice() != b"files"
    {
        return Err(Error::UnsupportedRefs { format: format.to_string().escape_debug().to_string() });
    }
    let common = at.map_or_else(|| common_dir(&gix, dir), Path::to_owned);
    if common != gix.common_dir() {
        let (private, hash) = (gix.git_dir().to_path_buf(), gix.object_hash());
        gix.refs = gix::refs::file::Store::for_linked_worktree(private, common, hash);
    }
    // A namespace is for what git serves to others, not for the repository itself.
    gix.refs.namespace = None;
    Ok(Box::new(gix))
}

fn common_dir(gix: &gix::Repository, dir: &Path) -> PathBuf {
    variable("GIT_COMMON_DIR").map_or_else(|| gix.common_dir().to_path_buf(), |other| dir.join(other))
}

fn open_gix(dir: &Path, named: bool, at: Option<&Path>) -> Result<gix::Repository, Error> {
    let options = || {
        let mut options = Options::default()
            .permissions(Permissions::all())
            // Its own object store stays unused: see `ObjectStore`.
            .object_store_slots(gix::odb::store::init::Slots::Given(0))
            .config_overrides(["core.useReplaceRefs=false"])
            .lossy_config(true);
        if named {
            // Git names a repository to its hooks only once it trusts it.
            options = options.filter_config_section(|_| true);
        }
        options
    };
    // `.` is no git directory to gix where there is a worktree, and git names it so to a server's hooks.
    let relative = variable("GIT_DIR").map(PathBuf::from).filter(|named| named.is_relative());
    let at = at.map(Path::to_owned).or_else(|| std::path::absolute(dir.join(relative?)).ok());
    if let Some(git_dir) = at {
        let opened = gix::ThreadSafeRepository::open_opts(git_dir, options().with(gix::sec::Trust::Full));
        return opened.map(Into::into).map_err(|error| not_opened(dir, named, &error));
    }
    let search = gix::discover::upwards::Options { match_ceiling_dir_or_error: false, ..Default::default() };
    let trust = Mapping { full: options(), reduced: options() };
    // From beneath a bare repository, gix shortens a relative path to that of another one, or panics.
    let is_top = dir.join(".git").exists();
    let from = std::path::absolute(dir).ok().filter(|_| !is_top).unwrap_or_else(|| dir.to_owned());
    let opened = gix::ThreadSafeRepository::discover_with_environment_overrides_opts(from, search, trust);
    opened.map(Into::into).map_err(|error| not_opened(dir, named, &error))
}

fn not_opened(dir: &Path, named: bool, error: &gix::Error) -> Error {
    let why = one_line(error);
    // A broken configuration is not an absent repository.
    if why.contains("configuration") {
        Error::Broken { why }
    } else {
        Error::NotARepository { dir: dir.into(), why: if named { why } else { String::new() } }
    }
}

fn top(gix: &gix::Repository, dir: &Path, named: bool) -> Option<PathBuf> {
    let found = gix.workdir().map(Path::to_path_buf);
    // With GIT_DIR alone, git takes the current folder for the top.
    let found = found.or_else(|| (named && !gix.is_bare()).then(|| dir.to_path_buf()))?;
    Some(std::path::absolute(&found).unwrap_or(found))
}
