//! `install.sh`, with stand-ins for cargo and for what it would build.

use toml::de::DeTable;

use super::*;

/// "Builds" the program in `$BUILT`, and records its arguments and `RUSTFLAGS`.
const CARGO: &str = r#"#!/bin/sh
printf '%s\n' "$*" "RUSTFLAGS=${RUSTFLAGS-}" >"${0%/*}/asked"
while [ $# -gt 0 ]; do
	[ "$1" = --target-dir ] && dir=$2
	[ "$1" = --target ] && host=$2
	shift
done
mkdir -p "$dir/$host/release" && cp "$BUILT" "$dir/$host/release/importgate"
"#;

/// Installs itself as a pre-commit hook that knows one forbidden line.
const GATE: &str = r#"#!/bin/sh
case $1 in
install)
	echo "write .git/hooks/pre-commit"
	printf '#!/bin/sh\nexec "%s" pre-commit\n' "$0" >.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit ;;
pre-commit)
	git diff --cached | grep -q '^+from .*websocket_core.manager import' || exit 0
	echo "importgate: blocked." >&2
	exit 1 ;;
esac
"#;

impl Ground {
    fn installer(&self, gate: &str, args: &[&str]) -> Output {
        self.installer_with(gate, args, &[])
    }

    fn installer_with(&self, gate: &str, args: &[&str], env: &[(&str, &str)]) -> Output {
        let tools = self.root.join("tools");
        write_program(&tools.join("cargo"), CARGO);
        write_program(&tools.join("rustc"), "#!/bin/sh\necho host: x86_64-unknown-linux-gnu\n");
        write_program(&self.root.join("gate"), gate);
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", tools.display());
        let mut command = self.command(Path::new(env!("CARGO_MANIFEST_DIR")).join("install.sh"));
        command.args(args).env("PATH", path).env("BUILT", self.root.join("gate"));
        command.env("CARGO_TARGET_DIR", self.root.join("target dir"));
        for name in ["CARGO_HOME", "RUSTFLAGS", "IMPORTGATE_BIN_DIR", "CC"] {
            command.env_remove(name);
        }
        command.envs(env.iter().copied()).output().unwrap()
    }
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn installs_the_program_once() {
    let ground = Ground::new();
    let said = stdout(&ground.installer(GATE, &[]));
    let program = ground.root.join("home/.local/bin/importgate");
    assert!(said.contains(&format!("installed {}", program.display())), "{said}");
    assert!(said.contains("is not on PATH"), "{said}");
    assert_eq!(mode(&program), 0o755);
    let asked = fs::read_to_string(ground.root.join("tools/asked")).unwrap();
    assert!(asked.contains("--locked") && asked.contains("--target x86_64-unknown-linux-gnu"), "{asked}");
    let before = listing(&ground.root.join("home"));
    assert!(stdout(&ground.installer(GATE, &[])).contains("is up to date"));
    assert_eq!(listing(&ground.root.join("home")), before);
    assert!(stdout(&ground.installer("#!/bin/sh\n", &[])).contains("installed "));
}

#[test]
fn is_static_where_that_links() {
    let ground = Ground::new();
    ground.installer_with(GATE, &[], &[("CC", "true"), ("RUSTFLAGS", "-C opt-level=1")]);
    let asked = fs::read_to_string(ground.root.join("tools/asked")).unwrap();
    assert!(
        asked.contains("RUSTFLAGS=-C opt-level=1 -C target-feature=+crt-static -C relocation-model=static"),
        "{asked}"
    );
    for (home, is_told) in [("/cargo", true), ("/my cargo", false)] {
        ground.installer_with(GATE, &[], &[("CC", "true"), ("CARGO_HOME", home)]);
        let asked = fs::read_to_string(ground.root.join("tools/asked")).unwrap();
        assert_eq!(asked.contains(" --remap-path-prefix=/cargo/registry/src=crates"), is_told, "{asked}");
        assert!(!asked.contains("/my cargo"), "{asked}");
    }
    ground.installer_with(GATE, &[], &[("CC", "false")]);
    let asked = fs::read_to_string(ground.root.join("tools/asked")).unwrap();
    assert!(asked.ends_with("RUSTFLAGS=\n"), "{asked}");
}

#[test]
fn goes_where_it_is_told() {
    let ground = Ground::new();
    let folder = ground.root.join("some where");
    stdout(&ground.installer_with(GATE, &[], &[("IMPORTGATE_BIN_DIR", folder.to_str().unwrap())]));
    assert!(folder.join("importgate").exists());
    let cargo = ground.root.join("cargo home");
    fs::create_dir_all(cargo.join("bin")).unwrap();
    let path = format!("{}:{}/bin:/usr/bin:/bin", ground.root.join("tools").display(), cargo.display());
    let env = [("CARGO_HOME", cargo.to_str().unwrap()), ("PATH", &*path)];
    let said = stdout(&ground.installer_with(GATE, &[], &env));
    assert!(cargo.join("bin/importgate").exists() && !said.contains("not on PATH"), "{said}");
}

#[test]
fn installs_hooks_and_a_starter_policy() {
    let ground = Ground::new();
    fs::create_dir(ground.repo.join("sub")).unwrap();
    let said = stdout(&ground.installer(GATE, &[ground.repo.to_str().unwrap()]));
    assert!(ground.hook("pre-commit").exists() && said.contains("wrote "), "{said}");
    let starter = fs::read_to_string(ground.repo.join("policy.toml")).unwrap();
    let said = stdout(&ground.installer(GATE, &["."]));
    assert!(said.contains("already exists"), "{said}");
    assert_eq!(fs::read_to_string(ground.repo.join("policy.toml")).unwrap(), starter);
}

#[test]
fn another_tools_policy_stays() {
    let ground = Ground::new();
    fs::write(ground.repo.join("policy.toml"), "[package]\nname = \"importgate\"\n").unwrap();
    let said = stdout(&ground.installer(GATE, &["."]));
    assert!(said.contains("another tool's") && said.contains("git config importgate.policy"), "{said}");
    assert_eq!(fs::read(ground.repo.join("policy.toml")).unwrap(), b"[package]\nname = \"importgate\"\n");
    fs::remove_file(ground.repo.join("policy.toml")).unwrap();
    ground.git(["config", "importgate.policy", "main:elsewhere.toml"]);
    ground.git(["config", "--add", "importgate.policy", "org.toml"]);
    let said = stdout(&ground.installer(GATE, &["."]));
    assert!(said.contains("the policy is main:elsewhere.toml") && said.contains("the policy is org.toml"), "{said}");
    assert!(!ground.repo.join("policy.toml").exists());
}

#[test]
fn the_starter_policy_is_valid_with_and_without_its_rule() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("hooks/starter-policy.toml");
    let starter = fs::read_to_string(path).unwrap();
    let table = DeTable::parse(&starter).unwrap().into_inner();
    assert_eq!(table.keys().map(|key| &**key.get_ref()).collect::<Vec<_>>(), ["importgate"]);
    let rule = starter.lines().skip_while(|line| *line != "# [[rule]]").take_while(|line| *line != "#");
    let rule: Vec<_> = rule.map(|line| line.strip_prefix("# ").unwrap()).collect();
    let rule = rule.join("\n");
    let table = DeTable::parse(&rule).unwrap().into_inner();
    assert_eq!(
        table["rule"].get_ref()[0].get_ref()["forbid"].get_ref()[0].get_ref().as_str(),
        Some("app.websocket.manager")
    );
}

#[test]
fn plays_the_main_job() {
    let ground = Ground::new();
    let temp = ground.root.join("temp");
    fs::create_dir(&temp).unwrap();
    let before = listing(&ground.root.join("home"));
    let output = ground.installer_with(GATE, &["--demo"], &[("TMPDIR", temp.to_str().unwrap())]);
    let said = stdout(&output);
    for part in ["$ git commit -m \"Add the chat route\"\nimportgate: blocked.", "$ git log --oneline", "accepted."] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(fs::read_dir(&temp).unwrap().count(), 0, "nothing is left");
    assert_eq!(listing(&ground.root.join("home")), before, "nothing is installed");
}

#[test]
fn a_demo_that_goes_wrong_fails() {
    let ground = Ground::new();
    for gate in [GATE.replace("exit 1", "exit 0"), GATE.replace("|| exit 0", "&& exit 0"), "#!/bin/sh\nexit 2\n".into()]
    {
        let output = ground.installer(&gate, &["--demo"]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(stderr(&output).contains("not as it should be"), "{output:?}");
    }
}

#[test]
fn says_what_is_missing_or_wrong() {
    let ground = Ground::new();
    assert!(stdout(&ground.installer(GATE, &["--help"])).contains("usage: "));
    assert_eq!(ground.installer(GATE, &["--what"]).status.code(), Some(2));
    assert_eq!(ground.installer(GATE, &["a", "b"]).status.code(), Some(2));
    let output = ground.installer(GATE, &[ground.root.to_str().unwrap()]);
    assert!(stderr(&output).contains("is not in a worktree"), "{output:?}");
    let bare = ground.root.join("bare");
    fs::create_dir(&bare).unwrap();
    for tool in ["sh", "dirname", "git"] {
        let output = ground.installer_with(GATE, &[], &[("PATH", bare.to_str().unwrap())]);
        assert!(
            !output.status.success() && (tool != "git" || stderr(&output).contains("git is missing")),
            "{output:?}"
        );
        let _ = std::os::unix::fs::symlink(Path::new("/usr/bin").join(tool), bare.join(tool));
    }
    let output = ground.installer_with(GATE, &[], &[("PATH", bare.to_str().unwrap())]);
    assert!(stderr(&output).contains("cargo is missing"), "{output:?}");
}
