//! What the admin's file makes of the policies that judge a push: the names of their rules, and which of them are excused.

use std::path::Path;

use super::{Config, Excused, PolicySource};
use crate::locate;
use crate::policy::Policy;

impl Config {
    /// Returns the name of each policy, by which its rules are told; `None` for the repository's own, whose rules are told by
    /// their ids.
    #[must_use]
    pub fn policy_names(&self) -> Vec<Option<String>> {
        fn file(source: &PolicySource) -> Option<&Path> {
            match source {
                PolicySource::File(file) => Some(file),
                PolicySource::Repository => None,
            }
        }
        let files: Vec<Option<&Path>> = self.policies.iter().map(file).collect();
        let mut names = locate::names(&files.iter().copied().flatten().collect::<Vec<_>>()).into_iter();
        files.into_iter().map(|file| file.and_then(|_| names.next())).collect()
    }

    /// Makes a policy ready to judge pushes to this repository. `name` is its name, if it has one.
    pub fn prepare(&self, policy: &mut Policy, name: Option<&str>) {
        if let Some(name) = name {
            policy.tell_as(name.to_owned());
        }
        for Excused { rule, excuse } in &self.excuses {
            policy.excuse(rule, excuse.clone());
        }
    }
}
