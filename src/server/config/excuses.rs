//! Rules that the admin excuses in some repositories.

use std::collections::HashSet;

use super::keys::Table;
use super::parse::Fields;
use crate::policy::Excuse;
use crate::toml_file::{DeValue, Problems, one_or_many, shortened, wrong_type};

const KEY: &str = "excuse";

/// A rule that blocks nothing until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excused {
    /// The rule's name, as it is told; it is not checked that a policy has such a rule.
    pub rule: String,
    /// Until when, and why.
    pub excuse: Excuse,
}

/// Reads the excuses of a table; none takes back those of tables before.
pub(super) fn excuses(fields: &Fields<'_>, problems: &mut Problems) -> Option<Vec<Excused>> {
    let mut excuses: Vec<Excused> = Vec::new();
    let mut known = HashSet::new();
    for value in one_or_many(fields.get(KEY)?) {
        let DeValue::Table(table) = value.get_ref() else {
            wrong_type(value, Table::Repository, KEY, problems);
            continue;
        };
        let fields = Fields::new(table, value.span(), Table::Excuse, problems);
        let Some(own) = excused(&fields, problems) else { continue };
        if !known.insert(own.rule.clone()) {
            let message = format!("`{}` is excused twice", shortened(&own.rule));
            problems.add_with_hint(fields.key_at("rule"), message, "leave one out");
        }
        excuses.push(own);
    }
    Some(excuses)
}

fn excused(fields: &Fields<'_>, problems: &mut Problems) -> Option<Excused> {
    let keys = [
        ("rule", "it names the rule as messages do, such as `org/websocket-manager`"),
        ("until", "it is the last day, such as 2027-01-31: no excuse lasts for ever"),
        ("owner", "it says who answers for it"),
        ("reason", "it says why"),
    ];
    for (key, hint) in keys.iter().filter(|(key, _)| fields.get(key).is_none()) {
        problems.add_if_sound(fields.at.clone(), format!("the excuse has no `{key}`"), *hint);
    }
    let mut words = |key| {
        let words = fields.words(key, problems)?;
        let text = words.text.trim();
        if text.is_empty() {
            problems.add(words.at, format!("`{key}` is blank"));
        }
        Some(text.to_owned())
    };
    let (rule, owner, reason) = (words("rule"), words("owner"), words("reason"));
    let until = fields.day("until", problems)?;
    Some(Excused { rule: rule?, excuse: Excuse { until, owner: owner?, reason: reason? } })
}
