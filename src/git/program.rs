//! Git's own program, for what only it can do. No hook runs it.

use std::ffi::OsStr;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::error::Error;
use super::repository::Repository;

/// The most that is read of what git says on standard error.
const MAX_SAID_BYTES: u64 = 4096;
/// How often a run with a deadline is asked whether it has ended.
const POLL: Duration = Duration::from_millis(20);

/// A run of git for a repository.
pub(super) struct GitProgram {
    command: Command,
}

/// The end of a run.
pub(super) struct Ran {
    pub succeeded: bool,
    pub stdout: Vec<u8>,
    /// The beginning of what git said on standard error.
    pub stderr: String,
}

impl Repository {
    /// Git for this repository: it asks nobody for anything, takes no optional locks, and fetches nothing by itself.
    pub(super) fn git_program(&self) -> GitProgram {
        let mut command = Command::new("git");
        let git_dir = std::path::absolute(self.git_dir()).unwrap_or_else(|_| self.git_dir().to_path_buf());
        command.env("GIT_DIR", git_dir).env("GIT_OPTIONAL_LOCKS", "0").env("GIT_NO_LAZY_FETCH", "1");
        command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_ASKPASS", "false").env("LC_ALL", "C");
        GitProgram { command }
    }
}

impl GitProgram {
    /// Adds settings, which come before the arguments.
    pub fn settings(&mut self, settings: &[&str]) -> &mut Self {
        for setting in settings {
            self.command.args(["-c", setting]);
        }
        self
    }

    pub fn arguments(&mut self, arguments: &[&str]) -> &mut Self {
        self.command.args(arguments);
        self
    }

    pub fn directory(&mut self, directory: &Path) -> &mut Self {
        self.command.current_dir(directory);
        self
    }

    pub fn variable(&mut self, name: &str, value: impl AsRef<OsStr>) -> &mut Self {
        self.command.env(name, value);
        self
    }

    pub fn without(&mut self, name: &str) -> &mut Self {
        self.command.env_remove(name);
        self
    }

    /// Runs git with `input`; after `most`, ends it.
    ///
    /// # Errors
    /// When git cannot be run, or the time is over.
    pub fn run(&mut self, input: Option<&[u8]>, most: Option<Duration>) -> Result<Ran, Error> {
        let fault = |error: io::Error| Error::Git { what: "git", why: error.to_string() };
        // Files, not pipes: nobody need read while git writes.
        let (mut out, mut said, mut given) = (
            tempfile::tempfile().map_err(fault)?,
            tempfile::tempfile().map_err(fault)?,
            tempfile::tempfile().map_err(fault)?,
        );
        given.write_all(input.unwrap_or_default()).map_err(fault)?;
        given.seek(SeekFrom::Start(0)).map_err(fault)?;
        self.command.stdin(given).stdout(out.try_clone().map_err(fault)?).stderr(said.try_clone().map_err(fault)?);
        let mut child = self.command.spawn().map_err(fault)?;
        let start = Instant::now();
        let status = loop {
            let Some(most) = most else { break child.wait().map_err(fault)? };
            if let Some(status) = child.try_wait().map_err(fault)? {
                break status;
            }
            if start.elapsed() > most {
                let _ = child.kill();
                let _ = child.wait();
                return Err(Error::Git { what: "git", why: format!("no answer within {} s", most.as_secs()) });
            }
            std::thread::sleep(POLL);
        };
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        out.seek(SeekFrom::Start(0)).and_then(|_| out.read_to_end(&mut stdout)).map_err(fault)?;
        said.seek(SeekFrom::Start(0)).map_err(fault)?;
        said.take(MAX_SAID_BYTES).read_to_end(&mut stderr).map_err(fault)?;
        Ok(Ran { succeeded: status.success(), stdout, stderr: String::from_utf8_lossy(&stderr).into_owned() })
    }
}

/// The line in which git says what went wrong: the last word that it had, else the first.
pub(super) fn what_failed(said: &str) -> String {
    let with = |lead: &str| said.lines().find(|line| line.starts_with(lead));
    let line = with("fatal:").or_else(|| with("error:")).or_else(|| said.lines().next());
    line.unwrap_or("it says nothing").to_owned()
}
