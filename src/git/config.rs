//! Git's configuration: from everywhere that git looks, and from the files of an administrator alone, of which a client can
//! set nothing.

use std::path::PathBuf;

use gix::bstr::BString;
use gix::config::file::includes::{Options as Includes, conditional};
use gix::config::file::{Metadata, init};
use gix::config::path::interpolate;
use gix::config::{File, Source};

use super::error::{Error, one_line};
use super::repository::Repository;

/// Returns the value of a configuration key from the system's file, and what that includes without a condition: known
/// even where no repository can be opened, and to nobody's environment. `None` where the key is missing or empty, or the
/// file cannot be read.
#[must_use]
pub fn system_config_value(key: &str) -> Option<String> {
    let includes = Includes::follow(interpolate::Context::default(), conditional::Context::default());
    let read = read(vec![system()?], includes).ok()?;
    String::from_utf8(read.string(key)?.into()).ok().filter(|value| !value.is_empty())
}

/// The system's file, wherever the environment may have it.
fn system() -> Option<(Source, PathBuf)> {
    Source::System.storage_location(&mut |_| None).map(|file| (Source::System, file))
}

/// Reads files, each over those before it; one that is not there says nothing.
fn read(files: Vec<(Source, PathBuf)>, includes: Includes<'_>) -> Result<File, Error> {
    let options = init::Options { includes, lossy: true, ignore_io_errors: false };
    let mut files = files.into_iter().map(|(source, file)| Metadata::from(source).at(file));
    let read = File::from_paths_metadata_buf(&mut files, &mut Vec::new(), false, options);
    Ok(read.map_err(|error| Error::broken(&error))?.unwrap_or_default())
}

/// Returns the value of a key as text.
fn text(key: &str, value: BString) -> Result<String, Error> {
    String::from_utf8(value.into())
        .map_err(|_| Error::Broken { why: format!("the configuration of {key} is not UTF-8") })
}

/// A path in git's configuration, and which of its files names it.
pub struct PathSetting {
    /// Git's name of the scope: system, global, local, worktree or command.
    pub scope: &'static str,
    /// The file; empty where it is the environment.
    pub origin: String,
    /// The path, with `~` replaced; empty if the value is.
    pub value: PathBuf,
}

/// Returns git's name of the scope of a source.
fn scope(source: Source) -> &'static str {
    match source {
        Source::GitInstallation | Source::System => "system",
        Source::Git | Source::User => "global",
        Source::Local => "local",
        Source::Worktree => "worktree",
        Source::Env | Source::Cli | Source::Api | Source::EnvOverride => "command",
    }
}

impl Repository {
    /// Returns the path that a configuration key names, from everywhere that git looks; the last one wins.
    ///
    /// # Errors
    /// When the value is no path, such as one that begins with the home folder of an unknown user, or none is given.
    pub fn path_setting(&self, section: &str, name: &str) -> Result<Option<PathSetting>, Error> {
        let snapshot = self.gix().config_snapshot();
        let key = format!("{section}.{name}");
        let key = key.as_str();
        self.check_has_value(key)?;
        let mut place = None;
        let value = snapshot.plumbing().string_filter(key, |meta| {
            place = Some((meta.source, meta.path.clone()));
            true
        });
        let (Some(value), Some((source, file))) = (value, place) else { return Ok(None) };
        if value.starts_with(b":(") {
            let why = format!("only some versions of git know the value of {key}, {value}");
            return Err(Error::Broken { why });
        }
        let path = match value.is_empty() {
            true => Some(PathBuf::new()),
            false => snapshot.trusted_path(key).map_err(|error| Error::Broken { why: one_line(&error) })?,
        };
        let origin = file.map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(path.map(|value| PathSetting { scope: scope(source), origin, value }))
    }

    /// The value of a configuration key such as `importgate.policy`, from everywhere that git looks; the last one wins.
    ///
    /// # Errors
    /// When the value is not UTF-8.
    pub fn config(&self, key: &str) -> Result<Option<String>, Error> {
        self.gix().config_snapshot().string(key).map(|value| text(key, value)).transpose()
    }

    /// The values of a configuration key that may have several, from everywhere that git looks. As for git's own such keys,
    /// an empty value takes back those before it.
    ///
    /// # Errors
    /// When a value is not UTF-8, or the key stands there without one.
    pub fn config_values(&self, key: &str) -> Result<Vec<String>, Error> {
        self.check_has_value(key)?;
        let values = self.gix().config_snapshot().plumbing().strings(key).unwrap_or_default();
        let from = values.iter().rposition(|value| value.is_empty()).map_or(0, |at| at + 1);
        values.into_iter().skip(from).map(|value| text(key, value)).collect()
    }

    /// Checks that no file has the key, `section.name`, without a value.
    fn check_has_value(&self, key: &str) -> Result<(), Error> {
        let (section, name) = key.split_once('.').unwrap_or((key, ""));
        let snapshot = self.gix().config_snapshot();
        let mut sections = snapshot.plumbing().sections_by_name(section).into_iter().flatten();
        match sections.any(|section| section.body().value_implicit(name) == Some(None)) {
            true => Err(Error::Broken { why: format!("the configuration of {key} has no value") }),
            false => Ok(()),
        }
    }

    /// Returns whether a configuration key is on, wherever git looks for it.
    #[must_use]
    pub fn is_on(&self, key: &str) -> bool {
        self.gix().config_snapshot().boolean(key) == Some(true)
    }

    /// The value of a configuration key from the files of the system and of the repository, and what those include; the
    /// last one wins. Neither the environment (`GIT_CONFIG_*`) nor a user's own file is asked: sshd may be set to take
    /// `GIT_*` from clients. `None` where the key is missing or empty.
    ///
    /// # Errors
    /// When a file cannot be read, or the value is not UTF-8.
    pub fn config_file_value(&self, key: &str) -> Result<Option<String>, Error> {
        let local = (Source::Local, self.common_dir().join("config"));
        let mut files: Vec<_> = system().into_iter().chain([local.clone()]).collect();
        let own = self.config_files(vec![local])?;
        if own.boolean("extensions.worktreeConfig").ok().flatten() == Some(true) {
            files.push((Source::Worktree, self.git_dir().join("config.worktree")));
        }
        let value = self.config_files(files)?.string(key).filter(|value| !value.is_empty());
        value.map(|value| text(key, value)).transpose()
    }

    fn config_files(&self, files: Vec<(Source, PathBuf)>) -> Result<File, Error> {
        let home = std::env::home_dir();
        let interpolate = interpolate::Context { home_dir: home.as_deref(), ..Default::default() };
        let head = self.gix().head_name().ok().flatten();
        let conditional =
            conditional::Context { git_dir: Some(self.git_dir()), branch_name: head.as_ref().map(AsRef::as_ref) };
        read(files, Includes::follow(interpolate, conditional))
    }
}
