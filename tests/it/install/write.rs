//! What install and uninstall write, keep, restore and refuse.

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
    assert!(error.contains("neither may be lost"), "{error}");
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

#[test]
fn a_folder_in_the_way_is_refused() {
    let ground = Ground::new();
    fs::create_dir(ground.hook("pre-push")).unwrap();
    let error = ground.try_install(&ground.options()).unwrap_err();
    assert!(error.contains("it is not a file"), "{error}");
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
fn linked_worktrees_share_hooks() {
    let ground = Ground::new();
    ground.commit("a");
    ground.git(["worktree", "add", "-q", "../linked"]);
    let linked = Options { dir: ground.root.join("linked"), ..ground.options() };
    let outcome = ground.try_install(&linked).unwrap();
    assert!(ground.hook("pre-commit").exists());
    assert!(outcome.notes.iter().any(|note| note.starts_with("every worktree")), "{outcome:?}");
    assert!(!ground.install().changed);
}

#[test]
fn submodules_have_their_own() {
    let ground = Ground::new();
    ground.commit("a");
    let other = Ground::new();
    other.commit("b");
    let from = other.repo.to_str().unwrap();
    ground.git(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", from, "sub"]);
    ground.try_install(&Options { dir: ground.repo.join("sub"), ..ground.options() }).unwrap();
    assert!(ground.repo.join(".git/modules/sub/hooks/pre-commit").exists());
    assert!(!ground.hook("pre-commit").exists());
}

#[test]
fn subfolders_mean_their_repository() {
    let ground = Ground::new();
    ground.git(["config", "core.hooksPath", "tools/hooks"]);
    let deep = ground.repo.join("a/b");
    fs::create_dir_all(&deep).unwrap();
    let outcome = ground.try_install(&Options { dir: deep, ..ground.options() }).unwrap();
    assert!(ground.repo.join("tools/hooks/pre-commit").exists());
    assert!(!ground.hook("pre-commit").exists());
    assert!(outcome.notes.iter().any(|note| note.contains("in the worktree")), "{outcome:?}");
}

#[test]
fn odd_paths_are_paths() {
    for name in ["with space", "it's \"quoted\" $HOME `x`", "new\nline", "-dash", "ünï"] {
        let ground = Ground::named(name);
        let program = ground.root.join(name).join("bin dir'\n/importgate");
        write_program(&program, STAND_IN);
        ground.git(["config", "core.hooksPath", "hooks 'of mine'"]);
        write_program(&ground.repo.join("hooks 'of mine'/pre-commit"), ground.earlier());
        ground.try_install(&Options { program: program.clone(), ..ground.options() }).unwrap();
        let output = ground.commit("a");
        assert!(output.status.success(), "{name}: {}", stderr(&output));
        assert_eq!(fs::read(program.with_file_name("args")).unwrap(), b"pre-commit\0", "{name}");
        assert_eq!(ground.record("order"), b"kept\n", "{name}");
    }
}

/// One scope for each way in which a folder may be other repositories' too.
#[test]
fn shared_folders_need_global() {
    for scope in ["global", "system", "environment", "elsewhere", "link"] {
        let ground = Ground::new();
        let folder = ground.root.join("shared hooks");
        write_program(&folder.join("pre-push"), "#!/bin/sh\n# theirs\n");
        let before = listing(&folder);
        let value = folder.to_str().unwrap();
        let mut env = Vec::new();
        match scope {
            "global" => drop(ground.git(["config", "--global", "core.hooksPath", value])),
            "system" => {
                let system = ground.root.join("system");
                ground.git(["config", "--file", system.to_str().unwrap(), "core.hooksPath", value]);
                env = vec![("GIT_CONFIG_NOSYSTEM", "0".into()), ("GIT_CONFIG_SYSTEM", system.to_str().unwrap().into())];
            }
            "environment" => {
                env = vec![("GIT_CONFIG_COUNT", "1".to_owned()), ("GIT_CONFIG_KEY_0", "core.hooksPath".into())];
                env.push(("GIT_CONFIG_VALUE_0", value.into()));
            }
            "elsewhere" => drop(ground.git(["config", "core.hooksPath", value])),
            _ => {
                fs::remove_dir_all(ground.repo.join(".git/hooks")).unwrap();
                symlink(&folder, ground.repo.join(".git/hooks")).unwrap();
            }
        }
        let call = |action, global| {
            let mut command = ground.command(drive::driver());
            command.envs(env.iter().map(|(name, value)| (name, value)));
            drive::run(&mut command, action, &Options { global, ..ground.options() })
        };
        let error = call("install", false).unwrap_err();
        assert!(error.contains("--global") && error.contains("shared hooks"), "{scope}: {error}");
        assert_eq!(listing(&folder), before);
        let outcome = call("install", true).unwrap();
        assert!(folder.join("pre-commit").exists(), "{scope}: {outcome:?}");
        assert!(folder.join("pre-push.before-importgate").exists());
        let outcome = call("uninstall", false).unwrap();
        assert!(!outcome.changed && outcome.notes[0].contains("--global"), "{scope}: {outcome:?}");
        call("uninstall", true).unwrap();
        assert_eq!(listing(&folder), before);
    }
}

#[test]
fn a_setting_of_this_repository_is_obeyed() {
    let ground = Ground::new();
    let folder = ground.repo.join(".git/own");
    ground.git(["config", "core.hooksPath", folder.to_str().unwrap()]);
    ground.install();
    assert!(folder.join("pre-commit").exists() && !ground.hook("pre-commit").exists());
    ground.git(["config", "--unset", "core.hooksPath"]);
    ground.git(["config", "extensions.worktreeConfig", "true"]);
    ground.git(["config", "--worktree", "core.hooksPath", "for-this-worktree"]);
    ground.install();
    assert!(ground.repo.join("for-this-worktree/pre-push").exists());
}

#[test]
fn uninstall_finds_hooks_that_a_setting_hides() {
    let ground = Ground::new();
    let before = listing(&ground.repo.join(".git/hooks"));
    ground.install();
    ground.git(["config", "core.hooksPath", ".githooks"]);
    ground.uninstall();
    assert_eq!(listing(&ground.repo.join(".git/hooks")), before);
    ground.git(["config", "core.hooksPath", "/dev/null"]);
    assert!(!ground.uninstall().changed);
}

#[test]
fn hooks_that_are_switched_off_are_not_installed() {
    for value in ["/dev/null", ""] {
        let ground = Ground::new();
        ground.git(["config", "core.hooksPath", value]);
        let error = ground.try_install(&ground.options()).unwrap_err();
        assert!(error.contains("switched off") && error.contains("--local --unset core.hooksPath"), "{error}");
    }
}

#[test]
fn says_why_not_here() {
    let ground = Ground::new();
    ground.git(["init", "-q", "--bare", "../bare.git"]);
    for (dir, why) in [
        (ground.root.join("bare.git"), "is a bare repository"),
        (ground.repo.join(".git"), "not in a worktree"),
        (ground.root.join("home"), "not a git repository"),
        (ground.root.join("nowhere"), "No such file"),
    ] {
        let error = ground.try_install(&Options { dir, ..ground.options() }).unwrap_err();
        assert!(error.contains(why), "{why}: {error}");
    }
    let without_git = drive::run(ground.command(drive::driver()).env("PATH", ""), "install", &ground.options());
    assert!(without_git.unwrap_err().contains("cannot run git"));
}

#[test]
fn old_gits_are_named() {
    let ground = Ground::new();
    write_program(&ground.root.join("old/git"), "#!/bin/sh\necho git version 2.30.9\n");
    let mut command = ground.command(drive::driver());
    let error = drive::run(command.env("PATH", ground.root.join("old")), "install", &ground.options()).unwrap_err();
    assert!(error.contains("git version 2.30.9 is too old"), "{error}");
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    let ground = Ground::new();
    // where not even root may write
    ground.git(["config", "core.hooksPath", "/proc/hooks"]);
    let error = ground.try_install(&Options { global: true, ..ground.options() }).unwrap_err();
    assert!(error.starts_with("cannot make the folder /proc/hooks: "), "{error}");

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
