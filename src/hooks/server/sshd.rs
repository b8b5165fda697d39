//! Check of the environment variables that an SSH server accepts from clients.
//!
//! `AcceptEnv` hands variables from the client to the session. With `GIT_CONFIG_COUNT` among them a client sets
//! `core.hooksPath`, and no hook ever runs. The format: <https://man.openbsd.org/sshd_config>.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::{Check, show, visible};

/// Variables by which a client could bypass the server's git configuration. `GIT_PROTOCOL` is harmless, and git's own
/// manual recommends accepting it.
const HARMFUL: [&str; 8] = [
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_KEY_0",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_PARAMETERS",
    "GIT_EXEC_PATH",
    "GIT_DIR",
];

/// Returns a warning for each line that accepts such a variable. `folder` is `/etc/ssh`.
pub(super) fn checks(folder: &Path) -> Vec<Check> {
    let mut files = vec![folder.join("sshd_config")];
    let more = fs::read_dir(folder.join("sshd_config.d")).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut more: Vec<PathBuf> = more.filter(|path| path.extension().is_some_and(|end| end == "conf")).collect();
    more.sort_unstable();
    files.extend(more);
    let mut checks = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_default();
        for (number, line) in (1..).zip(text.lines()) {
            if let Some((pattern, variable)) = harm(line) {
                let found = format!(
                    "{}:{number}: AcceptEnv {} lets clients set {variable}, and so switch hooks off",
                    show(&file),
                    visible(pattern)
                );
                checks.push(Check::warning(found, "remove that pattern (GIT_PROTOCOL alone is safe), reload sshd"));
            }
        }
    }
    checks
}

/// Returns the first pattern of a line that accepts a harmful variable, and the variable.
fn harm(line: &str) -> Option<(&str, &'static str)> {
    let line = line.trim_start();
    let end = line.find(|c: char| c.is_whitespace() || c == '=')?;
    let (keyword, patterns) = line.split_at(end);
    if !keyword.eq_ignore_ascii_case("AcceptEnv") {
        return None;
    }
    let patterns = patterns.trim_start().trim_start_matches('=').split_whitespace();
    patterns.take_while(|pattern| !pattern.starts_with('#')).map(|pattern| pattern.trim_matches('"')).find_map(
        |pattern| HARMFUL.iter().find(|name| matches(pattern.as_bytes(), name.as_bytes())).map(|name| (pattern, *name)),
    )
}

/// Returns whether a pattern matches: `*` is any run of characters, `?` is one.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut star = None;
    while from < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(&byte) if byte == b'?' || byte == name[from] => {
                at += 1;
                from += 1;
            }
            _ => {
                let Some((back, start)) = star else { return false };
                star = Some((back, start + 1));
                (at, from) = (back + 1, start + 1);
            }
        }
    }
    pattern[at..].iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_reaches_git_is_harmful() {
        for line in
            ["AcceptEnv GIT_*", "\tacceptenv LANG GIT_CONFIG_*", "AcceptEnv=\"*\"", "AcceptEnv GIT_CONFIG_KEY_?"]
        {
            assert!(harm(line).is_some(), "{line}");
        }
        for line in [
            "AcceptEnv LANG LC_*",
            "AcceptEnv GIT_PROTOCOL",
            "AcceptEnv COLORTERM # GIT_*",
            "#AcceptEnv GIT_*",
            "AcceptEnvs *",
            "AcceptEnv",
            "AcceptEnv GIT_?",
            "",
        ] {
            assert_eq!(harm(line), None, "{line}");
        }
    }

    #[test]
    fn every_file_is_read() {
        let folder = tempfile::tempdir().unwrap();
        assert!(checks(folder.path()).is_empty());
        fs::create_dir(folder.path().join("sshd_config.d")).unwrap();
        fs::write(folder.path().join("sshd_config"), "Port 22\nAcceptEnv GIT_CONFIG_COUNT\n").unwrap();
        fs::write(folder.path().join("sshd_config.d/10.conf"), "AcceptEnv *\n").unwrap();
        fs::write(folder.path().join("sshd_config.d/old.bak"), "AcceptEnv *\n").unwrap();
        let found: Vec<_> = checks(folder.path()).into_iter().map(|check| check.found).collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("sshd_config:2: AcceptEnv GIT_CONFIG_COUNT"), "{found:?}");
    }
}
