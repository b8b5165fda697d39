//! The plain case: the current folder is the top of a repository whose configuration says nothing unusual. Most hooks
//! run there, and need no more than this; anything else is left to gix, which knows all of git's ways.
//!
//! Configuration is not parsed. Files that hold none of some words cannot say anything that matters here, wherever the
//! words may stand; one that does is enough to leave it to gix.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use gix::hash::{Kind as HashKind, ObjectId};

use super::odb::alternates::variable;
use super::refs::packed_reference;

/// What no file of configuration may mention: our own keys, other files, extensions of the repository's format (other
/// hashes, other stores of references, partial clones), another worktree.
const UNUSUAL: [&[u8]; 6] = [b"importgate", b"include", b"extensions", b"worktree", b"promisor", b"partialclone"];
/// Variables of git's that name another repository or more configuration.
const VARIABLES: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
];
/// No configuration that people write is as large, in bytes.
const MOST: u64 = 256 << 10;

/// A plain repository with SHA-1 ids.
pub(super) struct Plain {
    /// The folder `.git` at the top.
    pub git_dir: PathBuf,
}

impl Plain {
    /// The repository whose top is `dir`, if it is a plain one.
    pub fn at(dir: &Path) -> Option<Self> {
        if VARIABLES.iter().any(|name| std::env::var_os(name).is_some()) {
            return None;
        }
        let git_dir = dir.join(".git");
        let is_owned = |path: &Path| gix::sec::identity::is_path_owned_by_current_user(path).unwrap_or(false);
        let is_folder = std::fs::symlink_metadata(&git_dir).is_ok_and(|data| data.is_dir());
        // Without these, git looks further up.
        let is_whole = ["objects", "refs"].iter().all(|name| git_dir.join(name).is_dir());
        if !is_folder || !is_whole || !is_owned(&git_dir) || !is_owned(dir) || !is_absent(&git_dir.join("commondir")) {
            return None;
        }
        let own = read(&git_dir.join("config"))?;
        let is_usual =
            says_nothing(&own) && has_line(&own, b"repositoryformatversion = 0") && has_line(&own, b"bare = false");
        let others = configuration().iter().all(|file| match read_or_none(file) {
            Ok(Some(content)) => says_nothing(&content) && memchr::memmem::find(&content, b"bare").is_none(),
            Ok(None) => true,
            Err(()) => false,
        });
        (is_usual && others).then_some(Self { git_dir })
    }

    /// The commit at HEAD: `Some(None)` before the first one, `None` where gix is to be asked.
    pub fn head(&self) -> Option<Option<ObjectId>> {
        let head = read(&self.git_dir.join("HEAD"))?;
        let name = head.strip_prefix(b"ref: ")?.strip_suffix(b"\n")?;
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(byte);
        let name = std::str::from_utf8(name).ok().filter(|name| name.bytes().all(|byte| is_plain(&byte)))?;
        if !name.starts_with("refs/heads/") || name.contains("..") {
            return None;
        }
        match read_or_none(&self.git_dir.join(name)).ok()? {
            Some(content) => {
                let hex = content.strip_suffix(b"\n").unwrap_or(&content);
                ObjectId::from_hex(hex).ok().filter(|id| id.kind() == HashKind::Sha1).map(Some)
            }
            None => packed_reference(&self.git_dir, HashKind::Sha1, name.as_bytes()).ok(),
        }
    }
}

/// The files of the system and of the user. One that git would not read does no harm: what it says only leads to gix.
fn configuration() -> Vec<PathBuf> {
    let in_home = |home: OsString, path: &str| Path::new(&home).join(path);
    let mut files = vec![PathBuf::from("/etc/gitconfig")];
    files.extend(["GIT_CONFIG_SYSTEM", "GIT_CONFIG_GLOBAL"].into_iter().filter_map(variable).map(PathBuf::from));
    files.extend(variable("XDG_CONFIG_HOME").map(|home| in_home(home, "git/config")));
    files.extend(
        variable("HOME")
            .into_iter()
            .flat_map(|home| [".gitconfig", ".config/git/config"].map(|path| in_home(home.clone(), path))),
    );
    files
}

fn says_nothing(config: &[u8]) -> bool {
    let lower = config.to_ascii_lowercase();
    UNUSUAL.iter().all(|word| memchr::memmem::find(&lower, word).is_none())
}

fn has_line(config: &[u8], wanted: &[u8]) -> bool {
    let key = wanted.split(|&byte| byte == b' ').next().unwrap_or_default();
    let mut lines = config.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    // Said once, as git writes it: whatever else names the key is not understood here.
    lines.clone().filter(|line| memchr::memmem::find(&line.to_ascii_lowercase(), key).is_some()).count() == 1
        && lines.any(|line| line == wanted)
}

fn read(path: &Path) -> Option<Vec<u8>> {
    read_or_none(path).ok()?
}

fn read_or_none(path: &Path) -> Result<Option<Vec<u8>>, ()> {
    use std::io::Read;
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(_) => return Err(()),
    };
    let mut content = Vec::with_capacity(1 << 10);
    let length = file.take(MOST).read_to_end(&mut content).map_err(|_| ())?;
    if (length as u64) < MOST { Ok(Some(content)) } else { Err(()) }
}

fn is_absent(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_writes_is_usual() {
        let config = b"[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n";
        assert!(says_nothing(config) && has_line(config, b"bare = false"));
        assert!(has_line(config, b"repositoryformatversion = 0"));
    }

    #[test]
    fn whatever_matters_is_seen() {
        for config in ["[IncludeIf \"x\"]\n", "[importGate]", "[extensions]", "\tworkTree = /x", "promisor = true"] {
            assert!(!says_nothing(config.as_bytes()), "{config}");
        }
        for config in ["bare = true", "bare = false\nbare = true", "bare = false\n\tBARE", "", "bare=false"] {
            assert!(!has_line(config.as_bytes(), b"bare = false"), "{config}");
        }
    }
}
