//! Lookup of the server configuration.

use std::path::Path;

use importgate::git::Repository;
use importgate::report::Fault;
use importgate::server::config::{Config, Enforce, PolicySource};
use importgate::server::locate;

use crate::repo::TestRepo;

fn file(enforce: &str) -> String {
    format!("importgate-server = 1\nenforce = '{enforce}'\n")
}

fn locate(dir: &Path, named: Option<&Path>, hook: Option<&Path>) -> Result<Config, Fault> {
    locate::config(&Repository::open(dir).unwrap(), named, hook)
}

fn enforce(dir: &Path, named: Option<&Path>, hook: Option<&Path>) -> Enforce {
    locate(dir, named, hook).unwrap_or_else(|fault| panic!("{fault:?}")).enforce
}

fn message(outcome: Result<Config, Fault>) -> String {
    outcome.unwrap_err().problems[0].message.clone()
}

/// Returns a bare repository.
fn bare() -> TestRepo {
    TestRepo::with(&["--bare"])
}

#[test]
fn what_is_named_goes_before_git_and_git_before_the_hook() {
    let repo = bare();
    let hook = repo.top().join("hooks/pre-receive");
    assert_eq!(enforce(repo.top(), None, Some(&hook)), Config::default().enforce);
    repo.write("hooks/importgate-server.toml", file("report"));
    assert_eq!(enforce(repo.top(), None, Some(&hook)), Enforce::Report);
    assert_eq!(enforce(repo.top(), None, None), Enforce::Block, "no hook, no file beside it");

    std::fs::write(repo.beside("admin.toml"), file("off")).unwrap();
    repo.git(&["config", "importgate.server", repo.beside("admin.toml").to_str().unwrap()]);
    assert_eq!(enforce(repo.top(), None, Some(&hook)), Enforce::Off);
    std::fs::write(repo.beside("named.toml"), file("report")).unwrap();
    assert_eq!(enforce(repo.top(), Some(&repo.beside("named.toml")), Some(&hook)), Enforce::Report);
}

#[test]
fn a_hook_that_is_a_link_leads_to_the_file_beside_what_it_means() {
    let repo = bare();
    let common = repo.beside("common");
    std::fs::create_dir(&common).unwrap();
    std::fs::write(common.join("pre-receive"), "").unwrap();
    std::fs::write(common.join("importgate-server.toml"), file("report")).unwrap();
    let hook = repo.top().join("hooks/pre-receive");
    std::os::unix::fs::symlink(common.join("pre-receive"), &hook).unwrap();
    assert_eq!(enforce(repo.top(), None, Some(&hook)), Enforce::Report);
    repo.write("hooks/importgate-server.toml", file("off"));
    assert_eq!(enforce(repo.top(), None, Some(&hook)), Enforce::Off, "the nearer one");
}

#[test]
fn files_of_git_may_include_others() {
    let repo = bare();
    repo.write("more", "[importgate]\n\tserver = admin.toml\n").write("admin.toml", file("report"));
    repo.git(&["config", "include.path", "more"]);
    assert_eq!(enforce(repo.top(), None, None), Enforce::Report);
}

#[test]
fn relative_paths_in_the_file_count_from_its_folder() {
    let repo = bare();
    let folder = std::fs::canonicalize(repo.beside("")).unwrap();
    std::fs::write(folder.join("admin.toml"), "importgate-server = 1\npolicies = 'org.toml'\nlog = 'a/log'\n").unwrap();
    let config = locate(repo.top(), Some(&folder.join("admin.toml")), None).unwrap();
    assert_eq!(config.policies, [PolicySource::File(folder.join("org.toml"))]);
    assert_eq!(config.log, Some(folder.join("a/log")));
}

#[test]
fn a_repository_is_matched_by_its_path() {
    let repo = bare();
    let own = format!("{}[[repository]]\nmatch = 'repo'\nenforce = 'off'\n", file("block"));
    std::fs::write(repo.beside("admin.toml"), own).unwrap();
    assert_eq!(enforce(repo.top(), Some(&repo.beside("admin.toml")), None), Enforce::Off);
}

#[test]
fn a_file_that_is_named_and_missing_or_wrong_is_a_fault() {
    let repo = bare();
    let nowhere = repo.beside("nowhere.toml");
    assert!(
        message(locate(repo.top(), Some(&nowhere), None)).contains("nowhere.toml is missing, which --config names")
    );
    repo.write("hooks/importgate-server.toml", "importgate-server = 1\nenforc = 'off'\n");
    let fault = locate(repo.top(), None, Some(&repo.top().join("hooks/update"))).unwrap_err();
    assert_eq!(fault.problems[0].place.as_ref().map(|(_, line, _)| *line), Some(2), "{fault:?}");
    assert!(fault.rendered.is_some_and(|shown| shown.contains("did you mean `enforce`")));
    repo.git(&["config", "importgate.server", "nowhere.toml"]);
    assert!(message(locate(repo.top(), None, None)).contains("which git config importgate.server names"));
    std::fs::remove_file(repo.top().join("hooks/importgate-server.toml")).unwrap();
    repo.git(&["config", "--unset", "importgate.server"]);
    std::os::unix::fs::symlink(&nowhere, repo.top().join("hooks/importgate-server.toml")).unwrap();
    let hook = repo.top().join("hooks/pre-receive");
    assert!(message(locate(repo.top(), None, Some(&hook))).contains("cannot be read"), "a link that leads nowhere");
}

#[test]
fn a_push_must_not_change_the_file() {
    let repo = TestRepo::new();
    repo.write("importgate-server.toml", file("off")).write(".git/admin.toml", file("report"));
    let in_worktree = repo.top().join("importgate-server.toml");
    assert!(message(locate(repo.top(), Some(&in_worktree), None)).contains("lies in the worktree"));
    assert!(message(locate(repo.top(), None, Some(&repo.top().join("pre-receive")))).contains("lies in the worktree"));
    std::os::unix::fs::symlink(&in_worktree, repo.beside("link.toml")).unwrap();
    assert!(message(locate(repo.top(), Some(&repo.beside("link.toml")), None)).contains("lies in the worktree"));
    assert_eq!(enforce(repo.top(), Some(&repo.top().join(".git/admin.toml")), None), Enforce::Report);
}
