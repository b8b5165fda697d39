//! The name of a rule: its id, and the policy that it is told with where several may judge.

use std::fmt::{self, Display};

/// What stands between the name of a policy and the id of a rule; ids have none.
const BETWEEN: char = '/';

/// The name of a rule, as it is told and typed: `id`, or `policy/id`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleName {
    told: String,
    /// Start of the id in it.
    id: usize,
}

impl RuleName {
    /// Names a rule by its id, and by its policy where that has a name.
    #[must_use]
    pub fn new(policy: Option<&str>, id: &str) -> Self {
        let mut told = policy.map(|policy| format!("{policy}{BETWEEN}")).unwrap_or_default();
        let start = told.len();
        told.push_str(id);
        Self { told, id: start }
    }

    /// The name as it is told.
    #[must_use]
    pub fn told(&self) -> &str {
        &self.told
    }

    /// The id, which is unique in its policy.
    #[must_use]
    pub fn id(&self) -> &str {
        self.told.get(self.id..).unwrap_or_default()
    }

    /// The name of the policy, if it is told.
    #[must_use]
    pub fn policy(&self) -> Option<&str> {
        self.told.get(..self.id)?.strip_suffix(BETWEEN)
    }
}

impl Display for RuleName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_policy_and_the_id() {
        let cases = [(Some("org"), "org/r", Some("org")), (Some("a/b"), "a/b/r", Some("a/b")), (None, "r", None)];
        for (policy, told, expected) in cases {
            let name = RuleName::new(policy, "r");
            assert_eq!((name.told(), name.policy(), name.id()), (told, expected, "r"));
        }
    }
}
