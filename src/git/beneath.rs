//! All repositories beneath a folder, such as those of a server.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What lies beneath a folder.
#[derive(Debug, Default)]
pub struct Beneath {
    /// Git directories, bare ones and the `.git` of others, in the order of their paths. Whether they can be opened is open.
    pub git_dirs: Vec<PathBuf>,
    /// Folders that cannot be read, in the same order.
    pub unread: Vec<(PathBuf, io::Error)>,
    /// Number of links to folders, and of worktrees whose git directory lies elsewhere: neither is looked into.
    pub passed_by: usize,
}

impl Beneath {
    /// Finds the repositories in and beneath a folder. Links are not followed, and nothing is looked for inside of a
    /// repository or its worktree: people push that.
    #[must_use]
    pub fn find(folder: &Path) -> Self {
        let mut beneath = Self::default();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            if let Err(error) = beneath.look(&folder, &mut folders) {
                beneath.unread.push((folder, error));
            }
        }
        beneath.git_dirs.sort_unstable();
        beneath.unread.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        beneath
    }

    fn look(&mut self, folder: &Path, folders: &mut Vec<PathBuf>) -> io::Result<()> {
        let mut inside = Vec::new();
        let (mut parts, mut links) = (0, 0);
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let (name, kind) = (entry.file_name(), entry.file_type()?);
            let is_folder = kind.is_dir() || kind.is_symlink() && entry.path().is_dir();
            match name.as_encoded_bytes() {
                b".git" if kind.is_dir() => {
                    self.git_dirs.push(entry.path());
                    return Ok(());
                }
                b".git" => {
                    self.passed_by += 1;
                    return Ok(());
                }
                b"HEAD" if kind.is_file() || kind.is_symlink() => parts += 1,
                b"objects" | b"refs" if is_folder => parts += 1,
                _ => {}
            }
            match kind.is_dir() {
                true => inside.push(entry.path()),
                false => links += usize::from(is_folder),
            }
        }
        // A damaged repository lacks a part, and is not to be missed.
        if parts > 1 {
            self.git_dirs.push(folder.to_owned());
            return Ok(());
        }
        self.passed_by += links;
        folders.extend(inside);
        Ok(())
    }
}
