//! Hooks as git hosts run them.

use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;
use crate::repo::TestRepo;

#[test]
fn next_to_no_environment() {
    let site = Site::new();
    site.commit("fine.py", "import os\n");
    for (at, env) in ["env -i PATH=/usr/bin:/bin", "env -i", "env -i HOME=/nowhere PATH=", "env -u HOME -u LANG"]
        .into_iter()
        .enumerate()
    {
        let pack = format!("--receive-pack={env} /usr/bin/git-receive-pack");
        site.branch(&format!("b{at}"), "main");
        site.push(&[&pack, &format!("b{at}")]).is_silent();
        site.commit("bad.py", BAD);
        site.push(&[&pack, &format!("b{at}")]).is_blocked(&["[old] bad.py:1:1"]);
    }
}

#[test]
fn gitlabs_pages_show_marked_lines_alone() {
    let site = Site::new();
    let web = [("GL_PROTOCOL", "web"), ("SECRET", "hunter2")];
    site.commit("fine.py", "import os\n");
    site.push_with(&web, &["main"]).is_silent();
    site.commit("bad.py", BAD.repeat(60));
    let marked = |push: &Push| {
        let lines = push.lines();
        assert!(lines.len() > 1 && lines.iter().all(|line| line.starts_with("GL-HOOK-ERR: ")), "{}", push.text);
        assert!(!push.text.contains("hunter2"), "{}", push.text);
    };
    let push = site.push_with(&web, &["main"]);
    push.is_blocked(&["GL-HOOK-ERR: error: [old] bad.py:1:1", "GL-HOOK-ERR: error: 60 blocked"]);
    marked(&push);
    // Faults and refusals are marked too.
    site.admin("enforc = 'off'\n");
    let push = site.push_with(&web, &["main"]);
    push.is_unjudged(&["GL-HOOK-ERR: error: could not judge: ", "GL-HOOK-ERR: error: Push rejected."]);
    marked(&push);
    site.admin("");
    site.commit("bad.py", "");
    site.commit("policy.toml", "importgate = 1\nrules = 3\n");
    marked(&site.push_with(&web, &["main"]));
    let push = site.push_with(&[("GL_PROTOCOL", "ssh")], &["main"]);
    assert!(!push.is_through && !push.text.contains("GL-HOOK-ERR"), "{}", push.text);
}

fn program(path: &Path, script: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, script).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn as_one_of_several() {
    let site = Site::ungated(&[]);
    site.client.write("policy.toml", POLICY).commit("first");
    site.client.git(&["push", "-q", "origin", "main"]);
    // Gitea's hook.
    let all = "#!/bin/sh\ndata=$(cat)\nstatus=0\nfor hook in ./hooks/pre-receive.d/*; do\n\
        test -x \"$hook\" || continue\necho \"$data\" | \"$hook\" || status=$?\ndone\nexit $status\n";
    program(&site.server.join("hooks/pre-receive"), all);
    program(&site.server.join("hooks/pre-receive.d/another"), "#!/bin/sh\ncat >seen\n");
    site.install();
    site.commit("fine.py", "import os\n");
    site.push(&["main"]).is_silent();
    site.commit("bad.py", BAD);
    std::fs::remove_file(site.server.join("seen")).unwrap();
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
    assert!(site.server.join("seen").exists(), "the other one has run too");
    // The admin's file lies beside the hook.
    let file = site.server.join("hooks/pre-receive.d/importgate-server.toml");
    std::fs::write(file, "importgate-server = 1\nenforce = 'report'\n").unwrap();
    site.push(&["main:refs/heads/told"]).warns(&["[old] bad.py:1:1", "This server only reports"]);
}

#[test]
fn behind_gitolites_link() {
    let site = Site::ungated(&[]);
    site.client.write("policy.toml", POLICY).commit("first");
    site.client.git(&["push", "-q", "origin", "main"]);
    let common = site.client.beside(".gitolite/hooks/common");
    std::fs::create_dir_all(&common).unwrap();
    site.install_in(&common);
    symlink(common.join("pre-receive"), site.server.join("hooks/pre-receive")).unwrap();
    let user = [("GL_USER", "alice"), ("GL_REPO", "testing")];
    site.commit("fine.py", "import os\n");
    site.push_with(&user, &["main"]).is_silent();
    site.commit("bad.py", BAD);
    site.push_with(&user, &["main"]).is_blocked(&["[old] bad.py:1:1"]);
    let file = common.join("importgate-server.toml");
    let own = "importgate-server = 1\n[[repository]]\nmatch = 'server'\nenforce = 'report'\n";
    std::fs::write(&file, own).unwrap();
    site.push_with(&user, &["main:refs/heads/told"]).warns(&["[old] bad.py:1:1"]);
    std::fs::write(&file, own.replace("'server'", "'another'")).unwrap();
    site.commit("worse.py", BAD);
    site.push_with(&user, &["main"]).is_blocked(&["[old] worse.py:1:1"]);
}

#[test]
fn each_reference_by_itself() {
    let site = Site::ungated(&[]);
    site.client.write("policy.toml", POLICY).commit("first");
    site.client.git(&["push", "-q", "origin", "main"]);
    let run = site.client.importgate_command(&["install", "--server", "--update"]).current_dir(&site.server).output();
    assert!(run.unwrap().status.success());
    site.branch("good", "main");
    site.commit("fine.py", "import os\n");
    site.branch("bad", "main");
    site.commit("bad.py", BAD);
    let push = site.push(&["good", "bad"]);
    assert!(!push.is_through && push.text.contains("bad -> bad (hook declined)"), "{}", push.text);
    assert!(push.lines().contains(&"error: 1 blocked in 1 of 1 changed file. Reference rejected."), "{}", push.text);
    assert_eq!(site.on_server(&["for-each-ref", "--format=%(refname:short)"]), "good\nmain");
    let push = site.push(&[":good", ":refs/heads/never"]);
    assert!(push.is_through, "{}", push.text);
}

#[test]
fn a_hosts_name_counts_where_the_admin_says_which_host() {
    let site = Site::new();
    let off = "log = 'log'\n[[repository]]\nmatch = 'acme/**'\nenforce = 'report'\n";
    site.commit("bad.py", BAD);
    let names = [
        ("gitolite", &[("GL_REPO", "acme/shop")][..]),
        ("gitlab", &[("GL_PROJECT_PATH", "acme/shop")]),
        ("github", &[("GITHUB_REPO_NAME", "acme/shop")]),
        ("bitbucket", &[("BB_PROJECT_KEY", "acme"), ("BB_REPO_SLUG", "shop")]),
        ("gitea", &[("GITEA_REPO_USER_NAME", "acme"), ("GITEA_REPO_NAME", "shop")]),
    ];
    // A client may set each of them, where sshd accepts them.
    site.admin(off);
    let all: Vec<_> = names.iter().flat_map(|(_, variables)| variables.iter().copied()).collect();
    site.push_with(&all, &["main"]).is_blocked(&["[old] bad.py:1:1"]);
    assert_eq!(site.log()[0]["name"], serde_json::Value::Null);
    for (at, (host, variables)) in names.iter().enumerate() {
        site.admin(&format!("host = '{host}'\n{off}"));
        // Those of all others say nothing.
        let others: Vec<_> = all.iter().filter(|variable| !variables.contains(variable)).copied().collect();
        site.push_with(&others, &["main"]).is_blocked(&["[old] bad.py:1:1", "known by its path alone", variables[0].0]);
        let push = site.push_with(variables, &[&format!("main:refs/heads/{host}")]);
        push.warns(&["This server only reports"]);
        let log = site.log();
        assert_eq!(log.last().unwrap()["name"], "acme/shop");
        assert_eq!(log.len(), 1 + 2 * (at + 1));
        site.on_server(&["update-ref", "-d", &format!("refs/heads/{host}")]);
    }
    // Who pushes is said by the same host.
    site.on_server(&["config", "receive.advertisePushOptions", "true"]);
    site.admin("host = 'gitlab'\nbreak-glass = ['oncall']\n");
    let option = ["-o", "importgate.allow=old:the rollback", "main"];
    let name = ("GL_PROJECT_PATH", "acme/shop");
    for user in [("GL_USER", "oncall"), ("REMOTE_USER", "oncall"), ("USER", "oncall")] {
        site.push_with(&[name, user], &option).is_blocked(&["the host does not say who pushes"]);
    }
    site.push_with(&[name, ("GL_USERNAME", "oncall"), ("GL_USER", "eve")], &option).warns(&["allowed to oncall"]);
}

#[test]
fn a_repository_with_a_worktree() {
    let server = TestRepo::new();
    server.write("policy.toml", POLICY).commit("policy");
    server.git(&["config", "receive.denyCurrentBranch", "ignore"]);
    assert!(server.importgate(&["install", "--server"]).status.success());
    let clone = server.beside("clone");
    let at = clone.to_str().unwrap();
    server.git(&["clone", "-q", server.top().to_str().unwrap(), at]);
    for (file, text, is_through) in [("fine.py", "import os\n", true), ("bad.py", BAD, false)] {
        std::fs::write(clone.join(file), text).unwrap();
        server.git_in(&clone, &["add", "-A"]);
        server.git_in(&clone, &["commit", "-q", "-m", file]);
        let push = server.try_git(&["-C", at, "push", "-q", "origin", "HEAD"]);
        let said = String::from_utf8_lossy(&push.stderr).into_owned();
        assert_eq!(push.status.success(), is_through, "{said}");
        assert_eq!(said.contains("[old] bad.py:1:1"), !is_through, "{said}");
    }
}

#[test]
fn the_path_of_a_linked_worktree_names_the_repository() {
    let site = Site::new();
    site.admin("protect-policy = true\n");
    site.branch("mild", "main");
    site.commit("policy.toml", "importgate = 1\n");
    site.ungated_push(&["mild"]);
    site.on_server(&["worktree", "add", "-q", "../wt", "mild"]);
    site.client.git(&["checkout", "-q", "main"]);
    site.client.git(&["remote", "set-url", "origin", "../server.git/worktrees/wt"]);
    site.commit("bad.py", BAD);
    site.push(&["main"]).is_blocked(&["[old] bad.py:1:1"]);
    site.client.git(&["reset", "-q", "--hard", "HEAD~"]);
    site.commit("policy.toml", "importgate = 1\n");
    site.push(&["main"]).is_blocked(&["would weaken the policy, which this server protects"]);
}

#[test]
fn a_file_in_a_linked_worktree_is_not_the_admins() {
    let site = Site::new();
    site.on_server(&["worktree", "add", "-q", "../wt", "main"]);
    let file = site.client.beside("wt/admin.toml");
    std::fs::write(&file, "importgate-server = 1\nenforce = 'off'\n").unwrap();
    site.on_server(&["config", "importgate.server", file.to_str().unwrap()]);
    site.commit("bad.py", BAD);
    site.push(&["main:refs/heads/x"]).is_unjudged(&["lies in the worktree, where a push could change it"]);
}

#[test]
fn doctor_looks_at_what_pushes_by_the_path_of_a_linked_worktree_are_judged_by() {
    let site = Site::new();
    site.branch("side", "main");
    site.commit("policy.toml", "importgate = 1\n");
    site.ungated_push(&["side"]);
    site.on_server(&["worktree", "add", "-q", "../wt", "side"]);
    let run =
        site.client.importgate_command(&["doctor"]).current_dir(site.server.join("worktrees/wt")).output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(said.contains("ok       policy: refs/heads/main:policy.toml, 1 rule"), "{said}");
}

#[test]
fn a_hook_run_by_hand_beneath_a_bare_repository_finds_it() {
    let site = Site::new();
    // Another repository that a shortened path would lead to.
    site.client.git(&["init", "-q", "-b", "other", ".."]);
    for folder in ["objects", "objects/pack", "refs/heads", "hooks", "info"] {
        let run = |args: &[&str]| {
            let mut command = site.client.importgate_command(args);
            let run =
                command.current_dir(site.server.join(folder)).stdin(std::process::Stdio::null()).output().unwrap();
            let said = String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned();
            assert!(!said.contains("panicked"), "{folder}: {said}");
            (run.status.code(), said)
        };
        let (status, said) = run(&["pre-receive"]);
        assert!(status == Some(2) && said.contains("could not judge: git sent no reference"), "{folder}: {said}");
        let (status, said) = run(&["doctor"]);
        let policy = "ok       policy: refs/heads/main:policy.toml, 1 rule";
        assert!(status == Some(0) && said.contains(policy), "{folder}: {said}");
    }
}
