//! Server hooks: installed by the binary in real bare repositories, run by real pushes.

mod fleet;

use std::os::unix::fs::symlink;

use importgate::server::config::{Config, Enforce, File};

use super::*;

const BARE: &str = "server.git";

impl Ground {
    /// Returns a repository with a commit to push, and a bare repository beside it.
    fn serving() -> Self {
        let ground = Self::new();
        ground.commit("a");
        ground.git(["init", "-q", "--bare", "-b", "main", "../server.git"]);
        ground
    }

    fn server(&self, path: &str) -> PathBuf {
        self.root.join(BARE).join(path)
    }

    /// Runs the real binary in `dir`, under the name that the hooks will run; the stand-in then
    /// replaces it.
    fn importgate(&self, dir: &Path, args: &[&str]) -> Output {
        let program = self.root.join("bin/importgate");
        fs::remove_file(&program).unwrap();
        symlink(assert_cmd::cargo::cargo_bin!("importgate"), &program).unwrap();
        let path = format!("{}:{}", self.root.join("bin").display(), std::env::var("PATH").unwrap());
        let output = self.command(&program).current_dir(dir).env("PATH", path).args(args).output().unwrap();
        fs::remove_file(&program).unwrap();
        write_program(&program, STAND_IN);
        output
    }

    /// Runs the binary on the server, where it must succeed; returns its output.
    #[track_caller]
    fn on_server(&self, args: &[&str]) -> String {
        self.in_folder(&self.root.join(BARE), args)
    }

    #[track_caller]
    fn in_folder(&self, dir: &Path, args: &[&str]) -> String {
        let output = self.importgate(dir, args);
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    #[track_caller]
    fn assert_server_doctor(&self, dir: &Path, status: i32, parts: &[&str]) {
        let output = self.importgate(dir, &["doctor"]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(status), "{text}{}", stderr(&output));
        for part in parts {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    fn push(&self) -> Output {
        self.try_git(["push", "../server.git", "main"])
    }

    fn has_main(&self) -> bool {
        self.try_git(["--git-dir", "../server.git", "rev-parse", "--verify", "-q", "refs/heads/main"]).status.success()
    }

    /// Returns the line that git passes to pre-receive for the first push.
    fn line(&self) -> Vec<u8> {
        format!("{} {} refs/heads/main\n", "0".repeat(40), self.git(["rev-parse", "main"])).into_bytes()
    }
}

#[test]
fn a_push_is_judged() {
    let ground = Ground::serving();
    let before = listing(&ground.root.join(BARE));
    let said = ground.on_server(&["install", "--server"]);
    assert!(said.contains("write ") && said.contains("importgate-server.toml"), "{said}");
    assert_eq!(mode(&ground.server("hooks/pre-receive")), 0o755);
    ground.set_status("status", 1);
    let output = ground.push();
    assert!(!output.status.success() && !ground.has_main(), "{}", stderr(&output));
    assert!(stderr(&output).contains("pre-receive hook declined"), "{}", stderr(&output));
    assert_eq!(ground.record("args"), b"pre-receive\0--hook\0hooks/pre-receive\0");
    assert_eq!(ground.record("stdin"), ground.line());
    ground.set_status("status", 0);
    assert!(ground.push().status.success() && ground.has_main());
    // Installing again changes nothing, and uninstalling restores the hooks folder.
    let installed = listing(&ground.server("hooks"));
    assert!(ground.on_server(&["install", "--server"]).starts_with("unchanged "));
    assert_eq!(listing(&ground.server("hooks")), installed);
    ground.on_server(&["uninstall", "--server"]);
    let after = listing(&ground.root.join(BARE));
    let hooks = |rows: Vec<(PathBuf, u32, Vec<u8>)>| -> Vec<_> {
        rows.into_iter().filter(|row| row.0.starts_with(ground.server("hooks"))).collect()
    };
    assert_eq!(hooks(after), hooks(before));
    assert!(ground.on_server(&["uninstall", "--server"]).contains("nothing to remove"));
}

#[test]
fn nothing_is_done_dry() {
    let ground = Ground::serving();
    let before = listing(&ground.root.join(BARE));
    let said = ground.on_server(&["install", "--server", "--dry-run"]);
    assert_eq!(said.matches("would write ").count(), 2, "{said}");
    assert_eq!(listing(&ground.root.join(BARE)), before);
    ground.on_server(&["install", "--server"]);
    let before = listing(&ground.root.join(BARE));
    let said = ground.on_server(&["uninstall", "--server", "--dry-run"]);
    assert_eq!(said.matches("would remove ").count(), 2, "{said}");
    assert_eq!(listing(&ground.root.join(BARE)), before);
}

#[test]
fn a_hook_that_was_there_runs_first() {
    let ground = Ground::serving();
    let hook = ground.server("hooks/pre-receive");
    write_program(&hook, ground.earlier());
    ground.on_server(&["install", "--server"]);
    ground.set_status("kept-status", 3);
    assert!(!ground.push().status.success());
    assert_eq!(ground.record("order"), b"kept\n", "importgate is not asked");
    ground.set_status("kept-status", 0);
    assert!(ground.push().status.success());
    assert_eq!(ground.record("order"), b"kept\nkept\nimportgate\n");
    assert_eq!(ground.record("kept-stdin"), ground.line());
    assert_eq!(ground.record("stdin"), ground.line());
    ground.on_server(&["uninstall"]);
    assert_eq!(fs::read_to_string(hook).unwrap(), ground.earlier());
    // An earlier hook that does not read its input, which is more than a pipe holds.
    let ground = Ground::serving();
    write_program(&ground.server("hooks/pre-receive"), "#!/bin/sh\nexec <&-\n");
    ground.on_server(&["install", "--server"]);
    let refs: String = (0..2000).map(|n| format!("create refs/heads/b{n} HEAD\n")).collect();
    let mut update = ground.command("git");
    fs::write(ground.root.join("refs"), refs).unwrap();
    update.args(["update-ref", "--stdin"]).stdin(fs::File::open(ground.root.join("refs")).unwrap());
    assert!(update.status().unwrap().success());
    let output = ground.try_git(["push", "-q", "../server.git", "refs/heads/*:refs/heads/*"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(!stderr(&output).contains("remote:"), "{}", stderr(&output));
    assert_eq!(ground.record("stdin").iter().filter(|&&byte| byte == b'\n').count(), 2001);
}

#[test]
fn each_reference_by_itself() {
    let ground = Ground::serving();
    write_program(&ground.server("hooks/update"), ground.earlier());
    ground.on_server(&["install", "--server", "--update"]);
    assert!(ground.push().status.success());
    let oid = ground.git(["rev-parse", "main"]);
    let zero = "0".repeat(40);
    let args = format!("update\0--hook\0hooks/update\0refs/heads/main\0{zero}\0{oid}\0");
    assert_eq!(ground.record("args"), args.as_bytes());
    assert_eq!(ground.record("order"), b"kept\nimportgate\n");
    ground.assert_server_doctor(&ground.root.join(BARE), 0, &["update: runs ", "update.before-importgate first"]);
    ground.on_server(&["uninstall"]);
    assert_eq!(fs::read_to_string(ground.server("hooks/update")).unwrap(), ground.earlier());
    assert_eq!(ground.importgate(&ground.root.join(BARE), &["install", "--update"]).status.code(), Some(2));
}

#[test]
fn a_missing_program_refuses() {
    let ground = Ground::serving();
    for args in [&["install", "--server"][..], &["install", "--server", "--update"]] {
        ground.on_server(args);
        fs::rename(ground.root.join("bin/importgate"), ground.root.join("away")).unwrap();
        let output = ground.push();
        assert!(!output.status.success() && !ground.has_main(), "{}", stderr(&output));
        let said = stderr(&output);
        assert!(said.contains("remote: error: importgate: cannot judge: the program importgate is missing"), "{said}");
        assert!(said.contains(ground.root.join("bin/importgate").to_str().unwrap()), "{said}");
        let web = ground.command("git").args(["push", "../server.git", "main"]).env("GL_PROTOCOL", "web").output();
        let said = stderr(&web.unwrap());
        assert_eq!(said.matches("remote: GL-HOOK-ERR: ").count(), 3, "{said}");
        assert!(!said.contains("PATH="), "the environment is never printed: {said}");
        fs::rename(ground.root.join("away"), ground.root.join("bin/importgate")).unwrap();
        ground.on_server(&["uninstall"]);
    }
}

/// Hook of Gitea and Forgejo, which runs all programs of a folder.
const DISPATCHER: &str = "#!/bin/sh\ndata=$(cat)\nstatus=0\nfor hook in \"${GIT_DIR:-.}\"/hooks/pre-receive.d/*; do\n\
    test -x \"$hook\" && test -f \"$hook\" || continue\necho \"$data\" | \"$hook\" || status=$?\ndone\nexit $status\n";

#[test]
fn as_one_of_several() {
    let ground = Ground::serving();
    write_program(&ground.server("hooks/pre-receive"), DISPATCHER);
    write_program(&ground.server("hooks/pre-receive.d/gitea"), ground.earlier());
    let before = listing(&ground.server("hooks"));
    let said = ground.on_server(&["install", "--server"]);
    assert!(said.contains("hooks/pre-receive.d/importgate"), "{said}");
    ground.set_status("status", 1);
    assert!(!ground.push().status.success());
    ground.set_status("status", 0);
    assert!(ground.push().status.success());
    assert_eq!(ground.record("args"), b"pre-receive\0--hook\0./hooks/pre-receive.d/importgate\0");
    assert_eq!(ground.record("stdin"), ground.line());
    assert_eq!(ground.record("order"), b"kept\nimportgate\n".repeat(2));
    ground.assert_server_doctor(&ground.root.join(BARE), 0, &["importgate: runs ", "another program runs every hook"]);
    assert!(ground.on_server(&["install", "--server"]).starts_with("unchanged "));
    // From within the folder, the result is the same.
    assert!(
        ground.in_folder(&ground.server("hooks/pre-receive.d"), &["install", "--server"]).starts_with("unchanged ")
    );
    ground.on_server(&["uninstall"]);
    assert_eq!(listing(&ground.server("hooks")), before);
    // Another program of the same name would still be run.
    write_program(&ground.server("hooks/pre-receive.d/importgate"), "#!/bin/sh\n");
    let output = ground.importgate(&ground.root.join(BARE), &["install", "--server"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("is another program"), "{}", stderr(&output));
}

#[test]
fn a_folder_that_nobody_runs_is_no_place() {
    let ground = Ground::serving();
    fs::create_dir(ground.server("hooks/pre-receive.d")).unwrap();
    ground.on_server(&["install", "--server"]);
    assert!(ground.push().status.success());
    assert_eq!(ground.record("order"), b"importgate\n");
}

#[test]
fn folders_of_a_host() {
    let ground = Ground::serving();
    // GitLab's folders, for one repository and for all.
    fs::create_dir(ground.server("custom_hooks")).unwrap();
    let said = ground.on_server(&["install", "--server"]);
    assert!(said.contains("custom_hooks/pre-receive.d/importgate"), "{said}");
    let hook = ground.server("custom_hooks/pre-receive.d/importgate");
    fs::write(ground.root.join("line"), ground.line()).unwrap();
    let mut command = ground.command(&hook);
    command.current_dir(ground.root.join(BARE)).stdin(fs::File::open(ground.root.join("line")).unwrap());
    assert!(command.status().unwrap().success());
    assert_eq!(ground.record("stdin"), ground.line());
    assert_eq!(ground.record("args"), format!("pre-receive\0--hook\0{}\0", hook.display()).as_bytes());
    ground.on_server(&["uninstall"]);
    assert!(!ground.server("custom_hooks/pre-receive.d/importgate").exists());
    let all = ground.root.join("gitaly/custom_hooks");
    fs::create_dir_all(&all).unwrap();
    ground.in_folder(&all, &["install", "--server"]);
    assert_eq!(mode(&all.join("pre-receive.d/importgate")), 0o755);
    ground.assert_server_doctor(&all, 0, &["importgate: runs ", "importgate-server.toml"]);
    assert!(ground.in_folder(&all.join("pre-receive.d"), &["install", "--server"]).starts_with("unchanged "));
    ground.in_folder(&all, &["uninstall", "--server"]);
    assert!(listing(&all).is_empty());
    let nowhere = ground.importgate(&ground.root.join("home"), &["install", "--server"]);
    assert!(!nowhere.status.success() && stderr(&nowhere).contains("not a git repository"), "{}", stderr(&nowhere));
}

#[test]
fn for_all_of_gitolites() {
    let ground = Ground::serving();
    let common = ground.root.join(".gitolite/hooks/common");
    fs::create_dir_all(&common).unwrap();
    write_program(&common.join("pre-receive"), ground.earlier());
    let said = ground.in_folder(&common, &["install", "--server"]);
    assert!(said.contains("gitolite setup --hooks-only"), "{said}");
    // Links, as gitolite then makes them.
    for entry in fs::read_dir(&common).unwrap() {
        let path = entry.unwrap().path();
        symlink(&path, ground.server("hooks").join(path.file_name().unwrap())).unwrap();
    }
    assert!(ground.push().status.success());
    assert_eq!(ground.record("args"), b"pre-receive\0--hook\0hooks/pre-receive\0");
    assert_eq!(ground.record("order"), b"kept\nimportgate\n");
    let said = ground.on_server(&["install", "--server"]);
    assert!(said.starts_with("unchanged ") && said.contains("a link to "), "{said}");
    ground.assert_server_doctor(&ground.root.join(BARE), 0, &["pre-receive is a link to", "runs "]);
    ground.assert_server_doctor(&common, 0, &["gitolite links the hooks of"]);
    assert!(ground.on_server(&["uninstall"]).contains("nothing to remove"));
    ground.in_folder(&common, &["uninstall", "--server"]);
    assert_eq!(fs::read_to_string(common.join("pre-receive")).unwrap(), ground.earlier());
}

#[test]
fn the_admins_file_is_the_admins() {
    let ground = Ground::serving();
    let config = ground.server("hooks/importgate-server.toml");
    fs::write(&config, "importgate-server = 1\nbreak-glass = [\"oncall\"]\n").unwrap();
    assert!(!ground.on_server(&["install", "--server"]).contains(".toml"));
    let bare = ground.root.join(BARE);
    ground.assert_server_doctor(&bare, 0, &["warning  break-glass", "git config receive.advertisePushOptions true"]);
    let said = ground.on_server(&["uninstall"]);
    assert!(said.contains("was edited, so it is kept") && config.exists(), "{said}");
    fs::remove_file(&config).unwrap();
    ground.git(["--git-dir", "../server.git", "config", "importgate.server", "/nowhere/x.toml"]);
    let said = ground.on_server(&["install", "--server"]);
    assert!(!config.exists() && said.contains("/nowhere/x.toml (git config importgate.server)"), "{said}");
    ground.assert_server_doctor(&bare, 1, &["problem  configuration: cannot read /nowhere/x.toml"]);
}

#[test]
fn the_starter_says_nothing_but_its_format() {
    let starter = include_str!("../../../hooks/starter-server.toml");
    let folder = Path::new("/etc/importgate");
    let parse = |source: &str| File::parse(source, "starter", folder).unwrap_or_else(|bad| panic!("{bad:?}: {source}"));
    let payments = Path::new("/srv/git/payments/api.git");
    let settings = |config: &Config| {
        let Config { policies, enforce, first_push, protect_policy, cannot_judge, .. } = config;
        let Config { deadline, commit_limit, break_glass, log, .. } = config;
        let refs = ["refs/heads/main", "refs/pull/1/head"].map(|name| config.judges(name));
        let some = format!("{policies:?} {enforce:?} {first_push:?} {protect_policy} {cannot_judge:?} {refs:?}");
        format!("{some} {deadline:?} {commit_limit} {break_glass:?} {log:?}")
    };
    assert_eq!(settings(&parse(starter).for_repository(payments)), settings(&Config::default()));
    // Every line that shows a key, without its `# `.
    let shows = |line: &&str| line.contains(" = ") || line.contains("[[");
    let open = |line: &str| line.strip_prefix("# ").filter(|line| shows(line)).unwrap_or(line).to_owned();
    // The kill switch overrides the others.
    let switch = |line: &&str| line.contains("all-repositories");
    let examples: Vec<_> = starter.lines().filter(|line| !switch(line)).map(open).collect();
    assert_eq!(starter.lines().filter(switch).count(), 1);
    let config = parse(&examples.join("\n"));
    assert_eq!(config.for_repository(payments).enforce, Enforce::Report);
    // The keys have their defaults, except those that name a user or a file.
    let mut usual = config.for_repository(Path::new("/srv/git/web.git"));
    assert_eq!(usual.break_glass, ["oncall"]);
    assert_eq!(usual.log.as_deref(), Some(Path::new("/var/log/importgate.jsonl")));
    assert_eq!(usual.shadow, [Path::new("/etc/importgate/next.toml")]);
    let excuses = |path: &str| config.for_repository(Path::new(path)).excuses.len();
    assert_eq!((excuses("/srv/git/payments/api.git"), excuses("/srv/git/web.git")), (1, 0));
    (usual.break_glass, usual.log) = (Vec::new(), None);
    assert_eq!(settings(&usual), settings(&Config::default()));
    // Each key is valid by itself.
    for line in starter.lines().filter(|line| line.starts_with("# ") && line.contains(" = ")) {
        let (table, needs) = match line.split_whitespace().nth(1) {
            Some("match") => continue,
            Some("excuse") => ("[[repository]]\nmatch = '**'\n", ""),
            Some("shadow") => ("", "log = 'log'\n"),
            _ => ("", ""),
        };
        parse(&format!("importgate-server = 1\n{needs}{table}{}\n", open(line)));
    }
}

#[test]
fn the_doctor_says_what_pushes_are_judged_by() {
    let ground = Ground::serving();
    let bare = ground.root.join(BARE);
    ground.on_server(&["install", "--server"]);
    ground.assert_server_doctor(&bare, 0, &["warning  policy: no policy.toml on the default branch, refs/heads/main"]);
    let push = |policy: &str| {
        fs::write(ground.repo.join("policy.toml"), policy).unwrap();
        ground.git(["add", "policy.toml"]);
        ground.git(["commit", "--quiet", "--no-verify", "-m", "policy"]);
        let pushed = ground.try_git(["-c", "core.hooksPath=/dev/null", "push", "--quiet", "../server.git", "main"]);
        assert!(pushed.status.success(), "{}", stderr(&pushed));
    };
    fs::write(ground.server("hooks/importgate-server.toml"), "importgate-server = 1\nenforce = 'off'\n").unwrap();
    ground.assert_server_doctor(&bare, 0, &["warning  configuration: enforce is \"off\" here, so nothing is checked"]);
    for (enforce, mode) in [("report", "mode: report, so nothing is rejected"), ("block", "mode: block")] {
        let text = format!("importgate-server = 1\nenforce = '{enforce}'\n");
        fs::write(ground.server("hooks/importgate-server.toml"), text).unwrap();
        ground.assert_server_doctor(&bare, 0, &[&format!("ok       {mode}\n")]);
    }
    fs::write(ground.server("hooks/importgate-server.toml"), "importgate-server = 1\nenforce = 'blok'\n").unwrap();
    ground.assert_server_doctor(&bare, 1, &["problem  configuration: ", "importgate-server.toml:2:11: "]);
    // What keeps every push from being judged, but is no mistake of a key.
    let file = ground.server("hooks/importgate-server.toml");
    for (text, place) in [
        (&b"\xff\xfei\0m\0"[..], ":1:1: the file is not UTF-8\n  fix    Save it as UTF-8."),
        (b"importgate-server = 1\ncontact = 'J\xf6rg'\n", ":2:13: the file is not UTF-8"),
    ] {
        fs::write(&file, text).unwrap();
        let told = format!("importgate-server.toml{place}");
        ground.assert_server_doctor(&bare, 1, &["problem  configuration: ", &told]);
    }
    fs::remove_file(&file).unwrap();
    assert!(ground.command("mkfifo").arg(&file).status().unwrap().success());
    ground.assert_server_doctor(&bare, 1, &["problem  configuration: cannot read ", "it is a pipe"]);
    fs::remove_file(&file).unwrap();
    for endless in ["/dev/zero", "pipe"] {
        let _ = ground.command("mkfifo").arg(ground.server("hooks/pipe")).status();
        fs::write(&file, format!("importgate-server = 1\npolicies = '{endless}'\n")).unwrap();
        ground.assert_server_doctor(
            &bare,
            1,
            &["problem  policy: ", "importgate-server.toml:2:12: ", "is not a regular file"],
        );
    }
    let apart = "importgate-server = 1\n[[repository]]\nmatch = '**'\npolicy-owners = 'alice'\n\
                 [[repository]]\nmatch = 'elsewhere'\nprotect-policy = true\n";
    fs::write(ground.server("hooks/importgate-server.toml"), apart).unwrap();
    ground.assert_server_doctor(&bare, 0, &["warning  configuration: `policy-owners` without `protect-policy = true`"]);
    // Shadow policies are named; one that cannot be read keeps nothing from being judged.
    let shadow = "importgate-server = 1\nlog = 'log'\nshadow = ['next.toml', 'gone.toml', 'bad.toml', '/dev/zero']\n";
    fs::write(ground.server("hooks/importgate-server.toml"), shadow).unwrap();
    fs::write(ground.server("hooks/next.toml"), "importgate = 1\n").unwrap();
    fs::write(ground.server("hooks/bad.toml"), "importgate = 1\nrules = 3\n").unwrap();
    let said = [
        "ok       shadow policy: ",
        "hooks/next.toml, 0 rules, for the log alone",
        "warning  shadow policy: ",
        "hooks/gone.toml judges nothing: ",
        "hooks/bad.toml judges nothing: 2:1: unknown key `rules`",
        "/dev/zero judges nothing: ",
    ];
    ground.assert_server_doctor(&bare, 0, &said);
    // A file of the admin's judges all branches.
    let own = "importgate-server = 1\npolicies = ['own.toml']\n";
    fs::write(ground.server("hooks/importgate-server.toml"), own).unwrap();
    fs::write(ground.server("hooks/own.toml"), "importgate = 1\n[settings]\nown-policy = 'release/*'\n").unwrap();
    ground.assert_server_doctor(&bare, 0, &["warning  policy: `own-policy` of ", "hooks/own.toml names no branch"]);
    // Excuses are named, those that mean nothing too, unless it is unknown what they mean.
    let excuse =
        |rule: &str, until: &str| format!("{{ rule = '{rule}', until = {until}, owner = '@x', reason = 'r' }}");
    let excuses = [
        excuse("next/r", "9999-12-30"),
        excuse("r", "9999-12-30"),
        excuse("next/s", "2026-01-01"),
        excuse("next/gone", "9999-12-30"),
    ];
    let excused = |policies: &str| {
        let excuses = excuses.join(", ");
        let text = format!(
            "importgate-server = 1\npolicies = [{policies}]\n[[repository]]\nmatch = '**'\nexcuse = [{excuses}]\n"
        );
        fs::write(ground.server("hooks/importgate-server.toml"), text).unwrap();
    };
    let rules = "[[rule]]\nid = 'r'\npattern = 'x'\n[[rule]]\nid = 's'\npattern = 'y'\n";
    fs::write(ground.server("hooks/next.toml"), format!("importgate = 1\n{rules}")).unwrap();
    excused("'next.toml', 'repository'");
    let said = [
        "ok       excuse: next/r until 9999-12-30 (@x)\n",
        "warning  excuse: no policy here has a rule r, so nothing is excused; did you mean next/r?\n",
        "warning  excuse: next/s was excused until 2026-01-01 (@x), and blocks again\n",
        "warning  excuse: no policy here has a rule next/gone, so nothing is excused\n",
        "  fix    mend it, or remove it from `excuse` in the admin's file\n",
    ];
    ground.assert_server_doctor(&bare, 0, &said);
    excused("'next.toml', 'gone.toml'");
    ground.assert_server_doctor(&bare, 1, &["ok       excuse: r until 9999-12-30 (@x)"]);
    fs::remove_file(ground.server("hooks/importgate-server.toml")).unwrap();
    // The stand-in for the program lets every push pass.
    push("importgate = 1\n");
    ground.assert_server_doctor(&bare, 0, &["ok       policy: refs/heads/main:policy.toml, 0 rules"]);
    push("importgate = 'one'\n");
    ground.assert_server_doctor(&bare, 1, &["problem  policy: refs/heads/main:policy.toml:1:14: "]);
    push("rules = []\n");
    ground.assert_server_doctor(&bare, 0, &["warning  policy: refs/heads/main:policy.toml lacks the key `importgate`"]);
}

#[test]
fn the_doctor_sums_up_what_does_not_count_as_already_there() {
    let ground = Ground::serving();
    let bare = ground.root.join(BARE);
    ground.on_server(&["install", "--server"]);
    let admin = |text: &str| {
        let text = format!("importgate-server = 1\n{text}\n");
        fs::write(ground.server("hooks/importgate-server.toml"), text).unwrap();
    };
    let doctor = |parts: &[&str], none: &[&str]| {
        ground.assert_server_doctor(&bare, 0, parts);
        let said = String::from_utf8(ground.importgate(&bare, &["doctor"]).stdout).unwrap();
        for part in none {
            assert!(!said.contains(part), "{part}: {said}");
        }
    };
    doctor(&[], &["already there", "lender", "trusted-refs"]);
    let on_server = |args: &[&str]| {
        let run = ground.command("git").args(["--git-dir", "../server.git"]).args(args).output().unwrap();
        assert!(run.status.success(), "{}", stderr(&run));
    };
    let pushed = ground.try_git(["-c", "core.hooksPath=/dev/null", "push", "--quiet", "../server.git", "main"]);
    assert!(pushed.status.success(), "{}", stderr(&pushed));
    for number in 1..=3 {
        on_server(&["update-ref", &format!("refs/keep-around/{number}"), "refs/heads/main"]);
    }
    on_server(&["update-ref", "refs/pull/1/head", "refs/heads/main"]);
    // Names are untrusted: they may hold what a terminal obeys.
    on_server(&["update-ref", "refs/a\u{9b}31m/x", "refs/heads/main"]);
    let said = "ok       references that do not count as already there: refs/keep-around (3), refs/a\\x9b31m (1), refs/pull (1)\n";
    doctor(&[said], &["trusted-refs", "lender"]);
    admin("trusted-refs = ['refs/heads/**', 'refs/keep-around/**', 'refs/pull/**']");
    doctor(
        &[
            "warning  configuration: trusted-refs has what hosts write without asking the hook: refs/keep-around (GitLab)\n  fix    leave it out",
            "refs/pull (1)",
        ],
        // What is not judged is not trusted anyway.
        &["refs/keep-around (3)", "refs/pull (G"],
    );
    // A glob may mean single names that no sample has.
    admin("trusted-refs = ['refs/heads/**', 'refs/keep-around/[3-9]']");
    doctor(&["the hook: refs/keep-around (GitLab)", "refs/keep-around (2)"], &[]);
    admin("trusted-refs = '**'\nrefs-not-judged = []");
    doctor(
        &[
            "refs/pull (GitHub, Gitea or Forgejo), refs/pull-requests (Bitbucket), refs/changes (Gerrit)",
            " and 2 more\n",
        ],
        &["do not count"],
    );
    admin("trusted-refs = 'refs/heads/release/**'");
    doctor(&["warning  configuration: the default branch, refs/heads/main, is not in trusted-refs"], &[]);
    admin("");
    on_server(&["update-ref", "--no-deref", "HEAD", "refs/heads/main"]);
    doctor(
        &["warning  configuration: HEAD names a commit, not a branch", "git symbolic-ref HEAD refs/heads/NAME"],
        &[],
    );
    admin("trusted-refs = ['HEAD', 'refs/heads/**']");
    doctor(&[], &["HEAD names a commit"]);
    admin("");
    on_server(&["symbolic-ref", "HEAD", "refs/heads/main"]);
    // A fork of it.
    let fork = ground.root.join("fork.git");
    ground.git(["clone", "--quiet", "--bare", "--shared", "../server.git", fork.to_str().unwrap()]);
    ground.in_folder(&fork, &["install", "--server"]);
    let said = "server.git: its heads and tags (1) count as already there, not refs/keep-around (3), refs/a\\x9b31m (1), refs/pull (1)\n";
    ground.assert_server_doctor(&fork, 0, &["ok       lender ", said]);
    let file = fork.join("hooks/importgate-server.toml");
    fs::write(&file, "importgate-server = 1\nlender = 'none'\n").unwrap();
    ground.assert_server_doctor(&fork, 0, &["server.git: nothing of it counts as already there (lender = \"none\")"]);
}

#[test]
fn clones_that_are_pushed_to() {
    let ground = Ground::serving();
    let said = ground.in_folder(&ground.repo, &["install", "--server"]);
    assert!(said.contains("not commits made in it"), "{said}");
    ground.in_folder(&ground.repo, &["install"]);
    ground.assert_server_doctor(&ground.repo, 0, &["pre-commit: runs ", "pre-receive: runs ", "configuration: "]);
    ground.in_folder(&ground.repo, &["uninstall"]);
    assert!(ground.hook("pre-receive").exists() && !ground.hook("pre-commit").exists());
    ground.in_folder(&ground.repo, &["uninstall", "--server"]);
    assert!(!ground.hook("pre-receive").exists());
    // Without `--server`, a bare repository is an error that names the right command.
    let output = ground.importgate(&ground.root.join(BARE), &["install"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("importgate install --server"), "{}", stderr(&output));
}

#[test]
fn settings_decide_where_hooks_are() {
    let ground = Ground::serving();
    let bare = ground.root.join(BARE);
    ground.git(["--git-dir", "../server.git", "config", "core.hooksPath", "/dev/null"]);
    let output = ground.importgate(&bare, &["install", "--server"]);
    assert!(stderr(&output).contains("hooks are disabled"), "{}", stderr(&output));
    ground.assert_server_doctor(&bare, 1, &["disabled"]);
    ground.git(["--git-dir", "../server.git", "config", "--unset", "core.hooksPath"]);
    ground.on_server(&["install", "--server"]);
    let shared = ground.root.join("shared");
    ground.git(["config", "--global", "core.hooksPath", shared.to_str().unwrap()]);
    let output = ground.importgate(&bare, &["install", "--server"]);
    assert!(stderr(&output).contains("add --global"), "{}", stderr(&output));
    ground.assert_server_doctor(&bare, 1, &["are never run", "pre-receive: not installed"]);
    ground.on_server(&["install", "--server", "--global"]);
    assert!(ground.push().status.success());
    assert_eq!(ground.record("order"), b"importgate\n");
    let said = ground.on_server(&["uninstall", "--server"]);
    assert!(said.contains("stays: other repositories run it too"), "{said}");
    assert!(shared.join("pre-receive").exists() && !ground.server("hooks/pre-receive").exists());
    ground.on_server(&["uninstall", "--server", "--global"]);
    assert!(!shared.join("pre-receive").exists());
}

#[test]
fn the_doctor_says_what_stands_in_the_way() {
    let ground = Ground::serving();
    let bare = ground.root.join(BARE);
    ground.assert_server_doctor(&bare, 1, &["pre-receive: not installed", "fix    importgate install --server"]);
    ground.on_server(&["install", "--server"]);
    ground.assert_server_doctor(&bare, 0, &["bare repository ", "pre-receive: runs ", "git will run importgate here"]);
    fs::set_permissions(ground.server("hooks/pre-receive"), fs::Permissions::from_mode(0o644)).unwrap();
    ground.assert_server_doctor(&bare, 1, &["git may not execute"]);
    write_program(&ground.server("hooks/pre-receive"), "#!/bin/sh\n");
    ground.assert_server_doctor(&bare, 1, &["is not importgate's", "importgate install --server, which keeps it"]);
}

#[test]
fn every_shell_runs_them_with_next_to_nothing() {
    let ground = Ground::serving();
    write_program(&ground.server("hooks/pre-receive"), ground.earlier());
    ground.on_server(&["install", "--server"]);
    let lines: Vec<u8> = (1..=255).cycle().take(255 * 4000).collect();
    fs::write(ground.root.join("lines"), &lines).unwrap();
    for shell in [&["/bin/sh"][..], &["/bin/dash"], &["/bin/bash", "--posix"], &["/bin/busybox", "sh"]] {
        if !Path::new(shell[0]).exists() {
            continue;
        }
        let mut command = Command::new(shell[0]);
        command.args(&shell[1..]).arg("hooks/pre-receive").current_dir(ground.root.join(BARE)).env_clear();
        command.env("GIT_DIR", ".").stdin(fs::File::open(ground.root.join("lines")).unwrap());
        let output = command.output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{shell:?}: {}", stderr(&output));
        assert!(ground.record("stdin") == lines && ground.record("kept-stdin") == lines, "{shell:?}");
        // Lines that the program did not read were not judged; and git never sends an empty input.
        write_program(&ground.root.join("bin/importgate"), "#!/bin/sh\nread -r line\n");
        let output = command.stdin(fs::File::open(ground.root.join("lines")).unwrap()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{shell:?}");
        assert!(stderr(&output).contains("could not be passed on"), "{shell:?}: {}", stderr(&output));
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{shell:?}");
        assert!(stderr(&output).contains("could not be read"), "{shell:?}: {}", stderr(&output));
        write_program(&ground.root.join("bin/importgate"), STAND_IN);
    }
}
