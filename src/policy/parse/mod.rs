//! Parser of policy files: returns the policy or all its errors.

mod captures;
mod entries;
mod exceptions;
pub(super) mod keys;
mod languages;
mod needs;
mod paths;
mod pattern;
mod rule;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use self::keys::Table;
use super::{Branches, Policy, Rule, Severity};
use crate::globs::{GlobId, Globs};
use crate::notation::Notation;
use crate::toml_file::{
    self, DeTable, DeValue, Document, Invalid, Problems, Value, Words, add_glob, one_or_many, shortened, wrong_type,
};

/// A table of a policy.
type Fields<'t> = toml_file::Fields<'t, Table>;

/// State of the parser.
struct Reading<'t> {
    document: &'t Document<'t>,
    notations: &'t [Notation],
    /// Languages by name and alias.
    languages: Vec<(&'static str, Notation)>,
    globs: Globs,
    /// Number of entries and of their segments so far.
    segments: usize,
    /// Estimated size of the patterns so far, once they are compiled.
    pattern_bytes: usize,
    problems: &'t mut Problems,
}

/// Key that marks a policy as importgate's.
const KEY: &str = "importgate";

/// Parses a policy; `None` if the file lacks the key `importgate` and has no rule of ours.
///
/// # Errors
/// All errors of the file, in file order.
pub(super) fn policy(source: &str, origin: &str, notations: &[Notation]) -> Result<Option<Policy>, Invalid> {
    toml_file::read(source, origin, (Table::Top, KEY), lost_key, |document, problems| {
        let names = |notation: &Notation| std::iter::once(notation.language).chain(notation.aliases.iter().copied());
        let languages = notations.iter().flat_map(|own| names(own).map(|name| (name, *own))).collect();
        let mut reading = Reading {
            document,
            notations,
            languages,
            globs: Globs::default(),
            segments: 0,
            pattern_bytes: 0,
            problems,
        };
        reading.policy(origin)
    })
}

/// Records an error if the file has a rule of ours: its key was lost, or stands beneath a table's header, so that it
/// belongs to that table. Without the error, nothing would be judged, and nobody told.
fn lost_key(top: &DeTable<'_>, problems: &mut Problems) -> bool {
    let tables = |key: &str| {
        let values = top.get(key).map(one_or_many).unwrap_or_default();
        values
            .into_iter()
            .filter_map(|value| if let DeValue::Table(table) = value.get_ref() { Some(table) } else { None })
    };
    let is_list = top.get("rule").is_some_and(|value| matches!(value.get_ref(), DeValue::Array(_)));
    let is_ours = |rule: &DeTable<'_>| {
        let body = ["forbid", "pattern"].into_iter().any(|key| rule.get(key).is_some());
        body && rule.get("id").is_some_and(|id| matches!(id.get_ref(), DeValue::String(_)))
    };
    if !is_list || !tables("rule").any(is_ours) {
        return false;
    }
    let misplaced = [("rule", "[[rule]]"), ("settings", "[settings]")].into_iter().find_map(|(key, title)| {
        let (key, _) = tables(key).find_map(|table| table.get_key_value(KEY))?;
        Some((key.span(), title))
    });
    match misplaced {
        Some((at, title)) => {
            let message = format!("the key `{KEY}` is beneath {title}, so it does not mark the file as a policy");
            problems.add_with_hint(at, message, format!("move `{KEY} = 1` to the top, above all tables"));
        }
        None => {
            let message = format!("the key `{KEY}` is missing, which marks the file as a policy");
            problems.add_with_hint(0..0, message, format!("write `{KEY} = 1` at the top, above all tables"));
        }
    }
    true
}

impl<'t> Reading<'t> {
    fn policy(&mut self, origin: &str) -> Policy {
        if let Some(value) = self.document.top.get("needs")
            && needs::is_newer(value, self.problems)
        {
            // To this program, what a newer one knows would be errors.
            return Policy::empty(origin);
        }
        let top = Fields::new(self.document.top, 0..0, Table::Top, self.problems);
        let mut policy = Policy::empty(origin);
        if let Some(settings) = top.get("settings") {
            self.settings(settings, &mut policy);
        }
        if policy.root_ids.is_empty() {
            policy.root_ids = ["", "src"].iter().filter_map(|root| policy.roots.add(root).ok()).collect();
        }
        if let Some(rules) = top.get("rule") {
            policy.rules = self.rules(rules);
        }
        policy.globs = std::mem::take(&mut self.globs);
        policy
    }

    fn settings(&mut self, value: &'t Value<'t>, policy: &mut Policy) {
        let Some(settings) = self.table(value, (Table::Top, "settings"), Table::Settings) else { return };
        if let Some(roots) = settings.many_words("roots", self.problems) {
            if roots.is_empty() {
                let (at, message) = (settings.key_at("roots"), "`roots` is empty");
                self.problems.add_with_hint(at, message, "the top of the repository is \"\"");
            }
            roots.iter().for_each(|root| _ = self.no_capture(root, "write `*` for any name"));
            policy.root_ids =
                roots.iter().filter_map(|root| add_glob(root, &mut policy.roots, self.problems)).collect();
        }
        policy.ignore = self.globs(&settings, "ignore");
        policy.tests = settings.get("tests").map(|_| self.globs(&settings, "tests"));
        policy.own_policy = Arc::new(self.branches(&settings, "own-policy"));
        if let Some(files) = settings.get("files") {
            policy.files = self.files(files);
        }
        let choices = [("pass", Severity::Off), ("warn", Severity::Warn), ("block", Severity::Block)];
        if let Some(severity) = settings.choice("too-large", &choices, self.problems) {
            policy.too_large = severity;
        }
    }

    fn rules(&mut self, value: &'t Value<'t>) -> Vec<Rule> {
        let DeValue::Array(values) = value.get_ref() else {
            let hint = "each rule begins with [[rule]]";
            self.problems.add_with_hint(value.span(), "`rule` is not a list of tables", hint);
            return Vec::new();
        };
        let mut first_lines: HashMap<&str, usize> = HashMap::new();
        let mut rules = Vec::with_capacity(values.len());
        for value in values {
            let Some(fields) = self.table(value, (Table::Top, "rule"), Table::Rule) else { continue };
            let line = self.document.lines.line_of(fields.at.start);
            if let Some(rule) = self.rule(&fields, line) {
                rules.push(rule);
            }
            if let Some(DeValue::String(id)) = fields.get("id").map(Value::get_ref) {
                let first = *first_lines.entry(id).or_insert(line);
                if first != line {
                    let message = format!("the rule on line {first} has the id `{}` already", shortened(id));
                    let at = fields.get("id").map_or(fields.at.clone(), Value::span);
                    self.problems.add_with_hint(at, message, "an id names one rule");
                }
            }
        }
        rules
    }

    /// Returns the table at `key` of another table.
    fn table(&mut self, value: &'t Value<'t>, (within, key): (Table, &str), kind: Table) -> Option<Fields<'t>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Some(Fields::new(table, value.span(), kind, self.problems));
        }
        wrong_type(value, within, key, self.problems);
        None
    }

    /// Returns the globs of a key; none if it is missing.
    fn globs(&mut self, fields: &Fields<'t>, key: &str) -> Vec<GlobId> {
        let words = fields.many_words(key, self.problems).unwrap_or_default();
        words.iter().filter_map(|words| self.glob(words)).collect()
    }

    /// Returns the branches that a key names; none if it is missing.
    fn branches(&mut self, fields: &Fields<'t>, key: &str) -> Branches {
        let mut branches = Branches::default();
        for words in fields.many_words(key, self.problems).unwrap_or_default() {
            self.no_capture(&words, "write `*` for any name");
            let (message, hint) = match words.text.strip_prefix("refs/") {
                _ if words.text.is_empty() => ("an empty glob".to_owned(), Some("`**` is every branch".to_owned())),
                Some(rest) => {
                    let hint = match rest.strip_prefix("heads/") {
                        Some(branch) => format!("write `{}`", shortened(branch)),
                        None => "only branches can have a policy of their own".to_owned(),
                    };
                    (format!("`{}` is not the short name of a branch", shortened(words.text)), Some(hint))
                }
                None => match branches.add(words.text) {
                    Ok(()) => continue,
                    Err(bad) => (bad.message, bad.hint),
                },
            };
            match hint {
                Some(hint) => self.problems.add_with_hint(words.at, message, hint),
                None => self.problems.add(words.at, message),
            }
        }
        branches
    }

    fn glob(&mut self, words: &Words<'_>) -> Option<GlobId> {
        self.no_capture(words, "write `*` for any name");
        self.glob_of_paths(words)
    }

    /// Returns a glob that may have captures.
    fn glob_of_paths(&mut self, words: &Words<'_>) -> Option<GlobId> {
        if words.text.is_empty() {
            let hint = "leave it out where every file is meant";
            self.problems.add_with_hint(words.at.clone(), "an empty glob", hint);
            return None;
        }
        add_glob(words, &mut self.globs, self.problems)
    }
}
