//! Checks of keys that mean something only together, wherever in the file each of them stands.

use super::keys::{LOG, Table};
use super::{File, Settings};
use crate::toml_file::{self, DeValue, Problems, Value, one_or_many};

type Fields<'t> = toml_file::Fields<'t, Table>;

/// Checks that owners may do what others may not wherever their table counts: tables that mean the same repository are
/// taken together, key by key, and a later one wins.
pub(super) fn check_owners(top: &Fields<'_>, file: &File, problems: &mut Problems) {
    const KEY: &str = "policy-owners";
    let own = top.get("repository").map(one_or_many).unwrap_or_default();
    let key_at = |value: &&Value<'_>| match value.get_ref() {
        DeValue::Table(table) => Some(Fields::of_unknown(table, value.span(), Table::Repository).key_at(KEY)),
        // That it is no table is told already; it has no settings.
        _ => None,
    };
    let keys = std::iter::once(top.key_at(KEY)).chain(own.iter().filter_map(key_at));
    let tables: Vec<_> = std::iter::once(&file.base).chain(file.repositories.iter().map(|own| &own.settings)).collect();
    for (number, (key, table)) in keys.zip(&tables).enumerate() {
        // What is off in its own table can only be turned on by a later one.
        let from = if table.protect_policy == Some(false) { number } else { 0 };
        let is_protected = tables.iter().skip(from).any(|table| table.protect_policy == Some(true));
        if table.policy_owners.is_some() && !is_protected {
            let message =
                "`policy-owners` without `protect-policy = true` protects nothing: anybody may weaken the policy";
            problems.add_if_sound(key, message, "write `protect-policy = true` beside it");
        }
    }
}

/// Checks that somebody can see what a shadow policy says.
pub(super) fn check_shadow(fields: &Fields<'_>, settings: &Settings, has_common_log: bool, problems: &mut Problems) {
    let is_judged = settings.shadow.as_ref().is_some_and(|files| !files.is_empty());
    if is_judged && !has_common_log && fields.get(LOG).is_none() {
        let message = "`shadow` without `log` is judged for nobody: only the log says what it finds";
        problems.add_if_sound(
            fields.key_at("shadow"),
            message,
            "write `log = \"/var/log/importgate.jsonl\"` beside it",
        );
    }
}
