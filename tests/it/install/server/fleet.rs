//! `doctor --fleet`: the doctor's checks of many repositories, summed up.

use super::*;

const CONFIG: &str = "hooks/importgate-server.toml";

impl Ground {
    /// Returns a ground with the folder of a fleet, and beside it `server.git`, a repository that is in order.
    fn with_fleet() -> Self {
        let ground = Self::serving();
        fs::write(ground.repo.join("policy.toml"), "importgate = 1\n").unwrap();
        ground.commit("policy");
        assert!(ground.push().status.success());
        ground.on_server(&["install", "--server"]);
        fs::create_dir(ground.root.join("fleet")).unwrap();
        ground
    }

    /// Copies the repository that is in order to a path beneath the fleet.
    fn member(&self, name: &str) -> PathBuf {
        let member = self.root.join("fleet").join(name);
        fs::create_dir_all(member.parent().unwrap()).unwrap();
        let copied = self.command("cp").arg("-R").arg(self.root.join(BARE)).arg(&member).status().unwrap();
        assert!(copied.success());
        member
    }

    /// Returns the exit status, and what is printed on standard output and error.
    fn fleet(&self) -> (i32, String) {
        let output = self.importgate(&self.root, &["doctor", "--fleet", "fleet"]);
        (output.status.code().unwrap(), String::from_utf8(output.stdout.clone()).unwrap() + &stderr(&output))
    }

    fn configure(&self, member: &Path, key: &str, value: &str) {
        self.git(["--git-dir", member.to_str().unwrap(), "config", key, value]);
    }
}

/// Asserts that the fleet says of a member what the doctor says there: the worst of it, and how much there is.
#[track_caller]
fn assert_same(ground: &Ground, fleet: &str, name: &str, git_dir: &Path) {
    let single = ground.importgate(git_dir, &["doctor"]);
    let single = String::from_utf8(single.stdout).unwrap();
    let worst = |line: &&str| ["problem", "unsure", "warning"].iter().position(|word| line.starts_with(word));
    let mut wrong: Vec<&str> = single.lines().filter(|line| worst(line).is_some()).collect();
    wrong.sort_by_key(worst);
    let said = fleet.lines().find(|line| line.get(9..).is_some_and(|rest| rest.starts_with(&format!("{name}: "))));
    let expected = wrong.first().map(|worst| {
        let more = if wrong.len() > 1 { format!(" (and {} more)", wrong.len() - 1) } else { String::new() };
        format!("{}{name}: {}{more}", &worst[..9], &worst[9..])
    });
    assert_eq!(said, expected.as_deref(), "{single}\n{fleet}");
}

#[test]
fn a_fleet_in_order() {
    let ground = Ground::with_fleet();
    ground.member("@hashed/ab/cd/abcd.git");
    ground.member("team/deep/app.git");
    ground.member("team.git");
    ground.git(["clone", "--quiet", ".", "../fleet/clone"]);
    let hook = ground.root.join("fleet/clone/.git/hooks/pre-receive");
    fs::copy(ground.server("hooks/pre-receive"), &hook).unwrap();
    // Neither is a repository of the fleet: one inside of another, one in a worktree, one behind a link.
    ground.member("team.git/hooks/inner.git");
    ground.member("clone/pushed/inner.git");
    symlink(ground.root.join(BARE), ground.root.join("fleet/link.git")).unwrap();
    symlink("..", ground.root.join("fleet/up")).unwrap();
    let expected = "4 repositories beneath fleet\n       4 in order\n\n\
                    hook     hooks/pre-receive (4)\nmode     block (4)\n\
                    policy   the repository's own (4)\nlog      none (4)\n\
                    note: not looked into: 2 symbolic links to folders, or worktrees of other repositories\n";
    assert_eq!(ground.fleet(), (0, expected.to_owned()));
}

#[test]
fn each_is_told_as_the_doctor_tells_it() {
    let ground = Ground::with_fleet();
    let home = ground.root.join("home");
    for folder in ["shared", "~shared"] {
        fs::create_dir(home.join(folder)).unwrap();
        fs::copy(ground.server("hooks/pre-receive"), home.join(folder).join("pre-receive")).unwrap();
    }
    let configured = |name: &str, line: &str| {
        let text = format!("importgate-server = 1\n{line}\n");
        fs::write(ground.member(name).join(CONFIG), text).unwrap();
    };
    configured("off.git", "enforce = 'off'");
    configured("report.git", "enforce = 'report'\nlog = 'pushes.jsonl'");
    configured("wrong-key.git", "enforce = 'blok'");
    configured("no-log.git", "log = '/nowhere/x.jsonl'");
    configured("log-is-a-folder.git", "log = '.'");
    configured("no-options.git", "break-glass = ['oncall']");
    configured("no-file.git", "policies = ['/nowhere/policy.toml']");
    let excuse = |until: &str| {
        format!("[[repository]]\nmatch = '**'\nexcuse = {{ rule = 'r', until = {until}, owner = '@x', reason = 'r' }}")
    };
    configured("excused.git", &excuse("9999-12-30"));
    configured("was-excused.git", &excuse("2026-01-01"));
    configured("untrusted.git", "trusted-refs = ['refs/tags/**']");
    fs::remove_file(ground.member("no-hook.git").join("hooks/pre-receive")).unwrap();
    let hook = ground.member("mode.git").join("hooks/pre-receive");
    fs::set_permissions(hook, fs::Permissions::from_mode(0o644)).unwrap();
    write_program(&ground.member("foreign.git").join("hooks/pre-receive"), "#!/bin/sh\n");
    let hook = ground.member("no-program.git").join("hooks/pre-receive");
    let text = fs::read_to_string(&hook).unwrap().replace("/bin/importgate", "/bin/gone");
    fs::write(&hook, text).unwrap();
    let pipe = ground.member("pipe.git").join("hooks/pre-receive");
    fs::remove_file(&pipe).unwrap();
    assert!(ground.command("mkfifo").arg(&pipe).status().unwrap().success());
    let hook = ground.member("linked.git").join("hooks/pre-receive");
    fs::remove_file(&hook).unwrap();
    symlink(ground.server("hooks/pre-receive"), &hook).unwrap();
    let custom = ground.member("custom.git");
    fs::create_dir_all(custom.join("custom_hooks/pre-receive.d")).unwrap();
    fs::rename(custom.join("hooks/pre-receive"), custom.join("custom_hooks/pre-receive.d/importgate")).unwrap();
    let update = ground.member("update.git");
    fs::remove_file(update.join("hooks/pre-receive")).unwrap();
    ground.in_folder(&update, &["install", "--server", "--update"]);
    for (name, value) in [
        ("path-null.git", "/dev/null"),
        ("path-empty.git", ""),
        ("path-own.git", "hooks"),
        ("path-beside.git", "../custom.git/hooks"),
        ("path-gone.git", "/nowhere/hooks"),
        ("path-home.git", "~/shared"),
        ("path-tilde.git", "./~shared"),
    ] {
        ground.configure(&ground.member(name), "core.hooksPath", value);
    }
    let included = ground.member("included.git");
    fs::write(included.join("more"), "[core]\n\thooksPath = /nowhere/else\n").unwrap();
    ground.configure(&included, "include.path", "more");
    let hooks = ground.member("hooks-linked.git").join("hooks");
    fs::remove_dir_all(&hooks).unwrap();
    symlink(home.join("shared"), &hooks).unwrap();
    ground.configure(&ground.member("server-gone.git"), "importgate.server", "/nowhere/server.toml");
    fs::write(ground.member("server-own.git").join("own.toml"), "importgate-server = 1\nenforce = 'off'\n").unwrap();
    ground.configure(&ground.root.join("fleet/server-own.git"), "importgate.server", "own.toml");
    ground.git(["--git-dir", ground.member("no-policy.git").to_str().unwrap(), "symbolic-ref", "HEAD", "refs/heads/x"]);

    let (status, fleet) = ground.fleet();
    assert_eq!(status, 1, "{fleet}");
    let mut members: Vec<_> = fs::read_dir(ground.root.join("fleet")).unwrap().map(|entry| entry.unwrap()).collect();
    members.sort_by_key(fs::DirEntry::path);
    for member in &members {
        assert_same(&ground, &fleet, member.file_name().to_str().unwrap(), &member.path());
    }
    assert!(fleet.starts_with(&format!("{} repositories beneath fleet\n", members.len())), "{fleet}");
    for part in [
        "\nlog      none (",
        "report.git/hooks/pushes.jsonl (1)",
        "off (2)",
        "report (1)",
        "unknown (2)",
        "custom_hooks/pre-receive.d/importgate (1)",
        "hooks/update (1)",
        "warning  no-log.git: log: /nowhere/x.jsonl cannot be written by this user, so pushes leave no line\n",
    ] {
        assert!(fleet.contains(part), "{part}: {fleet}");
    }
    assert!(!ground.root.join("fleet/report.git/hooks/pushes.jsonl").exists(), "a look writes nothing");
    // A setting for all.
    ground.git(["config", "--global", "core.hooksPath", "~/shared"]);
    let (status, fleet) = ground.fleet();
    assert_eq!(status, 1, "{fleet}");
    for member in &members {
        assert_same(&ground, &fleet, member.file_name().to_str().unwrap(), &member.path());
    }
}

#[test]
fn what_cannot_be_opened_is_a_line() {
    let ground = Ground::with_fleet();
    ground.member("a/good.git");
    fs::remove_file(ground.member("b/no-head.git").join("HEAD")).unwrap();
    fs::remove_dir_all(ground.member("b/no-objects.git").join("objects")).unwrap();
    fs::remove_dir_all(ground.member("b/no-refs.git").join("refs")).unwrap();
    fs::write(ground.member("b/bad-config.git").join("config"), "[core\n").unwrap();
    let config = "[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\trefStorage = reftable\n";
    fs::write(ground.member("b/reftable.git").join("config"), config).unwrap();
    let last = ground.root.join("fleet/c\n\u{1b}[31m");
    fs::rename(ground.member("c.git"), &last).unwrap();
    fs::remove_file(last.join("HEAD")).unwrap();
    let (status, fleet) = ground.fleet();
    assert_eq!(status, 2, "{fleet}");
    assert!(
        fleet.starts_with("7 repositories beneath fleet\n       1 in order\n       6 that nothing can be told of\n")
    );
    let lines: Vec<&str> = fleet.lines().filter(|line| line.starts_with("unsure   ")).collect();
    let names = ["b/bad-config.git", "b/no-head.git", "b/no-objects.git", "b/no-refs.git", "b/reftable.git", "c\\"];
    assert_eq!(lines.len(), names.len(), "{fleet}");
    for (line, name) in lines.iter().zip(names) {
        assert!(line[9..].starts_with(name) && line.contains(": cannot be opened: "), "{fleet}");
    }
    assert!(!fleet.contains('\u{1b}'), "{fleet}");
    // What git refuses, or only some versions of it.
    for (name, line) in [
        ("e/bare.git", "[core]\n\tbare = maybe\n"),
        ("e/no-value.git", "[core]\n\thooksPath\n"),
        ("e/optional.git", "[core]\n\thooksPath = :(optional)/nowhere\n"),
        ("e/user.git", "[core]\n\thooksPath = ~nobody-of-this-name/hooks\n"),
    ] {
        fs::write(ground.member(name).join("config"), line).unwrap();
        let (status, fleet) = ground.fleet();
        assert!(status == 2 && fleet.contains(&format!("\nunsure   {name}: ")), "{name}: {fleet}");
    }
    // A problem is certain, whatever else cannot be told.
    fs::remove_file(ground.member("d.git").join("hooks/pre-receive")).unwrap();
    assert_eq!(ground.fleet().0, 1);
}

#[test]
fn a_broken_repository_is_not_the_one_around_it() {
    let ground = Ground::with_fleet();
    let around = ground.member("around.git");
    fs::rename(around, ground.root.join("around")).unwrap();
    fs::remove_dir(ground.root.join("fleet")).unwrap();
    fs::create_dir(ground.root.join("around/fleet")).unwrap();
    symlink("around/fleet", ground.root.join("fleet")).unwrap();
    let inner = ground.member("inner.git");
    fs::remove_file(inner.join("HEAD")).unwrap();
    let (status, fleet) = ground.fleet();
    assert!(status == 2 && fleet.contains("unsure   inner.git: cannot be opened"), "{fleet}");
}

#[test]
fn many_are_told_in_order_and_cut() {
    let ground = Ground::with_fleet();
    let root = ground.root.join("fleet");
    for number in (0..200).rev() {
        let member = root.join(format!("group-{}/{number:03}.git", number % 3));
        for folder in ["objects", "refs", "hooks"] {
            fs::create_dir_all(member.join(folder)).unwrap();
        }
        fs::write(member.join("HEAD"), "ref: refs/heads/main\n").unwrap();
        fs::write(member.join("config"), "[core]\n\tbare = true\n").unwrap();
    }
    // The last one has a problem that comes first, behind it are those with a warning.
    let hook = ground.server("hooks/pre-receive");
    for number in 0..199 {
        let member = root.join(format!("group-{}/{number:03}.git", number % 3));
        fs::copy(&hook, member.join("hooks/pre-receive")).unwrap();
    }
    let (status, fleet) = ground.fleet();
    assert_eq!(status, 1, "{fleet}");
    assert!(
        fleet.starts_with("200 repositories beneath fleet\n     199 with warnings\n       1 not guarded\n"),
        "{fleet}"
    );
    let lines: Vec<&str> = fleet.lines().skip_while(|line| !line.starts_with("problem")).collect();
    assert_eq!(lines[0], "problem  group-1/199.git: pre-receive: not installed (and 1 more)");
    let numbers = (0..3).flat_map(|group| (0..199).filter(move |number| number % 3 == group));
    for (line, number) in lines[1..100].iter().zip(numbers) {
        let expected = format!("warning  group-{}/{number:03}.git: policy: no policy.toml on the default", number % 3);
        assert!(line.starts_with(&expected), "{line}");
    }
    assert_eq!(lines[100], "and 100 more");
    assert_eq!(ground.fleet(), (status, fleet));
}

#[test]
fn calls_that_cannot_be_meant() {
    let ground = Ground::with_fleet();
    let fleet = |dir: &str| {
        let output = ground.importgate(&ground.root, &["doctor", "--fleet", dir]);
        (output.status.code().unwrap(), stderr(&output))
    };
    for (dir, said) in [
        ("fleet", "no repository lies beneath fleet"),
        ("gone", "gone cannot be read"),
        ("server.git/HEAD", "server.git/HEAD cannot be read"),
    ] {
        let (status, text) = fleet(dir);
        assert!(status == 2 && text.contains(said), "{dir}: {text}");
    }
    // The folder itself may be a repository.
    let output = ground.importgate(&ground.root, &["doctor", "--fleet", BARE]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.starts_with("1 repository beneath server.git\n"), "{text}");
    // Git's own words for one repository would be taken for each.
    let mut command = ground.command(assert_cmd::cargo::cargo_bin!("importgate"));
    let output = command.args(["doctor", "--fleet", ".."]).env("GIT_DIR", ground.root.join(BARE)).output().unwrap();
    assert!(output.status.code() == Some(2) && stderr(&output).contains("GIT_DIR is set"), "{}", stderr(&output));
}

#[test]
fn a_fleet_learns_of_the_kill_switch_and_of_names() {
    let ground = Ground::with_fleet();
    let member = ground.member("a.git");
    fs::write(member.join(CONFIG), "importgate-server = 1\nall-repositories = 'report'\n").unwrap();
    let text = "importgate-server = 1\nhost = 'gitlab'\n[[repository]]\nmatch = 'acme/**'\nenforce = 'off'\n";
    fs::write(ground.member("b.git").join(CONFIG), text).unwrap();
    let (status, fleet) = ground.fleet();
    assert_eq!(status, 0, "{fleet}");
    for part in [
        "mode     block (1), report by the kill switch (1)\n",
        "warning  a.git: kill switch: pulled",
        "note: 1 of them have a name of the host's at a push, by which [[repository]] may say otherwise\n",
    ] {
        assert!(fleet.contains(part), "{part}: {fleet}");
    }
}
