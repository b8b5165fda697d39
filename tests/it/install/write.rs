//! Files that install and uninstall write, keep, restore and refuse.

use std::os::unix::fs::symlink;

use super::*;

const NAMES: [&str; 3] = ["pre-commit", "pre-merge-commit", "pre-push"];

#[test]
fn installs_three_hooks_once() {
    let ground = Ground::new();
    let first = ground.install();
    assert!(first.changed);
    for name in NAMES {
        assert_eq!(mode(&ground.hook(name)), 0o755);
        assert!(first.lines.contains(&format!("write {}", ground.hook(name).display())), "{first:?}");
    }
    let before = listing(&ground.repo.join(".git"));
    let second = ground.install();
    assert!(!second.changed);
    assert!(second.lines.iter().all(|line| line.starts_with("unchanged ")), "{second:?}");
    assert_eq!(listing(&ground.repo.join(".git")), before);
}

#[test]
fn uninstall_leaves_nothing_behind() {
    let ground = Ground::new();
    let before = listing(&ground.repo.join(".git"));
    ground.install();
    assert!(ground.uninstall().changed);
    assert_eq!(listing(&ground.repo.join(".git")), before);
    assert_eq!(ground.uninstall().lines, ["nothing to remove"]);
}

#[test]
fn dry_runs_write_nothing() {
    let ground = Ground::new();
    write_program(&ground.hook("pre-push"), "#!/bin/sh\n");
    let dry = Options { dry_run: true, ..ground.options() };
    let before = listing(&ground.root);
    let outcome = ground.try_install(&dry).unwrap();
    assert!(outcome.changed && outcome.lines.iter().all(|line| line.starts_with("would write ")), "{outcome:?}");
    assert_eq!(listing(&ground.root), before);
    ground.install();
    let before = listing(&ground.root);
    let outcome = ground.try_uninstall(&dry).unwrap();
    assert_eq!(outcome.lines.len(), 3);
    assert!(outcome.lines.iter().all(|line| line.starts_with("would ")), "{outcome:?}");
    assert_eq!(listing(&ground.root), before);
}

#[test]
fn a_missing_hooks_folder_is_made() {
    let ground = Ground::new();
    fs::remove_dir_all(ground.repo.join(".git/hooks")).unwrap();
    ground.try_install(&Options { dry_run: true, ..ground.options() }).unwrap();
    assert!(!ground.repo.join(".git/hooks").exists());
    ground.install();
    assert!(ground.hook("pre-push").exists());
}

#[test]
fn earlier_hooks_come_back_as_they_were() {
    let ground = Ground::new();
    let hooks = ground.repo.join(".git/hooks");
    write_program(&hooks.join("pre-commit"), b"#!/bin/sh\r\n\xff\0odd\r\n");
    fs::set_permissions(hooks.join("pre-commit"), fs::Permissions::from_mode(0o710)).unwrap();
    write_program(&ground.repo.join("scripts/push"), "#!/bin/sh\n");
    symlink("../../scripts/push", hooks.join("pre-push")).unwrap();
    symlink("nowhere", hooks.join("pre-merge-commit")).unwrap();
    fs::write(hooks.join("commit-msg"), "another hook\r\n").unwrap();
    let before = listing(&ground.repo);
    ground.install();
    let kept = hooks.join("pre-push.before-importgate");
    assert_eq!(fs::read_link(kept).unwrap(), Path::new("../../scripts/push"));
    assert_eq!(fs::read(ground.repo.join("scripts/push")).unwrap(), b"#!/bin/sh\n");
    assert!(!ground.install().changed);
    ground.uninstall();
    assert_eq!(listing(&ground.repo), before);
}

#[test]
fn two_foreign_hooks_are_both_too_dear_to_lose() {
    let ground = Ground::new();
    write_program(&ground.hook("pre-push"), "#!/bin/sh\n# one\n");
    ground.install();
    write_program(&ground.hook("pre-push"), "#!/bin/sh\n# two\n");
    fs::remove_file(ground.hook("pre-commit")).unwrap();
    let before = listing(&ground.repo);
    let error = ground.try_install(&ground.options()).unwrap_err();
    assert!(error.contains("overwrites neither"), "{error}");
    assert_eq!(listing(&ground.repo), before, "nothing is changed for the other hooks either");
    let outcome = ground.uninstall();
    assert!(outcome.notes.iter().any(|note| note.contains("stays too")), "{outcome:?}");
    assert_eq!(fs::read(ground.hook("pre-push")).unwrap(), b"#!/bin/sh\n# two\n");
    assert_eq!(fs::read(ground.hook("pre-push.before-importgate")).unwrap(), b"#!/bin/sh\n# one\n");
}

#[test]
fn a_hook_written_anew_by_its_manager_is_the_kept_one() {
    let ground = Ground::new();
    write_program(&ground.hook("pre-commit"), "#!/bin/sh\n# stub\n");
    ground.install();
    let installed = listing(&ground.repo);
    write_program(&ground.hook("pre-commit"), "#!/bin/sh\n# stub\n");
    assert!(ground.install().changed);
    assert_eq!(listing(&ground.repo), installed);
}

/// pre-commit and prek move importgate's hook to `.legacy` and call it there.
#[test]
fn a_hook_that_another_tool_calls_is_left_there() {
    let ground = Ground::new();
    ground.install();
    let theirs = "#!/bin/sh\nexec \"$0.legacy\"\n";
    fs::rename(ground.hook("pre-commit"), ground.hook("pre-commit.legacy")).unwrap();
    write_program(&ground.hook("pre-commit"), theirs);
    let outcome = ground.install();
    assert!(!outcome.changed && outcome.notes[0].contains("is another tool's and calls "), "{outcome:?}");
    // The same if that tool was installed both before and after importgate.
    write_program(&ground.hook("pre-commit.before-importgate"), theirs);
    assert!(!ground.install().changed);
    let moved = ground.root.join("moved/importgate");
    write_program(&moved, STAND_IN);
    ground.try_install(&Options { program: moved, ..ground.options() }).unwrap();
    assert!(fs::read_to_string(ground.hook("pre-commit.legacy")).unwrap().contains("moved/importgate"));
    ground.uninstall();
    assert!(!ground.hook("pre-commit.legacy").exists() && !ground.hook("pre-commit.before-importgate").exists());
    assert_eq!(fs::read_to_string(ground.hook("pre-commit")).unwrap(), theirs);
}

/// An earlier hook, then importgate, then pre-commit: uninstalling passes the earlier one on.
#[test]
fn the_middle_of_a_chain_can_go() {
    let ground = Ground::new();
    write_program(&ground.hook("pre-commit"), "#!/bin/sh\n# earlier\n");
    ground.install();
    fs::rename(ground.hook("pre-commit"), ground.hook("pre-commit.legacy")).unwrap();
    write_program(&ground.hook("pre-commit"), "#!/bin/sh\nexec \"$0.legacy\"\n");
    assert!(!ground.install().changed);
    ground.uninstall();
    assert_eq!(fs::read(ground.hook("pre-commit.legacy")).unwrap(), b"#!/bin/sh\n# earlier\n");
    assert!(!ground.hook("pre-commit.before-importgate").exists());
}

#[test]
fn a_folder_in_the_way_is_refused() {
    let ground = Ground::new();
    fs::create_dir(ground.hook("pre-push")).unwrap();
    let error = ground.try_install(&ground.options()).unwrap_err();
    assert!(error.contains("is not a file"), "{error}");
    assert!(!ground.hook("pre-commit").exists());
}

#[test]
fn hooks_follow_the_binary() {
    let ground = Ground::new();
    ground.install();
    let moved = ground.root.join("else where/import'gate");
    write_program(&moved, STAND_IN);
    let options = Options { program: moved, ..ground.options() };
    let outcome = ground.try_install(&options).unwrap();
    assert!(outcome.lines.iter().all(|line| line.starts_with("update ")), "{outcome:?}");
    assert!(!ground.try_install(&options).unwrap().changed);
    let missing = Options { program: ground.root.join("no"), ..ground.options() };
    assert!(ground.try_install(&missing).unwrap_err().contains("not an absolute path of a program"));
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    let ground = Ground::new();
    // A folder where not even root may write.
    ground.git(["config", "core.hooksPath", "/proc/hooks"]);
    let error = ground.try_install(&Options { global: true, ..ground.options() }).unwrap_err();
    assert!(error.starts_with("cannot create the folder /proc/hooks: "), "{error}");

    let ground = Ground::new();
    let hooks = ground.repo.join(".git/hooks");
    write_program(&hooks.join("pre-commit"), "#!/bin/sh\n");
    let before = listing(&hooks);
    fs::set_permissions(&hooks, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(hooks.join("probe"), "").is_err() {
        let error = ground.try_install(&ground.options()).unwrap_err();
        assert!(error.contains("pre-commit: Permission denied"), "{error}");
        assert_eq!(listing(&hooks), before);
    }
    fs::set_permissions(&hooks, fs::Permissions::from_mode(0o755)).unwrap();
}
