//! Installed hooks, run by real git.

use std::io::Write;
use std::os::unix::fs::symlink;

use super::*;

impl Ground {
    fn order(&self) -> String {
        let order = String::from_utf8(self.record("order")).unwrap();
        let _ = fs::remove_file(self.root.join("bin/order"));
        order
    }

    /// Runs a hook as git would, with these bytes on stdin.
    fn run_hook(&self, name: &str, args: &[&str], stdin: &[u8], path: &str) -> Output {
        let mut command = self.command(Path::new(".git/hooks").join(name));
        let mut child = command
            .args(args)
            .env("PATH", path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let bytes = stdin.to_vec();
        let writer = std::thread::spawn(move || drop(pipe.write_all(&bytes)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        output
    }

    /// Adds a bare repository as the remote `origin`.
    fn with_origin(self) -> Self {
        self.git(["init", "-q", "--bare", "../origin.git"]);
        self.git(["remote", "add", "origin", "../origin.git"]);
        self
    }
}

#[test]
fn git_commit_runs_the_hook() {
    let ground = Ground::new();
    ground.install();
    assert!(ground.commit("a").status.success());
    assert_eq!(ground.record("args"), b"pre-commit\0");
    ground.set_status("status", 1);
    assert_eq!(ground.commit("b").status.code(), Some(1));
    assert_eq!(ground.git(["rev-list", "--count", "HEAD"]), "1");
}

#[test]
fn git_merge_runs_the_hook() {
    let ground = Ground::new();
    ground.commit("a");
    ground.git(["switch", "-q", "-c", "side"]);
    ground.commit("b");
    ground.git(["switch", "-q", "main"]);
    ground.commit("c");
    write_program(&ground.hook("pre-merge-commit"), ground.earlier());
    ground.install();
    ground.set_status("status", 1);
    assert!(!ground.try_git(["merge", "-q", "-m", "m", "side"]).status.success());
    assert_eq!(ground.record("args"), b"pre-merge-commit\0");
    assert_eq!(ground.order(), "kept\nimportgate\n");
    ground.set_status("status", 0);
    ground.git(["merge", "--abort"]);
    ground.git(["merge", "-q", "-m", "m", "side"]);
    assert_eq!(ground.git(["rev-list", "--count", "HEAD"]), "4");
}

#[test]
fn git_push_runs_both_hooks_on_the_same_lines() {
    let ground = Ground::new().with_origin();
    ground.commit("a");
    write_program(&ground.hook("pre-push"), ground.earlier());
    ground.install();
    ground.set_status("status", 1);
    assert!(!ground.try_git(["push", "-q", "origin", "main"]).status.success());
    assert_eq!(ground.record("args"), b"pre-push\0origin\0../origin.git\0");
    assert_eq!(ground.record("kept-args"), b"origin\0../origin.git\0");
    let oid = ground.git(["rev-parse", "HEAD"]);
    let line = format!("refs/heads/main {oid} refs/heads/main {}\n", "0".repeat(40));
    assert_eq!(ground.record("stdin"), line.as_bytes());
    assert_eq!(ground.record("kept-stdin"), line.as_bytes());
    assert_eq!(ground.order(), "kept\nimportgate\n");
    ground.set_status("status", 0);
    ground.git(["push", "-q", "origin", "main"]);
    assert_eq!(ground.git(["ls-remote", "origin", "main"]).split('\t').next(), Some(&*oid));
}

#[test]
fn a_kept_hook_that_refuses_has_the_last_word() {
    let ground = Ground::new().with_origin();
    for name in ["pre-commit", "pre-push"] {
        write_program(&ground.hook(name), ground.earlier());
    }
    ground.install();
    ground.set_status("kept-status", 7);
    assert!(!ground.commit("a").status.success());
    assert_eq!(ground.run_hook("pre-commit", &[], b"", "/usr/bin:/bin").status.code(), Some(7));
    assert_eq!(ground.run_hook("pre-push", &["r", "u"], b"x", "/usr/bin:/bin").status.code(), Some(7));
    assert_eq!(ground.order(), "kept\nkept\nkept\n", "importgate is not asked");
}

#[test]
fn arguments_and_every_byte_of_stdin_reach_both() {
    let ground = Ground::new();
    write_program(&ground.hook("pre-push"), ground.earlier());
    ground.install();
    let odd: Vec<u8> = (0..=255).cycle().take(3 << 20).collect();
    for stdin in [b"".as_slice(), b"\0", b"no line end", b"\r\n\\n%s\n\n", &odd] {
        // GUI clients have a short PATH; an empty one is the extreme.
        for path in ["/usr/bin:/bin", "/nowhere", ""] {
            let output = ground.run_hook("pre-push", &["a b", "", "*", "-n", "'\n$x"], stdin, path);
            // The stand-ins themselves need `cat` from PATH.
            if path.contains("bin") {
                assert!(output.status.success(), "{}", stderr(&output));
                assert_eq!(ground.record("stdin"), stdin);
                assert_eq!(ground.record("kept-stdin"), stdin);
            }
            assert_eq!(ground.record("kept-args"), b"a b\0\0*\0-n\0'\n$x\0");
        }
        assert_eq!(ground.record("args"), b"pre-push\0a b\0\0*\0-n\0'\n$x\0");
    }
}

#[test]
fn a_kept_hook_need_not_read() {
    let ground = Ground::new();
    write_program(&ground.hook("pre-push"), "#!/bin/sh\nexec <&-\n");
    ground.install();
    let large = vec![b'x'; 1 << 20];
    let output = ground.run_hook("pre-push", &["r", "u"], &large, "/usr/bin:/bin");
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(ground.record("stdin"), large);
}

#[test]
fn stdin_leaves_no_file_behind() {
    let ground = Ground::new();
    let temp = ground.root.join("temp dir");
    fs::create_dir(&temp).unwrap();
    write_program(&ground.hook("pre-push"), format!("#!/bin/sh\nls -A '{}'\n", temp.display()));
    ground.install();
    let mut command = ground.command(".git/hooks/pre-push");
    let output = command.args(["r", "u"]).env("TMPDIR", &temp).output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
    let output = ground.command(".git/hooks/pre-push").env("TMPDIR", ground.root.join("none")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("Nothing pushed"), "{}", stderr(&output));
}

#[test]
fn a_hook_that_git_did_not_run_is_not_run() {
    let ground = Ground::new();
    fs::write(ground.hook("pre-commit"), ground.earlier()).unwrap();
    let outcome = ground.install();
    assert!(outcome.notes[0].contains("is not executable"), "{outcome:?}");
    ground.commit("a");
    assert_eq!(ground.order(), "importgate\n");
}

#[test]
fn a_missing_program_stops_and_says_so() {
    let ground = Ground::new().with_origin();
    ground.install();
    let program = ground.root.join("bin/importgate");
    fs::remove_file(&program).unwrap();
    let output = ground.commit("a");
    assert!(!output.status.success());
    let said = stderr(&output);
    for part in
        [program.to_str().unwrap(), "PATH=", "Commit not made", "importgate install", "rm \".git/hooks/pre-commit\""]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("no-verify"), "{said}");
    for (name, effect) in [("pre-merge-commit", "Merge not committed"), ("pre-push", "Nothing pushed")] {
        for path in ["", "/nowhere"] {
            let output = ground.run_hook(name, &[], b"", path);
            assert_eq!(output.status.code(), Some(2));
            assert!(stderr(&output).contains(effect), "{}", stderr(&output));
        }
    }
    fs::create_dir(&program).unwrap();
    assert_eq!(ground.run_hook("pre-commit", &[], b"", "").status.code(), Some(2));
}

#[test]
fn a_program_that_moved_is_found_on_path() {
    let ground = Ground::new();
    ground.install();
    fs::create_dir(ground.root.join("moved")).unwrap();
    fs::rename(ground.root.join("bin/importgate"), ground.root.join("moved/importgate")).unwrap();
    let path = format!("/usr/bin:/bin:{}", ground.root.join("moved").display());
    let output = ground.run_hook("pre-push", &["r", "u"], b"lines\n", &path);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(fs::read(ground.root.join("moved/stdin")).unwrap(), b"lines\n");
}

/// husky 9: all stubs are alike, and their names decide.
#[test]
fn a_hook_that_asks_for_its_name_still_has_it() {
    let ground = Ground::new();
    let stub = "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"";
    let h = "#!/usr/bin/env sh\nn=$(basename \"$0\")\ns=$(dirname \"$(dirname \"$0\")\")/$n\n\
             [ ! -f \"$s\" ] && exit 0\nsh -e \"$s\" \"$@\"\nc=$?\nexit $c\n";
    for name in ["pre-commit", "pre-push"] {
        write_program(&ground.repo.join(".husky/_").join(name), stub);
        fs::write(ground.repo.join(".husky").join(name), ground.earlier()).unwrap();
    }
    write_program(&ground.repo.join(".husky/_/h"), h);
    ground.git(["config", "core.hooksPath", ".husky/_"]);
    let outcome = ground.install();
    assert!(outcome.notes[0].contains("npm install"), "{outcome:?}");
    assert!(ground.commit("a").status.success());
    assert_eq!(ground.order(), "kept\nimportgate\n");
    let ground = ground.with_origin();
    ground.git(["push", "-q", "origin", "main"]);
    assert_eq!(ground.order(), "kept\nimportgate\n");
    assert!(ground.record("kept-stdin").starts_with(b"refs/heads/main "));
    ground.set_status("kept-status", 3);
    assert!(!ground.commit("b").status.success());
    assert_eq!(ground.order(), "kept\n");
}

/// The hooks are links to one script.
#[test]
fn links_to_one_script_keep_their_names() {
    let ground = Ground::new();
    let record = ground.root.join("bin/order");
    write_program(&ground.hook("all"), format!("#!/bin/sh\nbasename \"$0\" >>'{}'\n", record.display()));
    for name in ["pre-commit", "pre-push"] {
        symlink("all", ground.hook(name)).unwrap();
    }
    ground.install();
    ground.commit("a");
    assert_eq!(ground.order(), "pre-commit\nimportgate\n");
}

/// pre-commit and prek rename importgate's hook and call it.
#[test]
fn hooks_work_under_another_name() {
    let ground = Ground::new();
    write_program(&ground.hook("pre-commit"), ground.earlier());
    ground.install();
    fs::rename(ground.hook("pre-commit"), ground.hook("pre-commit.legacy")).unwrap();
    write_program(&ground.hook("pre-commit"), "#!/bin/sh\nexec \"$0.legacy\" \"$@\"\n");
    ground.commit("a");
    assert_eq!(ground.order(), "kept\nimportgate\n");
    // The tool's hook was there before importgate's, too.
    fs::copy(ground.hook("pre-commit"), ground.hook("pre-commit.before-importgate")).unwrap();
    ground.commit("b");
    assert_eq!(ground.order(), "importgate\n");
}

#[test]
fn every_shell_runs_them() {
    let ground = Ground::new();
    write_program(&ground.hook("pre-push"), ground.earlier());
    ground.install();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for shell in [&["dash"][..], &["bash", "--posix"], &["busybox", "sh"]] {
        if ground.command(shell[0]).arg("--help").output().is_err() {
            continue;
        }
        let run = |script: &Path| {
            let mut command = ground.command(shell[0]);
            command.args(&shell[1..]).arg(script).args(["origin", "url"]).stdin(Stdio::null()).output().unwrap()
        };
        assert!(run(Path::new(".git/hooks/pre-push")).status.success(), "{shell:?}");
        assert_eq!(ground.order(), "kept\nimportgate\n", "{shell:?}");
        // The bare templates contain no program yet.
        assert_eq!(run(&here.join("hooks/pre-commit")).status.code(), Some(2), "{shell:?}");
    }
}
