//! Configuration that only the files of an administrator give: what a client can set is never asked.

use gix::config::file::includes::{Options as Includes, conditional};
use gix::config::file::{Metadata, init};
use gix::config::path::interpolate;
use gix::config::{File, Source};

use super::error::Error;
use super::repository::Repository;

/// Returns the value of a configuration key from the system's file, and what that includes without a condition: known
/// even where no repository can be opened, and to nobody's environment. `None` where the key is missing or empty, or the
/// file cannot be read.
#[must_use]
pub fn system_config_value(key: &str) -> Option<String> {
    let file = Source::System.storage_location(&mut |_| None)?;
    let mut files = std::iter::once(Metadata::from(Source::System).at(file));
    let includes = Includes::follow(interpolate::Context::default(), conditional::Context::default());
    let options = init::Options { includes, lossy: true, ignore_io_errors: false };
    let read = File::from_paths_metadata_buf(&mut files, &mut Vec::new(), false, options).ok().flatten()?;
    String::from_utf8(read.string(key)?.into()).ok().filter(|value| !value.is_empty())
}

impl Repository {
    /// The value of a configuration key from the files of the system and of the repository, and what those include; the
    /// last one wins. Neither the environment (`GIT_CONFIG_*`) nor a user's own file is asked: sshd may be set to take
    /// `GIT_*` from clients. `None` where the key is missing or empty.
    ///
    /// # Errors
    /// When a file cannot be read, or the value is not UTF-8.
    pub fn config_file_value(&self, key: &str) -> Result<Option<String>, Error> {
        let local = (Source::Local, self.common_dir.join("config"));
        let mut files: Vec<_> =
            Source::System.storage_location(&mut |_| None).map(|file| (Source::System, file)).into_iter().collect();
        files.push(local.clone());
        let own = self.config_files(vec![local])?;
        if own.boolean("extensions.worktreeConfig").ok().flatten() == Some(true) {
            files.push((Source::Worktree, self.git_dir().join("config.worktree")));
        }
        let Some(value) = self.config_files(files)?.string(key).filter(|value| !value.is_empty()) else {
            return Ok(None);
        };
        let value = String::from_utf8(value.into());
        value.map(Some).map_err(|_| Error::Broken { why: format!("the configuration of {key} is not UTF-8") })
    }

    fn config_files(&self, files: Vec<(Source, std::path::PathBuf)>) -> Result<File, Error> {
        let home = std::env::home_dir();
        let interpolate = interpolate::Context { home_dir: home.as_deref(), ..Default::default() };
        let head = self.gix().head_name().ok().flatten();
        let conditional =
            conditional::Context { git_dir: Some(self.git_dir()), branch_name: head.as_ref().map(AsRef::as_ref) };
        let options = init::Options {
            includes: Includes::follow(interpolate, conditional),
            lossy: true,
            ignore_io_errors: false,
        };
        let mut files = files.into_iter().map(|(source, file)| Metadata::from(source).at(file));
        let read = File::from_paths_metadata_buf(&mut files, &mut Vec::new(), false, options);
        Ok(read.map_err(|error| Error::broken(&error))?.unwrap_or_default())
    }
}
