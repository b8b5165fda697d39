//! The policy reduced to one rule, by its id.

use std::sync::OnceLock;

use thiserror::Error;

use super::Policy;
use crate::toml_file;

/// Error for a requested rule that is not in the policy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the policy has no rule `{id}`{}", .nearest.as_ref().map(|near| format!(", did you mean `{near}`?")).unwrap_or_default())]
pub struct UnknownRule {
    /// The requested id.
    pub id: String,
    /// Id that was probably meant.
    pub nearest: Option<String>,
}

impl Policy {
    /// Reduces the policy to one rule: no other rule decides or takes precedence.
    ///
    /// # Errors
    /// When there is no such rule.
    pub fn only(mut self, rule_id: &str) -> Result<Self, UnknownRule> {
        let Some(at) = self.rules.iter().position(|rule| rule.id == rule_id) else {
            let nearest =
                toml_file::nearest(rule_id, self.rules.iter().map(|rule| rule.id.as_str())).map(str::to_owned);
            return Err(UnknownRule { id: rule_id.to_owned(), nearest });
        };
        self.rules = vec![self.rules.swap_remove(at)];
        self.index = OnceLock::new();
        Ok(self)
    }
}
