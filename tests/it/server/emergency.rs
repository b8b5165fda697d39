//! What an admin decides for bad days: the kill switch, pushes that cannot be judged, whom to ask.

use std::io::Write;
use std::process::Command;
use std::sync::Once;

use super::*;

/// Runs a command that sees a file of the test's as the system's git configuration, in a mount namespace of its own.
const WITH_SYSTEM: &str = "mount --bind \"$1\" /etc/gitconfig && shift && exec \"$@\"";

impl Site {
    /// Pushes to a server whose system's git configuration names `admin.toml` beside it.
    fn push_on_host(&self, variables: &[(&str, &str)], args: &[&str]) -> Push {
        let mut command = self.on_host(&["git", "push", "origin"]);
        Push::of(&command.args(args).envs(variables.iter().copied()).output().unwrap())
    }

    fn on_host(&self, run: &[&str]) -> Command {
        let file = self.client.beside("gitconfig");
        let admin = self.client.beside("admin.toml");
        std::fs::write(&file, format!("[importgate]\n\tserver = {}\n", admin.display())).unwrap();
        let mut command = self.client.command("unshare");
        command.args(["-rm", "sh", "-c", WITH_SYSTEM, "sh"]).arg(&file);
        command.args(run);
        command
    }

    /// Writes the file that the system's git configuration names.
    fn of_all(&self, text: &str) -> &Self {
        std::fs::write(self.client.beside("admin.toml"), format!("importgate-server = 1\n{text}")).unwrap();
        self
    }
}

/// Returns whether this machine lets a test stand in for the system's git configuration: it may give nobody a mount
/// namespace, or have no such file. If not, that is said past the capture of what a test prints.
fn has_namespaces() -> bool {
    let mut command = Command::new("unshare");
    let run = command.args(["-rm", "mount", "--bind", "/dev/null", "/etc/gitconfig"]).output();
    let why = match run {
        Ok(run) if run.status.success() => return true,
        Ok(run) => String::from_utf8_lossy(&run.stderr).trim().replace('\n', " "),
        Err(error) => error.to_string(),
    };
    static IS_TOLD: Once = Once::new();
    IS_TOLD.call_once(|| {
        let told = format!(
            "\nNOT TESTED: the kill switch, server::emergency, needs `unshare -rm` and /etc/gitconfig: {why}\n"
        );
        std::io::stderr().write_all(told.as_bytes()).unwrap();
    });
    false
}

#[test]
fn one_line_turns_all_repositories() {
    if !has_namespaces() {
        return;
    }
    let report = "all-repositories = 'report'\n";
    let off = "all-repositories = 'off'\n";
    // However a repository comes by its own file.
    let own: [&dyn Fn(&Site); 6] = [
        &|_| {},
        &|site| _ = site.admin("enforce = 'block'\n[[repository]]\nmatch = '**'\nenforce = 'block'\n"),
        &|site| {
            std::fs::write(site.server.join("own.toml"), "importgate-server = 1\n").unwrap();
            site.on_server(&["config", "importgate.server", "own.toml"]);
        },
        &|site| {
            let file = site.client.beside("named.toml");
            std::fs::write(&file, "importgate-server = 1\n").unwrap();
            let hook = site.server.join("hooks/pre-receive");
            let script = std::fs::read_to_string(&hook).unwrap();
            let named = format!("pre-receive --config '{}' --hook", file.display());
            std::fs::write(&hook, script.replace("pre-receive --hook", &named)).unwrap();
        },
        // The day on which everything else is broken.
        &|site| _ = site.admin("enforc = 'block'\n"),
        &|site| drop(site.on_server(&["config", "importgate.server", "gone.toml"])),
    ];
    for (at, own) in own.iter().enumerate() {
        let site = Site::new();
        own(&site);
        site.of_all("enforce = 'block'\n");
        site.commit("bad.py", BAD);
        let push = site.push_on_host(&[], &["main"]);
        assert!(!push.is_through, "{at}: {}", push.text);
        let push = site.of_all(report).push_on_host(&[], &["main"]);
        push.warns(&[if at < 5 {
            "This server reports only, for now: nothing is rejected."
        } else {
            "could not judge"
        }]);
        site.commit("worse.py", BAD);
        site.of_all(off).push_on_host(&[], &["main"]).is_silent();
        // Turned back, the gate is what it was.
        site.commit("worst.py", BAD);
        assert!(!site.of_all("").push_on_host(&[], &["main"]).is_through, "{at}");
    }
}

#[test]
fn doctor_knows_the_switch() {
    if !has_namespaces() {
        return;
    }
    let site = Site::new();
    let doctor = || {
        let program = site.client.importgate_command(&[]).get_program().to_str().unwrap().to_owned();
        let run = site.on_host(&[&program, "doctor"]).current_dir(&site.server).output().unwrap();
        String::from_utf8(run.stdout).unwrap()
    };
    for (file, told) in [
        ("", "kill switch: not pulled; the key `all-repositories` in "),
        ("all-repositories = 'report'\n", "kill switch: pulled, all repositories are turned to \"report\""),
        ("all-repositories = 'off'\n", "kill switch: pulled, all repositories are turned to \"off\""),
    ] {
        site.of_all(file);
        let said = doctor();
        assert!(said.contains(told), "{said}");
    }
    // Broken, where the repository has a file of its own.
    site.on_server(&["config", "importgate.server", "own.toml"]);
    std::fs::write(site.server.join("own.toml"), "importgate-server = 1\n").unwrap();
    site.of_all("all-repositories = 'of'\n");
    let said = doctor();
    assert!(said.contains("kill switch: ") && said.contains("`all-repositories` cannot be `of`"), "{said}");
    std::fs::remove_file(site.client.beside("admin.toml")).unwrap();
    let said = doctor();
    assert!(said.contains("kill switch: the admin's file ") && said.contains("cannot be read"), "{said}");
}

#[test]
fn the_switch_is_in_no_file_that_is_gone_or_broken() {
    if !has_namespaces() {
        return;
    }
    let site = Site::new();
    site.commit("bad.py", BAD);
    // The file is gone: where it is the repository's own, nothing passes; another one is not kept from judging.
    site.push_on_host(&[], &["main"]).is_unjudged(&["admin.toml is missing"]);
    site.on_server(&["config", "importgate.server", "own.toml"]);
    std::fs::write(site.server.join("own.toml"), "importgate-server = 1\n").unwrap();
    site.push_on_host(&[], &["main"]).is_blocked(&["[old] bad.py:1:1"]);
    site.commit("fine.py", "import os\n");
    // Broken: what cannot be read for certain turns nothing.
    for broken in
        ["all-repositories = 'off'\nx = = 1\n", "all-repositories = 'of'\n", "[a]\nall-repositories = 'off'\n"]
    {
        site.of_all(broken).push_on_host(&[], &["main"]).is_blocked(&["[old] bad.py:1:1"]);
    }
    // The rehearsal: the line is written anew, beside whatever else is wrong.
    site.of_all("deadlin = '4s'\nall-repositories = 'report'\n").push_on_host(&[], &["main"]).warns(&["for now"]);
}

#[test]
fn no_pusher_pulls_the_switch() {
    let site = Site::new();
    let off = "importgate-server = 1\nall-repositories = 'off'\n";
    let file = site.client.beside("off.toml");
    std::fs::write(&file, off).unwrap();
    let config = site.client.beside("system");
    std::fs::write(&config, format!("[importgate]\n\tserver = {}\n", file.display())).unwrap();
    let (file, config) = (file.to_str().unwrap(), config.to_str().unwrap());
    site.client.write("importgate-server.toml", off).write("hooks/importgate-server.toml", off);
    site.commit("bad.py", BAD);
    let home = site.client.beside("home");
    std::fs::create_dir(&home).unwrap();
    std::fs::copy(config, home.join(".gitconfig")).unwrap();
    let attempts: [&[(&str, &str)]; 5] = [
        &[("GIT_CONFIG_SYSTEM", config), ("GIT_CONFIG_NOSYSTEM", "0")],
        &[("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", "importgate.server"), ("GIT_CONFIG_VALUE_0", file)],
        &[("GIT_CONFIG_GLOBAL", config)],
        &[("HOME", home.to_str().unwrap()), ("XDG_CONFIG_HOME", home.to_str().unwrap())],
        &[("EXEPATH", home.to_str().unwrap()), ("PREFIX", home.to_str().unwrap())],
    ];
    for variables in attempts {
        site.push_with(variables, &["main"]).is_blocked(&["[old] bad.py:1:1"]);
        if has_namespaces() {
            site.of_all("").push_on_host(variables, &["main"]).is_blocked(&["[old] bad.py:1:1"]);
        }
    }
    // A file that a push to the checked-out branch changes is not the admin's.
    if has_namespaces() {
        let worktree = crate::repo::TestRepo::new();
        worktree.git(&["config", "receive.denyCurrentBranch", "updateInstead"]);
        site.client.git(&["push", "-q", worktree.top().to_str().unwrap(), "main~:refs/heads/main"]);
        let _ = std::fs::remove_file(site.client.beside("admin.toml"));
        std::os::unix::fs::symlink(worktree.top().join("importgate-server.toml"), site.client.beside("admin.toml"))
            .unwrap();
        worktree.write("importgate-server.toml", off);
        let site = Site { client: site.client, server: worktree.top().join(".git") };
        site.install();
        site.client.git(&["remote", "set-url", "origin", worktree.top().to_str().unwrap()]);
        let push = site.push_on_host(&[], &["main:refs/heads/other"]);
        assert!(!push.is_through && push.text.contains("could not judge"), "{}", push.text);
    }
}

#[test]
fn each_cause_may_be_treated_in_its_way() {
    let site = Site::new();
    // A standing policy that is invalid, a deadline that has passed, and a policy of the server's that is gone.
    site.commit("policy.toml", "importgate = 1\nrules = 3\n");
    site.ungated_push(&["main"]);
    site.branch("topic", "main");
    site.commit("fine.py", "import os\n");
    let rows = [("", "policy"), ("policies = 'gone.toml'\n", "policy"), ("deadline = '1ns'\n", "timeout")];
    for (at, (config, cause)) in rows.iter().enumerate() {
        let branch = format!("topic:refs/heads/topic-{at}");
        for passing in ["timeout", "policy", "fault"] {
            site.admin(&format!("{config}cannot-judge = {{ {passing} = 'report' }}\nlog = 'log'\n"));
            let push = site.push(&[&branch]);
            assert_eq!(push.is_through, *cause == passing, "{config} {passing}: {}", push.text);
            assert!(push.text.contains("could not judge: "), "{}", push.text);
            if push.is_through {
                site.on_server(&["update-ref", "-d", &format!("refs/heads/topic-{at}")]);
            }
        }
    }
    assert!(site.log().iter().all(|line| line["verdict"] == "error"), "{:?}", site.log());
    // Shallow histories are faults of neither kind.
    let site = Site::new();
    site.on_server(&["config", "receive.shallowUpdate", "true"]);
    site.client.git(&["checkout", "-q", "--orphan", "elsewhere"]);
    site.commit("bad.py", BAD);
    let end = site.client.git(&["rev-parse", "HEAD"]);
    site.commit("fine.py", "import os\n");
    std::fs::write(site.client.top().join(".git/shallow"), format!("{end}\n")).unwrap();
    site.admin("cannot-judge = { timeout = 'report', policy = 'report' }\n");
    let push = site.push(&["elsewhere"]);
    assert!(!push.is_through && push.text.contains("could not judge: the pushed history is shallow"), "{}", push.text);
    site.admin("cannot-judge = { fault = 'report' }\n").push(&["elsewhere"]).warns(&["the pushed history is shallow"]);
}

#[test]
fn messages_say_whom_to_ask() {
    let site = Site::new();
    site.admin("contact = '#git-help'\nprotect-policy = true\n");
    site.commit("policy.toml", "importgate = 1\n");
    site.push(&["main"]).is_blocked(&["Ask #git-help."]);
    site.push(&[":main"]);
    site.client.git(&["reset", "-q", "--hard", "HEAD~"]);
    site.commit("fine.py", "import os\n");
    site.admin("contact = '#git-help'\npolicies = 'gone.toml'\n");
    site.push(&["main"]).is_unjudged(&["If you cannot mend it, ask #git-help."]);
    site.admin("contact = ''\n");
    site.push(&["main"]).is_unjudged(&["`contact` says nobody", "If you cannot mend it, ask the server's admin."]);
    site.admin("contact = '#git-help'\n").on_server(&["symbolic-ref", "HEAD", "refs/heads/trunk"]);
    site.push(&["main"]).warns(&["#git-help can name another branch"]);
}
