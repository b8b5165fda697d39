//! Break-glass: push options by which listed users may push what a rule blocks, giving a reason.
//!
//! `git push -o importgate.allow=RULE:REASON` reaches the hook as `GIT_PUSH_OPTION_COUNT` and `GIT_PUSH_OPTION_0`, … (see
//! githooks(5), pre-receive). The option counts for users listed in the server configuration; the host tells who pushes.
//!
//! Who pushes is said by [`super::host`]. Values are compared; only the user's name is ever printed.

use super::host::{Environment, Host, user};
use crate::policy::RuleName;
use crate::toml_file::nearest;

const COUNT: &str = "GIT_PUSH_OPTION_COUNT";
const OURS: &str = "importgate.";
const ALLOW: &str = "importgate.allow";
/// Maximum number of push options read; if there are more, a warning says so.
const MAX_OPTIONS: usize = 1000;

/// Allowances of a push.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowances {
    /// The pusher, if known, for the report and the log. Untrusted text.
    pub user: Option<String>,
    /// The allowances, in the order of the options. Untrusted text.
    pub allowed: Vec<Allowance>,
    /// Warnings about invalid options and unlisted users, a sentence each. Untrusted text.
    pub warnings: Vec<String>,
}

/// Allowance for a rule not to block this push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The rule's name as it is told, or an id alone, which means the rules of that id in all policies; it is not checked
    /// that a policy has such a rule.
    pub rule: String,
    /// The pusher's reason; never blank.
    pub reason: String,
}

impl Allowances {
    /// Reads the options of a push. `break_glass` lists the users who may use them, `host` is the one in front, if known.
    #[must_use]
    pub fn read(environment: Environment<'_>, break_glass: &[String], host: Option<Host>) -> Self {
        let (user, disagree) = user(host, environment);
        let mut own = Self { user, ..Self::default() };
        own.options(environment);
        if own.allowed.is_empty() {
            return own;
        }
        let listed = own.user.as_ref().is_some_and(|user| break_glass.contains(user));
        if !listed {
            let rules: Vec<_> = own.allowed.iter().map(|allowance| allowance.rule.as_str()).collect();
            let why = match (&own.user, break_glass.is_empty()) {
                (_, true) => "nobody may use it on this server".to_owned(),
                _ if disagree => "the host's variables name different users".to_owned(),
                (Some(user), _) => format!("{user} is not allowed to use it"),
                (None, _) => "the host does not say who pushes".to_owned(),
            };
            own.warnings.push(format!("{ALLOW} for {} is ignored: {why}", rules.join(", ")));
            own.allowed.clear();
        }
        own
    }

    /// Returns the allowance by which the rule does not block this push, the one for it alone before one for its id; `None`
    /// if it does block.
    #[must_use]
    pub fn for_rule(&self, rule: &RuleName) -> Option<&Allowance> {
        self.for_name(rule.told()).or_else(|| self.for_name(rule.id()))
    }

    fn for_name(&self, name: &str) -> Option<&Allowance> {
        self.allowed.iter().find(|allowance| allowance.rule == name)
    }

    fn options(&mut self, environment: Environment<'_>) {
        let count = environment(COUNT).and_then(|count| count.to_str()?.parse::<usize>().ok()).unwrap_or(0);
        for number in 0..count.min(MAX_OPTIONS) {
            let Some(option) = environment(&format!("GIT_PUSH_OPTION_{number}")) else { break };
            self.option(&option.to_string_lossy());
        }
        if count > MAX_OPTIONS {
            self.warnings.push(format!("only the first {MAX_OPTIONS} push options were read"));
        }
    }

    fn option(&mut self, option: &str) {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        if name != ALLOW {
            if name.starts_with(OURS) {
                let near = nearest(name, std::iter::once(ALLOW));
                let hint = near.map(|near| format!(", did you mean {near}?")).unwrap_or_default();
                self.warnings.push(format!("unknown push option {name}{hint}"));
            }
            return;
        }
        let (rule, reason) = value.split_once(':').unwrap_or((value, ""));
        let (rule, reason) = (rule.trim(), reason.trim());
        if rule.is_empty() || !reason.chars().any(char::is_alphanumeric) {
            self.warnings.push(format!("{option} is ignored: write {ALLOW}=RULE:REASON, with a rule and a reason"));
        } else if self.for_name(rule).is_none() {
            self.allowed.push(Allowance { rule: rule.to_owned(), reason: reason.to_owned() });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    fn read(variables: &[(&str, &str)], break_glass: &[&str]) -> Allowances {
        let environment = |wanted: &str| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| OsString::from(value))
        };
        let users: Vec<_> = break_glass.iter().map(|user| (*user).to_owned()).collect();
        Allowances::read(&environment, &users, None)
    }

    fn reason<'a>(found: &'a Allowances, id: &str) -> Option<&'a str> {
        found.for_rule(&RuleName::new(None, id)).map(|allowance| allowance.reason.as_str())
    }

    fn with_option<'v>(option: &'v str, more: &[(&'v str, &'v str)]) -> Vec<(&'v str, &'v str)> {
        [&[("GIT_PUSH_OPTION_COUNT", "1"), ("GIT_PUSH_OPTION_0", option)], more].concat()
    }

    #[test]
    fn a_listed_user_may_with_a_reason() {
        let option = "importgate.allow=old-path: the rollback of the: migration ";
        let found = read(&with_option(option, &[("GL_USER", "oncall")]), &["other", "oncall"]);
        assert_eq!(reason(&found, "old-path"), Some("the rollback of the: migration"));
        assert_eq!((reason(&found, "old"), found.user.as_deref()), (None, Some("oncall")));
        assert!(found.warnings.is_empty(), "{found:?}");
    }

    #[test]
    fn others_may_not_and_are_told() {
        let cases = [
            (vec![("GL_USER", "eve")], vec!["oncall"], "eve is not allowed to use it"),
            (vec![("GL_USER", "oncall")], vec![], "nobody may use it on this server"),
            (vec![], vec!["oncall"], "the host does not say who pushes"),
            (vec![("GL_USER", "oncall"), ("REMOTE_USER", "eve")], vec!["oncall"], "name different users"),
            (vec![("REMOTE_USER", "eve"), ("USER", "oncall")], vec!["oncall"], "eve is not allowed"),
        ];
        for (variables, listed, why) in cases {
            let found = read(&with_option("importgate.allow=r:reason", &variables), &listed);
            assert_eq!(reason(&found, "r"), None);
            assert!(found.warnings.iter().any(|told| told.contains(why)), "{why}: {found:?}");
        }
    }

    #[test]
    fn the_host_says_who_pushes() {
        let cases = [
            (vec![("GL_USER", "a"), ("REMOTE_USER", "a"), ("USER", "git")], Some("a")),
            (vec![("GL_USERNAME", "a"), ("GL_ID", "user-7"), ("USER", "git")], Some("a")),
            (vec![("GL_ID", "key-7")], Some("key-7")),
            (vec![("GITHUB_USER_LOGIN", "a")], Some("a")),
            (vec![("BB_USER_NAME", "a")], Some("a")),
            (vec![("GITEA_PUSHER_NAME", "a")], Some("a")),
            (vec![("GITEA_PUSHER_NAME", ""), ("REMOTE_USER", "a")], Some("a")),
            (vec![("LOGNAME", "b"), ("USER", "a")], Some("a")),
            (vec![], None),
        ];
        for (variables, expected) in cases {
            assert_eq!(read(&variables, &[]).user.as_deref(), expected, "{variables:?}");
        }
    }

    #[test]
    fn an_option_that_is_wrong_is_told() {
        for option in [
            "importgate.allow",
            "importgate.allow=",
            "importgate.allow=r",
            "importgate.allow=r: ",
            "importgate.allow=:why",
            "importgate.allow=r:--",
        ] {
            let found = read(&with_option(option, &[("GL_USER", "oncall")]), &["oncall"]);
            assert!(found.allowed.is_empty() && found.warnings.len() == 1, "{option}: {found:?}");
            assert!(found.warnings[0].contains("importgate.allow=RULE:REASON"), "{option}: {found:?}");
        }
        let near = read(&with_option("importgate.alow=r:why", &[]), &[]);
        assert_eq!(near.warnings, ["unknown push option importgate.alow, did you mean importgate.allow?"]);
        assert_eq!(read(&with_option("ci.skip", &[]), &[]), Allowances::default());
    }

    #[test]
    fn options_are_counted_as_git_counts_them() {
        let lies =
            [("GIT_PUSH_OPTION_COUNT", "99999999"), ("GIT_PUSH_OPTION_0", "importgate.allow=r:one"), ("USER", "a")];
        let found = read(&lies, &["a"]);
        assert_eq!(reason(&found, "r"), Some("one"));
        assert_eq!(found.warnings, ["only the first 1000 push options were read"]);
        for count in ["0", "-1", "x", ""] {
            let none =
                [("GIT_PUSH_OPTION_COUNT", count), ("GIT_PUSH_OPTION_0", "importgate.allow=r:one"), ("USER", "a")];
            assert!(read(&none, &["a"]).allowed.is_empty(), "{count}");
        }
    }
}
