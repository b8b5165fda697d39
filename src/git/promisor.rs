//! What a partial clone has not fetched: asked for by one run of `git fetch`, as git itself would (promisor-remote.c).

use std::fmt::Write as _;
use std::time::Duration;

use super::change::Blob;
use super::error::Error;
use super::program::what_failed;
use super::repository::Repository;

/// The longest time that a fetch may take. Beyond it nobody can tell it from one that hangs.
const MAX_FETCH: Duration = Duration::from_mins(1);
/// Settings under which git asks for the objects alone: no negotiation, no maintenance afterwards, no hook.
const SETTINGS: [&str; 5] = [
    "fetch.negotiationAlgorithm=noop",
    "credential.interactive=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "core.hooksPath=/dev/null",
];

impl Repository {
    /// Whether a partial clone has not fetched a file's content.
    ///
    /// # Errors
    /// When the object store cannot be read.
    pub fn lacks(&self, blob: Blob) -> Result<bool, Error> {
        Ok(self.is_partial() && self.objects.kind(&blob.0)?.is_none())
    }

    /// Fetches files' contents from the remote that promised them, all at once.
    ///
    /// # Errors
    /// Why that did not succeed, in one line.
    pub fn bring(&self, blobs: &[Blob]) -> Result<(), String> {
        let Some(remote) = promisor(self.gix()) else { return Err("no remote is known to have it".into()) };
        let mut wanted = String::new();
        for blob in blobs {
            let _ = writeln!(wanted, "{blob}");
        }
        let mut git = self.git_program();
        git.settings(&SETTINGS).arguments(&["fetch", "--no-tags", "--no-write-fetch-head"]);
        git.arguments(&["--recurse-submodules=no", "--filter=blob:none", "--stdin", "--", &remote]);
        if ["GIT_SSH", "GIT_SSH_COMMAND"].iter().all(|name| std::env::var_os(name).is_none())
            && self.config("core.sshCommand").ok().flatten().is_none()
        {
            git.variable("GIT_SSH_COMMAND", "ssh -oBatchMode=yes");
        }
        let ran = git.run(Some(wanted.as_bytes()), Some(MAX_FETCH)).map_err(|error| error.to_string())?;
        if ran.succeeded { Ok(()) } else { Err(format!("git fetch: {}", what_failed(&ran.stderr))) }
    }
}

/// The remote that has what a partial clone lacks; `None` of a whole one.
pub(super) fn promisor(gix: &gix::Repository) -> Option<String> {
    let config = gix.config_snapshot();
    if let Some(name) = config.string("extensions.partialClone") {
        return Some(name.to_string());
    }
    let mut remotes = config.sections_by_name("remote")?;
    let found =
        remotes.find(|remote| ["promisor", "partialCloneFilter"].iter().any(|key| remote.value(key).is_some()))?;
    found.header().subsection_name().map(ToString::to_string)
}
