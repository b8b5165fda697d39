//! Reads a policy file: spanned TOML in, a policy or all of its errors out.

mod entries;
mod fields;
pub(super) mod keys;
mod pattern;
mod rule;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use toml::de::{DeTable, DeValue};

use self::fields::{Fields, Value, Words, one_or_many, wrong_type};
use self::keys::Table;
use super::errors::{Invalid, Problems};
use super::globs::{GlobId, Globs};
use super::{Policy, Rule, Severity};
use crate::notation::Notation;
use crate::text::Text;

pub(super) use self::fields::nearest;

/// The only format so far.
const FORMAT: &str = "1";
/// The largest file, in bytes. A thousand rules have half as many.
const LARGEST: usize = 1 << 20;
/// The most signs that begin a value or a line, as each takes memory once it is parsed. A thousand rules have half as many.
const MOST_SIGNS: usize = 100_000;
/// Of a larger broken file the first syntax error is told alone, as each costs memory.
const LARGEST_WITH_ALL_ERRORS: usize = 512 << 10;

/// What the parts of a policy need while they are read.
struct Reading<'t> {
    source: &'t str,
    notations: &'t [Notation],
    globs: Globs,
    lines: Text<'t>,
    problems: Problems,
}

/// Reads a policy; `None` where the file does not name itself as one.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file.
pub(super) fn policy(source: &str, origin: &str, notations: &[Notation]) -> Result<Option<Policy>, Invalid> {
    let mut problems = Problems::default();
    // For files that cannot be read through to the key: one that seems ours and is broken is not passed over.
    let seems_ours = || source.lines().any(|line| line.trim_start().starts_with("importgate"));
    if is_too_large(source) {
        problems.add(0..0, "the policy is too large");
        return if seems_ours() { Err(problems.into_invalid(source, origin)) } else { Ok(None) };
    }
    let (document, syntax) = document(source);
    let lines = Text::new(source.as_bytes());
    let mut told = None;
    for error in &syntax {
        // What follows on the same line is the parser finding its way back.
        let at = error.span().unwrap_or(source.len()..source.len());
        if told.replace(lines.line_of(at.start)) != Some(lines.line_of(at.start)) {
            problems.add(at, error.message());
        }
    }
    let Some(format) = document.get_ref().get("importgate") else {
        return if !syntax.is_empty() && seems_ours() { Err(problems.into_invalid(source, origin)) } else { Ok(None) };
    };
    // A value that the parser made up for a broken one has no place.
    if format.span().is_empty() || !is_known_format(format, &mut problems) {
        // In another format everything else may mean something else.
        return Err(problems.into_invalid(source, origin));
    }
    let mut reading = Reading { source, notations, globs: Globs::default(), lines, problems: Problems::default() };
    let policy = reading.policy(document.get_ref(), origin);
    problems.add_all(reading.problems, &reading.lines);
    if problems.is_empty() { Ok(Some(policy)) } else { Err(problems.into_invalid(source, origin)) }
}

fn is_too_large(source: &str) -> bool {
    let signs = || source.bytes().filter(|byte| b"=,[{\n".contains(byte));
    source.len() > LARGEST || (source.len() > MOST_SIGNS && signs().count() > MOST_SIGNS)
}

/// The parsed file, as far as its syntax is sound, and its syntax errors.
fn document(source: &str) -> (toml::Spanned<DeTable<'_>>, Vec<toml::de::Error>) {
    match DeTable::parse(source) {
        Ok(document) => (document, Vec::new()),
        Err(_) if source.len() <= LARGEST_WITH_ALL_ERRORS => DeTable::parse_recoverable(source),
        Err(first) => (toml::Spanned::new(0..0, DeTable::new()), vec![first]),
    }
}

fn is_known_format(format: &Value<'_>, problems: &mut Problems) -> bool {
    match format.get_ref() {
        DeValue::Integer(number) if number.as_str() == FORMAT => return true,
        DeValue::Integer(number) => problems.add_with_hint(
            format.span(),
            format!("format {} is unknown: this importgate knows format {FORMAT}", fields::shortened(number.as_str())),
            "a newer importgate may know it",
        ),
        _ => wrong_type(format, Table::Top, "importgate", problems),
    }
    false
}

impl<'t> Reading<'t> {
    fn policy(&mut self, document: &'t DeTable<'t>, origin: &str) -> Policy {
        let top = Fields::new(document, 0..0, Table::Top, &mut self.problems);
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
        for globs in [&self.globs, &policy.roots] {
            if let Err(bad) = globs.check_size() {
                self.problems.add(0..0, bad.message);
            }
        }
        policy.globs = std::mem::take(&mut self.globs);
        policy
    }

    fn settings(&mut self, value: &'t Value<'t>, policy: &mut Policy) {
        let Some(settings) = self.table(value, (Table::Top, "settings"), Table::Settings) else { return };
        if let Some(roots) = settings.many_words("roots", &mut self.problems) {
            if roots.is_empty() {
                let (at, message) = (settings.key_at("roots"), "`roots` is empty");
                self.problems.add_with_hint(at, message, "the top of the repository is \"\"");
            }
            policy.root_ids =
                roots.iter().filter_map(|root| add_glob(root, &mut policy.roots, &mut self.problems)).collect();
        }
        policy.ignore = self.globs(&settings, "ignore");
        let choices = [("pass", Severity::Off), ("warn", Severity::Warn), ("block", Severity::Block)];
        if let Some(severity) = settings.choice("too-large", &choices, &mut self.problems) {
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
            let line = self.lines.line_of(fields.at.start);
            if let Some(rule) = self.rule(&fields, line) {
                rules.push(rule);
            }
            if let Some(DeValue::String(id)) = fields.get("id").map(toml::Spanned::get_ref) {
                let first = *first_lines.entry(id).or_insert(line);
                if first != line {
                    let message = format!("the rule in line {first} has the id `{}` already", fields::shortened(id));
                    let at = fields.get("id").map_or(fields.at.clone(), toml::Spanned::span);
                    self.problems.add_with_hint(at, message, "an id names one rule");
                }
            }
        }
        rules
    }

    /// A table that stands at `key` of another one.
    fn table(&mut self, value: &'t Value<'t>, (within, key): (Table, &str), kind: Table) -> Option<Fields<'t>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Some(Fields::new(table, value.span(), kind, &mut self.problems));
        }
        wrong_type(value, within, key, &mut self.problems);
        None
    }

    /// The globs of a key; none where it is missing.
    fn globs(&mut self, fields: &Fields<'t>, key: &str) -> Vec<GlobId> {
        let words = fields.many_words(key, &mut self.problems).unwrap_or_default();
        words.iter().filter_map(|words| self.glob(words)).collect()
    }

    fn glob(&mut self, words: &Words<'_>) -> Option<GlobId> {
        if words.text.is_empty() {
            let hint = "leave it out where every file is meant";
            self.problems.add_with_hint(words.at.clone(), "an empty glob", hint);
            return None;
        }
        add_glob(words, &mut self.globs, &mut self.problems)
    }

    /// Notes an empty list, which would leave the rule without any effect.
    fn not_empty(&mut self, fields: &Fields<'t>, key: &str, hint: &str) {
        if fields.get(key).is_some_and(|value| one_or_many(value).is_empty()) {
            self.problems.add_with_hint(fields.key_at(key), format!("`{key}` is empty"), hint);
        }
    }
}

fn add_glob(words: &Words<'_>, globs: &mut Globs, problems: &mut Problems) -> Option<GlobId> {
    let bad = match globs.add(words.text) {
        Ok(id) => return Some(id),
        Err(bad) => bad,
    };
    match bad.hint {
        Some(hint) => problems.add_with_hint(words.at.clone(), bad.message, hint),
        None => problems.add(words.at.clone(), bad.message),
    }
    None
}
