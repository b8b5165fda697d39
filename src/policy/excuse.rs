//! Excuses: rules that block nothing until a day, where an admin says so.

use std::sync::Arc;

use super::{Date, Policy, RuleName};

/// Excuse for one rule to block nothing until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excuse {
    /// The last day on which it counts, in UTC.
    pub until: Date,
    /// Person or team that answers for it.
    pub owner: String,
    /// Why it was given.
    pub reason: String,
}

impl Excuse {
    /// Returns what is told of a finding that it keeps from blocking.
    #[must_use]
    pub fn note(&self) -> Arc<str> {
        let Self { until, owner, reason } = self;
        format!("excused here until {until} ({owner}): {reason}").into()
    }
}

impl Policy {
    /// Excuses the rule of this name, if it is one of this policy: up to that day, it warns at most.
    pub fn excuse(&mut self, name: &str, excuse: Excuse) {
        let id = name.rsplit('/').next().unwrap_or(name);
        if RuleName::new(self.name.as_deref(), id).told() == name {
            self.excuses.insert(id.to_owned(), excuse);
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::policy::Severity;
    use crate::policy::testing::policy;

    #[test]
    fn a_rule_is_excused_up_to_that_day() {
        let rule = |id: &str, more: &str| {
            format!("[[rule]]\nid = '{id}'\nlanguage = 'python'\nforbid = ['{id}']\nseverity = 'block'\n{more}")
        };
        let source = [
            rule("a", ""),
            rule("b", ""),
            rule("off", "").replace("'block'", "'off'"),
            rule("late", "block-from = 2027-01-10\n").replace("'block'", "'track'"),
        ];
        let mut policy = policy(&source.concat());
        policy.tell_as("org".to_owned());
        let until = date(2027, 1, 31);
        for name in ["org/a", "b", "orga/b", "/b", "org/", "org/off", "org/late"] {
            policy.excuse(name, Excuse { until, owner: "@x".into(), reason: "why".into() });
        }
        let severities = |today| {
            let effective = policy.at(today);
            [0, 1, 2, 3].map(|at| effective.severity(at))
        };
        use Severity::{Block, Off, Track, Warn};
        assert_eq!(severities(date(2027, 1, 1)), [Warn, Block, Off, Track]);
        assert_eq!(severities(until), [Warn, Block, Off, Warn]);
        assert_eq!(severities(date(2027, 2, 1)), [Block, Block, Off, Block]);
        let bare = policy.at(until).without_excuses();
        assert_eq!([0, 1, 2, 3].map(|at| bare.severity(at)), [Block, Block, Off, Block]);
        assert!(policy.at(until).has_excuses() && !policy.at(date(2027, 2, 1)).has_excuses());
    }
}
