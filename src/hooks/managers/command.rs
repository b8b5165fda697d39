//! A command of another tool: whether it makes importgate judge what a hook is about.

use super::Calls;

/// Returns whether a text mentions importgate, comments of shell, YAML and TOML aside.
pub(super) fn mentions(text: &str) -> bool {
    text.lines().any(|line| !line.trim_start().starts_with('#') && line.contains("importgate"))
}

/// Returns whether a command judges what the hook is about, and its status is importgate's. `hands_commits`: the caller names
/// the commits of a push in the environment, as pre-commit and prek do, so that `importgate pre-commit` judges them.
pub(super) fn judges(command: &str, hook: &str, hands_commits: bool) -> Calls {
    if !mentions(command) {
        return Calls::No;
    }
    let around: &[char] = &['"', '\'', ';'];
    let mut words = command.split_whitespace().map(|word| word.trim_matches(around));
    if !words.any(|word| word.rsplit('/').next() == Some("importgate")) {
        // A wrapper.
        return Calls::Perhaps;
    }
    let is_push = hook == "pre-push";
    let judged = match words.next() {
        Some("pre-commit" | "pre-merge-commit") => !is_push || hands_commits,
        Some("pre-push") => is_push,
        Some("check") => {
            match words.any(|word| word.starts_with("--range") || word == "--all" || word == "--against") {
                true => return Calls::Perhaps,
                false => !is_push,
            }
        }
        _ => false,
    };
    match judged {
        false => Calls::No,
        true if is_simple(command) => Calls::Yes,
        true => Calls::Perhaps,
    }
}

/// Returns whether a command is a single one, so that its status is not another's.
fn is_simple(command: &str) -> bool {
    !command.trim_end().contains(['|', ';', '&', '\n', '`']) && !command.contains("$(")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_judges() {
        let cases = [
            ("importgate pre-commit", Calls::Yes, Calls::No),
            ("/opt/bin/importgate pre-commit \"$@\"", Calls::Yes, Calls::No),
            ("npx importgate pre-merge-commit", Calls::Yes, Calls::No),
            ("importgate pre-push {1} {2}", Calls::No, Calls::Yes),
            ("importgate check --staged", Calls::Yes, Calls::No),
            ("importgate check", Calls::Yes, Calls::No),
            ("sh -c 'exec importgate check --range \"$A..$B\"'", Calls::Perhaps, Calls::Perhaps),
            ("importgate pre-commit || true", Calls::Perhaps, Calls::No),
            ("importgate pre-push; echo", Calls::No, Calls::Perhaps),
            ("./importgate.sh", Calls::Perhaps, Calls::Perhaps),
            ("importgate doctor", Calls::No, Calls::No),
            ("# importgate pre-commit", Calls::No, Calls::No),
            ("ruff check", Calls::No, Calls::No),
        ];
        for (command, commit, push) in cases {
            assert_eq!(judges(command, "pre-commit", false), commit, "{command}");
            assert_eq!(judges(command, "pre-push", false), push, "{command}");
        }
        assert_eq!(judges("importgate pre-commit", "pre-push", true), Calls::Yes);
    }
}
