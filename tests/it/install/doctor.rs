//! The doctor's report on each state.

use super::*;

impl Ground {
    pub(super) fn doctor(&self) -> (u64, String) {
        drive::diagnose(&mut self.command(drive::driver()), &self.options())
    }

    #[track_caller]
    pub(super) fn assert_doctor(&self, status: u64, parts: &[&str]) {
        let (found, text) = self.doctor();
        assert_eq!(found, status, "{text}");
        for part in parts {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}

#[test]
fn all_is_well() {
    let ground = Ground::new();
    ground.install();
    let program = ground.root.join("bin/importgate");
    let runs = format!("ok       pre-push: runs {}", program.display());
    ground.assert_doctor(
        0,
        &["ok       git 2.", &runs, "git's default", "ok       policy.toml: 3 rules", "git will run"],
    );
}

#[test]
fn not_installed() {
    let ground = Ground::new();
    ground.assert_doctor(1, &["problem  pre-commit: not installed", "  fix    importgate install", "3 problems"]);
}

#[test]
fn nothing_to_tell() {
    let ground = Ground::new();
    let nowhere = Options { dir: ground.root.join("home"), ..ground.options() };
    let (status, text) = drive::diagnose(&mut ground.command(drive::driver()), &nowhere);
    assert_eq!(status, 2, "{text}");
    assert!(text.contains("not a git repository") && text.contains("Cannot tell"), "{text}");
    let (status, _) = drive::diagnose(ground.command(drive::driver()).env("PATH", ""), &ground.options());
    assert_eq!(status, 2);
}

#[test]
fn bare_repositories_run_none() {
    let ground = Ground::new();
    ground.git(["init", "-q", "--bare", "../bare.git"]);
    let bare = Options { dir: ground.root.join("bare.git"), ..ground.options() };
    let (status, text) = drive::diagnose(&mut ground.command(drive::driver()), &bare);
    assert_eq!(status, 1, "{text}");
}

#[test]
fn hooks_that_do_not_run() {
    let ground = Ground::new();
    ground.install();
    fs::set_permissions(ground.hook("pre-push"), fs::Permissions::from_mode(0o644)).unwrap();
    ground.assert_doctor(1, &["problem  pre-push: git may not execute", "1 problem:"]);
    assert!(ground.install().changed);
    let crlf = fs::read_to_string(ground.hook("pre-commit")).unwrap().replace('\n', "\r\n");
    fs::write(ground.hook("pre-commit"), crlf).unwrap();
    ground.assert_doctor(1, &["problem  pre-commit: its lines end in CRLF"]);
    ground.install();
    ground.assert_doctor(0, &[]);
}

#[test]
fn programs_that_do_not_run() {
    let ground = Ground::new();
    ground.install();
    let program = ground.root.join("bin/importgate");
    write_program(&program, "\x7fELF not for this machine");
    ground.assert_doctor(1, &["does not start"]);
    fs::remove_file(&program).unwrap();
    ground.assert_doctor(1, &["is missing, and PATH has no importgate"]);
    write_program(&ground.root.join("other/importgate"), STAND_IN);
    let path = format!("/usr/bin:/bin:{}", ground.root.join("other").display());
    let (status, text) = drive::diagnose(ground.command(drive::driver()).env("PATH", path), &ground.options());
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("warning  pre-commit") && text.contains("run from PATH instead"), "{text}");
}

#[test]
fn hooks_that_a_setting_hides() {
    let ground = Ground::new();
    ground.install();
    ground.git(["config", "core.hooksPath", ".githooks"]);
    ground.assert_doctor(
        1,
        &["are never run", "core.hooksPath = \".githooks\" in", ".git/config, local", "not installed"],
    );
    // The advice is followed.
    ground.install();
    ground.assert_doctor(0, &["are never run", "delete these leftovers: rm "]);
    for name in ["pre-commit", "pre-merge-commit", "pre-push"] {
        fs::remove_file(ground.repo.join(".git/hooks").join(name)).unwrap();
    }
    let (_, text) = drive::diagnose(&mut ground.command(drive::driver()), &ground.options());
    assert!(!text.contains("never run"), "{text}");
    ground.git(["config", "core.hooksPath", "/dev/null"]);
    ground.assert_doctor(1, &["problem  git looks for hooks in /dev/null", "disabled"]);
}

#[test]
fn folders_that_are_shared() {
    let ground = Ground::new();
    ground.install();
    ground.git(["config", "--global", "core.hooksPath", ground.root.join("shared").to_str().unwrap()]);
    ground.assert_doctor(
        1,
        &["warning  git looks for hooks in", "importgate install --global, or git config core.hooksPath '"],
    );
    // The advice is followed.
    ground.git(["config", "core.hooksPath", ground.repo.join(".git/hooks").to_str().unwrap()]);
    ground.assert_doctor(0, &[".git/config, local"]);
}

#[test]
fn other_tools_hooks() {
    let ground = Ground::new();
    ground.install();
    write_program(&ground.hook("pre-push"), "#!/bin/sh\n");
    ground.assert_doctor(1, &["pre-push is not importgate's", "which keeps it and runs it first"]);
    write_program(&ground.hook("pre-push"), "#!/bin/sh\nimportgate pre-push \"$@\"\n");
    ground.assert_doctor(0, &["warning  pre-push:", "mentions it"]);
    fs::rename(ground.hook("pre-commit"), ground.hook("pre-commit.legacy")).unwrap();
    write_program(&ground.hook("pre-commit"), "#!/bin/sh\nexec \"$0.legacy\"\n");
    ground.assert_doctor(0, &["is another tool's and calls "]);
}

#[test]
fn kept_hooks() {
    let ground = Ground::new();
    write_program(&ground.hook("pre-push"), "#!/bin/sh\n");
    ground.install();
    ground.assert_doctor(0, &["pre-push.before-importgate first"]);
    let kept = ground.hook("pre-push.before-importgate");
    fs::write(&kept, "#!/bin/sh\nbasename \"$0\"\n").unwrap();
    ground.assert_doctor(0, &["warning  pre-push:", "has changed since it was kept"]);
    ground.install();
    ground.assert_doctor(0, &["pre-push.before-importgate first"]);
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o644)).unwrap();
    ground.assert_doctor(0, &["is not executable and is not run"]);
}

#[test]
fn hooks_of_another_version() {
    let ground = Ground::new();
    ground.install();
    let newer =
        fs::read_to_string(ground.hook("pre-commit")).unwrap().replace("importgate-hook 1 ", "importgate-hook 9 ");
    fs::write(ground.hook("pre-commit"), newer).unwrap();
    ground.assert_doctor(0, &["another version of importgate (format 9)"]);
}
