//! References and lenders that lead to what is already there, and those that do not.

use super::*;

/// References as hosts write them, without asking the hook.
const WRITTEN_UNASKED: [&str; 13] = [
    "refs/merge-requests/1/head",
    "refs/merge-requests/1/merge",
    "refs/keep-around/4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "refs/environments/production/deployments/1",
    "refs/pipelines/1",
    "refs/pull/1/head",
    "refs/pull-requests/1/from",
    "refs/changes/01/1/1",
    "refs/for/main",
    "refs/notes/review",
    "refs/remotes/origin/main",
    "refs/tmp/1",
    "refs/heads-of-forks/main",
];

impl Site {
    /// Brings a commit to the server as a host does, past every hook.
    fn fetched_as(&self, commit: &str, name: &str) {
        let client = self.client.top().to_str().unwrap();
        self.on_server(&["fetch", "-q", client, &format!("+{commit}:{name}")]);
    }
}

#[test]
fn what_hosts_write_without_asking_is_not_already_there() {
    for packed in [false, true] {
        let site = Site::new();
        let bad = site.commit("bad.py", BAD);
        for name in WRITTEN_UNASKED {
            site.fetched_as("main", name);
        }
        if packed {
            site.on_server(&["pack-refs", "--all"]);
        }
        let push = site.push(&["main"]);
        push.is_blocked(&["[old] bad.py:1:1", "refs/heads/main", &bad[..12]]);
        site.push(&["main:refs/heads/side", "main:refs/tags/v1"]).is_blocked(&["[old] bad.py:1:1"]);
        // Beneath further commits, and as a side of a merge.
        site.commit("fine.py", "import os\n");
        site.push(&["main"]).is_blocked(&["[old] bad.py:1:1", &bad[..12]]);
        site.branch("topic", "main~2");
        site.commit("more.py", "import sys\n");
        site.client.git(&["merge", "-q", "--no-edit", "main"]);
        site.push(&["topic"]).is_blocked(&["[old] bad.py:1:1", &bad[..12]]);
    }
}

#[test]
fn each_of_them_alone_makes_nothing_old() {
    let site = Site::new();
    site.commit("bad.py", BAD);
    for name in WRITTEN_UNASKED {
        site.fetched_as("main", name);
        site.push(&["main"]).is_blocked(&["[old] bad.py:1:1", "refs/heads/main"]);
        // Nor when the host removes it, or it moves, in the same push.
        site.push(&["main", &format!(":{name}")]).is_blocked(&["refs/heads/main"]);
        site.on_server(&["update-ref", "-d", name]);
    }
}

#[test]
fn the_admin_says_which_references_lead_to_what_is_there() {
    let site = Site::new();
    site.commit("bad.py", BAD);
    site.fetched_as("main", "refs/archive/1");
    site.admin("trusted-refs = ['refs/heads/**', 'refs/archive/**']\nrefs-not-judged = 'refs/archive/**'\n");
    site.push(&["main:refs/heads/a"]).is_blocked(&["[old] bad.py:1:1"]);
    site.admin("trusted-refs = ['refs/heads/**', 'refs/archive/**']\n");
    site.push(&["main:refs/heads/a"]).is_silent();
    site.push(&["--delete", "a"]).is_silent();
    // Tags count only where they are named.
    site.fetched_as("main", "refs/tags/old");
    site.admin("trusted-refs = 'refs/heads/**'\n");
    site.push(&["main:refs/heads/a"]).is_blocked(&["[old] bad.py:1:1"]);
    site.admin("");
    site.push(&["main:refs/heads/a"]).is_silent();
}

#[test]
fn only_what_was_there_under_the_references_own_name_counts() {
    let site = Site::new();
    site.commit("bad.py", BAD);
    site.fetched_as("main", "refs/pull-requests/1/from");
    // A branch that is another name of such a reference, and a HEAD that names one.
    site.on_server(&["symbolic-ref", "refs/heads/alias", "refs/pull-requests/1/from"]);
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
    site.on_server(&["symbolic-ref", "HEAD", "refs/pull-requests/1/from"]);
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
}

#[test]
fn a_detached_head_counts_where_the_admin_names_it() {
    let site = Site::new();
    site.commit("bad.py", BAD);
    site.fetched_as("main", "refs/keep-around/1");
    site.on_server(&["update-ref", "--no-deref", "HEAD", "refs/keep-around/1"]);
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1", "refs/heads/main"]);
    // What branches have is there all the same.
    site.push(&["main~:refs/heads/side"]).is_silent();
    site.admin("trusted-refs = ['HEAD', 'refs/heads/**']\n");
    site.push(&["main:refs/heads/other"]).is_silent();
}

#[test]
fn a_repository_with_other_references_is_not_empty() {
    // Else whatever a host lets in would be followed by a first push again and again.
    let site = Site::empty();
    site.client.write("policy.toml", POLICY).commit("policy");
    site.fetched_as("main", "refs/keep-around/1");
    site.commit("bad.py", BAD);
    site.admin("policies = 'org.toml'\n");
    std::fs::write(site.server.join("hooks/org.toml"), POLICY).unwrap();
    site.push(&["main"]).is_blocked(&["[org/old] bad.py:1:1"]);
    site.on_server(&["update-ref", "-d", "refs/keep-around/1"]);
    site.push(&["main"]).warns(&["[org/old] bad.py:1:1", "The repository was empty"]);
}

/// Makes a fork that borrows from a lender; the client pushes to the fork.
fn fork(site: &Site) -> std::path::PathBuf {
    let fork = site.client.beside("fork.git");
    site.client.git(&["clone", "-q", "--bare", "--shared", "../server.git", fork.to_str().unwrap()]);
    site.install_in(&fork);
    site.client.git(&["remote", "set-url", "origin", fork.to_str().unwrap()]);
    fork
}

fn configure(fork: &Path, text: &str) {
    std::fs::write(fork.join("hooks/importgate-server.toml"), format!("importgate-server = 1\n{text}")).unwrap();
}

#[test]
fn of_a_lender_its_heads_and_tags_count_or_nothing() {
    let site = Site::new();
    let fork = fork(&site);
    site.commit("bad.py", BAD);
    for name in WRITTEN_UNASKED {
        site.fetched_as("main", name);
        site.push(&["main"]).is_blocked(&["[old] bad.py:1:1", "refs/heads/main"]);
    }
    // Not even where the fork's own references of that name would count.
    configure(&fork, "trusted-refs = '**'\n");
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
    for name in ["refs/heads/upstream", "refs/tags/v1"] {
        site.fetched_as("main", name);
        configure(&fork, "lender = 'none'\n");
        site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
        configure(&fork, &format!("refs-not-judged = '{name}'\n"));
        site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
        for text in ["", "lender = 'heads'\n", "trusted-refs = 'refs/heads/main'\n"] {
            configure(&fork, text);
            site.push(&["main:refs/heads/synced"]).is_silent();
            site.client.git_in(&fork, &["update-ref", "-d", "refs/heads/synced"]);
        }
        site.on_server(&["update-ref", "-d", name]);
        site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
    }
}

#[test]
fn a_lenders_lender_lends_too() {
    let site = Site::new();
    fork(&site);
    let second = site.client.beside("second.git");
    site.client.git(&["clone", "-q", "--bare", "--shared", "../fork.git", second.to_str().unwrap()]);
    site.install_in(&second);
    site.client.git(&["remote", "set-url", "origin", second.to_str().unwrap()]);
    site.commit("bad.py", BAD);
    site.fetched_as("main", "refs/merge-requests/1/head");
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
    site.fetched_as("main", "refs/heads/upstream");
    configure(&second, "lender = 'none'\n");
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
    configure(&second, "");
    site.push(&["main"]).is_silent();
}

#[test]
fn whom_a_client_names_in_the_environment_lends_nothing() {
    let site = Site::new();
    let own = site.client.beside("eve.git");
    site.client.git(&["clone", "-q", "--bare", "../server.git", own.to_str().unwrap()]);
    site.commit("bad.py", BAD);
    site.client.git(&["push", "-q", own.to_str().unwrap(), "main:refs/heads/eve"]);
    // As if sshd took the variable from clients.
    let objects = own.join("objects");
    for variable in ["GIT_ALTERNATE_OBJECT_DIRECTORIES", "IGNORED"] {
        let pack = format!("--receive-pack=env {variable}='{}' git-receive-pack", objects.display());
        site.push(&[&pack, "main"]).is_blocked(&["[old] bad.py:1:1", "refs/heads/main"]);
    }
}

#[test]
fn a_lender_that_cannot_be_read_lends_nothing() {
    let site = Site::new();
    let fork = fork(&site);
    site.commit("bad.py", BAD);
    site.fetched_as("main", "refs/heads/upstream");
    // What is lent under a path of another form counts as well.
    let alternates = fork.join("objects/info/alternates");
    std::fs::write(&alternates, "# a comment\n../../server.git/objects/\n").unwrap();
    site.push(&["main"]).is_silent();
    site.client.git_in(&fork, &["update-ref", "refs/heads/main", "main~"]);
    let heads = site.server.join("refs/heads");
    std::fs::rename(&heads, site.server.join("refs/heads-are-away")).unwrap();
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
    std::fs::write(&heads, "this repository uses the reftable format\n").unwrap();
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
}
