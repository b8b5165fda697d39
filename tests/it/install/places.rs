//! Hooks folders: worktrees, submodules, settings, and folders that are refused.

use std::os::unix::fs::symlink;

use super::*;

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
    ground.git(["-C", "../linked", "commit", "-q", "--allow-empty", "-m", "b"]);
    assert_eq!(ground.record("args"), b"pre-commit\0");
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
    let commit = ["-C", "sub", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "b"];
    ground.git(commit);
    assert_eq!(ground.record("args"), b"pre-commit\0");
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

/// Each scope is one way in which other repositories may share a folder.
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
        assert!(error.contains("disabled") && error.contains("--local --unset core.hooksPath"), "{error}");
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
