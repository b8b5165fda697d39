//! What pre-commit and prek hand to the hooks that they run: variables, in place of git's arguments and lines.
//!
//! Both set `PRE_COMMIT`. `run --from-ref A --to-ref B` adds `PRE_COMMIT_FROM_REF` and `PRE_COMMIT_TO_REF`. A push adds
//! those, the remote and the names of the first reference that it changes; no FROM_REF where the remote has nothing of its
//! history, and then pre-commit leaves out TO_REF too. Nothing tells `run --all-files` from a plain `run`. Sources: pre-commit's
//! commands/run.py and commands/hook_impl.py, prek's cli/run/run.rs and cli/hook_impl.rs.

use std::env;
use std::path::Path;

use super::check::{fail, tell, today};
use super::push::{self, PushedRef};
use super::{Console, PASS};
use crate::git::Repository;
use crate::locate;
use crate::own_policy::{REMOTE, Remote};
use crate::report::{Fault, Report};
use crate::request::{Request, Source};

/// Variables of the stages at which nothing is about to be committed or pushed.
const LATER_STAGES: [&str; 5] = [
    "PRE_COMMIT_CHECKOUT_TYPE",
    "PRE_COMMIT_IS_SQUASH_MERGE",
    "PRE_COMMIT_SQUASH_MERGE",
    "PRE_COMMIT_REWRITE_COMMAND",
    "PRE_COMMIT_PRE_REBASE_UPSTREAM",
];

/// What a run of pre-commit or prek asks for.
pub(super) enum Asked {
    /// The first reference of a push.
    Push(PushedRef),
    /// A range of commits.
    Range(String, String),
    /// Nothing by name: `run`, `run --all-files` and `run --files`.
    Unnamed,
}

/// Returns what the calling pre-commit or prek asks for; `None` if there is none, or its stage is another.
pub(super) fn asked() -> Option<Asked> {
    let given = |name: &str| Some(env::var_os(name)?.to_string_lossy().into_owned()).filter(|text| !text.is_empty());
    given("PRE_COMMIT")?;
    if LATER_STAGES.iter().any(|name| given(name).is_some()) {
        return None;
    }
    let (from, to) = (given("PRE_COMMIT_FROM_REF"), given("PRE_COMMIT_TO_REF"));
    let (remote, local) = (given("PRE_COMMIT_REMOTE_NAME"), given("PRE_COMMIT_LOCAL_BRANCH"));
    Some(match (remote, to.clone().or_else(|| local.clone())) {
        (Some(remote), Some(new)) => {
            let name = local.unwrap_or_else(|| new.clone());
            let remote_name = given("PRE_COMMIT_REMOTE_BRANCH");
            Asked::Push(PushedRef { remote, name, new, remote_name, old: from })
        }
        _ => match (from, to) {
            (Some(from), Some(to)) => Asked::Range(from, to),
            _ => Asked::Unnamed,
        },
    })
}

/// Like [`asked`], for hooks that judge the index. `git commit` and `git merge` name the index to their hooks: what they are
/// about to record is judged, whatever an outer run of pre-commit has left in the environment.
pub(super) fn asked_of_commit() -> Option<Asked> {
    if env::var_os("GIT_INDEX_FILE").is_some() { None } else { asked() }
}

/// Judges what is asked for by name; `None` if nothing is.
pub(super) fn judge(asked: Asked, console: &mut Console<'_>) -> Option<u8> {
    match asked {
        Asked::Push(pushed) => Some(push::push_ref(&pushed, console)),
        Asked::Range(from, to) => Some(match range(from, to) {
            Ok(report) => tell(&report, "", console.err),
            Err(fault) => fail(&fault, "", console.err),
        }),
        Asked::Unnamed => None,
    }
}

/// Judges what HEAD adds to the default branch of the remote: what `run --all-files` can mean without blaming old code.
pub(super) fn branch(console: &mut Console<'_>) -> u8 {
    match report_of_branch() {
        Ok(Some(report)) => tell(&report, "", console.err),
        Ok(None) => {
            let _ = writeln!(
                console.err,
                "importgate: nothing is staged, and the default branch of {REMOTE} is not known here: nothing was judged. \
                 To judge a branch, name both ends: run --from-ref BASE --to-ref HEAD"
            );
            PASS
        }
        Err(fault) => fail(&fault, "", console.err),
    }
}

/// Returns `None` if the remote's default branch is not known, or nothing has been committed yet.
fn report_of_branch() -> Result<Option<Report>, Fault> {
    let repository = Repository::open(Path::new("."))?;
    if repository.resolve("HEAD")?.is_none() {
        return Ok(None);
    }
    let Some(base) = repository.remote_head(REMOTE)? else { return Ok(None) };
    // A branch with a policy of its own is compared with what the remote has of it.
    let found = locate::trusted(&repository, &[&base]).ok();
    let naming = found.as_ref().and_then(|found| locate::naming_branches(&found.located));
    let remote = naming.map_or(Ok(None), |policy| Remote::of_head(&repository, policy))?;
    let own = remote.filter(|remote| remote.is_named() && remote.is_known);
    let base = own.map_or(base, |own| format!("refs/remotes/{}/{}", own.name, own.branch));
    range(base, "HEAD".into()).map(Some)
}

fn range(from: String, to: String) -> Result<Report, Fault> {
    let request = Request::new(Source::Range(from, to), today());
    crate::judge(&Repository::open(Path::new("."))?, &request)
}
