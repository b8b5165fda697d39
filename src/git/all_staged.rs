//! The repository as `git add -A` would leave it, without touching it.
//!
//! Git itself stages, so that attributes, filters, ignored files, sparse checkouts and conflicts mean what they mean to
//! git: into a copy of the index and an object directory of its own, both in a temporary folder.

use std::ffi::OsStr;
use std::fs::{self, File, FileTimes};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::error::Error;
use super::odb::alternates::ObjectDirs;
use super::program::{GitProgram, what_failed};
use super::repository::Repository;

/// Settings under which git writes nothing but the index and objects that it is given: no shared index beside the
/// repository's own, no monitor, no hook (`post-index-change`).
const SETTINGS: [&str; 3] = ["core.splitIndex=false", "core.fsmonitor=false", "core.hooksPath=/dev/null"];

impl Repository {
    /// The same repository with an index as `git add -A` would write it. The copy is removed with the value.
    ///
    /// # Errors
    /// When there is no worktree, or git cannot stage a file of it.
    pub fn with_all_staged(&self) -> Result<Self, Error> {
        let folder = tempfile::Builder::new().prefix("importgate-").tempdir();
        let folder = folder.map_err(Error::io(&std::env::temp_dir()))?;
        let (index, objects) = (folder.path().join("index"), folder.path().join("objects"));
        copy_index(self.index_path(), &index).map_err(Error::io(self.index_path()))?;
        borrow(&objects, self.objects.all_folders()).map_err(Error::io(&objects))?;
        let mut git = self.git_in_worktree()?;
        git.settings(&SETTINGS).arguments(&["add", "--all"]);
        git.variable("GIT_INDEX_FILE", &index).variable("GIT_OBJECT_DIRECTORY", &objects);
        // A quarantine's folders are among those that are borrowed from.
        git.without("GIT_ALTERNATE_OBJECT_DIRECTORIES");
        let ran = git.run(None, None)?;
        if !ran.succeeded {
            return Err(Error::Git { what: "git add --all", why: what_failed(&ran.stderr) });
        }
        let objects = ObjectDirs { all: vec![objects], permanent: Vec::new() };
        self.with_index(index, objects, folder)
    }

    /// The number of files that [`Self::with_all_staged`] would stage, as `git status` counts them: those that are
    /// there, changed or untracked. `within` are the files and folders that count; all, if it is empty.
    ///
    /// # Errors
    /// When there is no worktree, or git cannot look through it.
    pub fn unstaged(&self, within: &dyn Fn(&[u8]) -> bool) -> Result<usize, Error> {
        let top = self.top().map(Path::to_path_buf).unwrap_or_default();
        let mut git = self.git_in_worktree()?;
        git.settings(&SETTINGS).directory(&top);
        git.arguments(&["ls-files", "-z", "--modified", "--others", "--exclude-standard"]);
        let ran = git.run(None, None)?;
        if !ran.succeeded {
            return Err(Error::Git { what: "git ls-files", why: what_failed(&ran.stderr) });
        }
        // Of a conflict each side is listed.
        let mut paths: Vec<_> = ran.stdout.split(|&byte| byte == 0).filter(|path| !path.is_empty()).collect();
        paths.sort_unstable();
        paths.dedup();
        let is_file = |path: &[u8]| {
            fs::symlink_metadata(top.join(OsStr::from_bytes(path))).is_ok_and(|file| file.file_type().is_file())
        };
        Ok(paths.into_iter().filter(|path| within(path) && is_file(path)).count())
    }

    fn git_in_worktree(&self) -> Result<GitProgram, Error> {
        let top = self.top().ok_or(Error::NoWorktree)?;
        let mut git = self.git_program();
        git.variable("GIT_WORK_TREE", top);
        Ok(git)
    }
}

/// Copies the index with its time: entries as young as the index are compared by content (git's racy entries), which a
/// younger copy would forget.
fn copy_index(from: &Path, to: &Path) -> io::Result<()> {
    let time = match fs::metadata(from) {
        Ok(index) => index.modified()?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    fs::write(to, fs::read(from)?)?;
    File::options().write(true).open(to)?.set_times(FileTimes::new().set_modified(time))
}

/// Makes an object directory that borrows from `lenders`.
fn borrow(objects: &Path, lenders: &[PathBuf]) -> io::Result<()> {
    fs::create_dir_all(objects.join("info"))?;
    let mut list = Vec::new();
    for lender in lenders {
        list.extend(std::path::absolute(lender)?.as_os_str().as_bytes());
        list.push(b'\n');
    }
    fs::write(objects.join("info/alternates"), list)
}
