//! Parser of `forbid` entries.

use std::ops::Range;
use std::sync::Arc;

use super::captures::{Replaced, misnamed};
use super::exceptions::except_recommended;
use super::keys::Table;
use super::paths::parsed;
use super::{Fields, Reading};
use crate::globs::{CAPTURE_NAME, no_capture};
use crate::notation::Notation;
use crate::policy::path::PathPattern;
use crate::policy::{Entry, Instead, Own};
use crate::toml_file::{self, DeValue, Words, one_or_many, shortened, words, wrong_type};

/// Maximum number of entries and of their segments, each of which may take 500 bytes once they can be looked up: room for
/// 100,000 entries of four segments.
const MAX_SEGMENTS: usize = 500_000;

impl<'t> Reading<'t> {
    /// Parses the forbidden and excepted paths of a rule.
    pub(super) fn entries(&mut self, fields: &Fields<'t>, languages: &[Notation]) -> Vec<Entry> {
        let shared = self.instead(fields, languages);
        let values = fields.get("forbid").map(one_or_many).unwrap_or_default();
        let mut entries = Vec::new();
        let mut forbids = false;
        for value in &values {
            let (path, own, beneath, says) = match value.get_ref() {
                DeValue::Table(_) => {
                    let Some(table) = self.table(value, (Table::Rule, "forbid"), Table::Forbid) else { continue };
                    if table.get("path").is_none() {
                        self.problems.add_if_sound(
                            table.at.clone(),
                            "the entry has no `path`",
                            "it is what is forbidden",
                        );
                    }
                    let own = table.get("use-instead").map(|_| self.instead(&table, languages));
                    (table.words("path", self.problems), own, self.beneath(&table), self.own(&table))
                }
                DeValue::String(_) => (words(value, Table::Rule, "forbid", self.problems), None, true, None),
                _ => {
                    wrong_type(value, Table::Rule, "forbid", self.problems);
                    (None, None, true, None)
                }
            };
            let Some(path) = path else {
                forbids = true;
                continue;
            };
            let exception = path.text.starts_with('!');
            forbids |= !exception;
            if exception && own.is_some() {
                let message = "an exception is allowed, so it has no `use-instead`";
                self.problems.add(path.at.clone(), message);
            } else if exception && says.is_some() {
                let message = "an exception is allowed, so there is nothing to say of it";
                self.problems.add_with_hint(path.at.clone(), message, "write why in a comment");
            }
            // An entry that says in words what to do instead means no path of the rule.
            let advised = says.as_ref().is_some_and(|says| says.advice.is_some());
            let instead = if exception { None } else { own.as_ref().or(Some(&shared).filter(|_| !advised)) };
            let first = entries.len();
            self.push_entry(&path, exception, instead, languages, &mut entries);
            for entry in entries.get_mut(first..).unwrap_or_default() {
                entry.pattern.beneath = beneath;
                entry.own.clone_from(&says);
            }
        }
        if !forbids && fields.get("forbid").is_some() {
            let message = if values.is_empty() { "`forbid` is empty" } else { "`forbid` has nothing but exceptions" };
            self.problems.add_with_hint(fields.key_at("forbid"), message, "name the paths that are forbidden");
        }
        except_recommended(&mut entries);
        entries
    }

    /// Parses whether an entry means the modules beneath its path.
    fn beneath(&mut self, table: &Fields<'t>) -> bool {
        let beneath = table.boolean("beneath", self.problems).unwrap_or(true);
        let path = table.get("path").map(toml_file::Value::get_ref);
        if table.get("beneath").is_some() && matches!(path, Some(DeValue::String(path)) if path.starts_with('!')) {
            let message = "an exception excepts what is beneath it, so it has no `beneath`";
            self.problems.add_with_hint(table.key_at("beneath"), message, "leave it out");
            return true;
        }
        beneath
    }

    /// Parses what an entry says for itself; `None` if that is nothing.
    fn own(&mut self, table: &Fields<'t>) -> Option<Arc<Own>> {
        let mut text = |key| table.text(key, self.problems);
        let (reason, advice, see, owner) = (text("reason"), text("advice"), text("see"), text("owner"));
        let says = [&reason, &advice, &see, &owner].into_iter().any(Option::is_some);
        says.then(|| Arc::new(Own { reason, advice, see, owner }))
    }

    /// Adds one entry per language, because each has its own path notation.
    fn push_entry(
        &mut self,
        path: &Words<'_>,
        exception: bool,
        instead: Option<&Vec<Option<Arc<Instead>>>>,
        languages: &[Notation],
        entries: &mut Vec<Entry>,
    ) {
        let text = path.text.strip_prefix('!').unwrap_or(path.text);
        for (at, notation) in languages.iter().enumerate() {
            let Some(pattern) = self.entry_path(text, &path.at, notation, exception) else { continue };
            let before = self.segments;
            self.segments += pattern.segments.len() + 1;
            if self.segments > MAX_SEGMENTS {
                if before <= MAX_SEGMENTS {
                    let message = format!("the policy has more than {MAX_SEGMENTS} entries and segments of entries");
                    self.problems.add(path.at.clone(), message);
                }
                return;
            }
            let use_instead = instead.and_then(|all| all.get(at)).cloned().flatten();
            entries.push(Entry {
                path: path.text.to_owned(),
                language: notation.language,
                use_instead,
                own: None,
                exception,
                pattern,
            });
        }
    }

    /// Parses the recommended path, once per language.
    fn instead(&mut self, fields: &Fields<'t>, languages: &[Notation]) -> Vec<Option<Arc<Instead>>> {
        let Some(words) = fields.words("use-instead", self.problems) else { return Vec::new() };
        let hint = "name the one path to import";
        if words.text.starts_with('!') {
            self.problems.add_with_hint(words.at, "`use-instead` begins with `!`", hint);
            return Vec::new();
        }
        if !self.no_capture(&words, hint) {
            return Vec::new();
        }
        let mut all = Vec::with_capacity(languages.len());
        for notation in languages {
            let Some(path) = self.path(words.text, &words.at, notation, false) else {
                all.push(None);
                continue;
            };
            let Some(segments) = path.literal() else {
                self.problems.add_with_hint(words.at.clone(), "`use-instead` has a `*`, which nobody can import", hint);
                break;
            };
            let segments = segments.into_iter().map(str::to_owned).collect();
            all.push(Some(Arc::new(Instead { path: words.text.to_owned(), segments })));
        }
        all
    }

    /// Parses the path of an entry, which may have captures.
    fn entry_path(
        &mut self,
        text: &str,
        at: &Range<usize>,
        notation: &Notation,
        exception: bool,
    ) -> Option<PathPattern> {
        // In Scala, an operator's name may look like one; in C, a header as it is included.
        if let Some(capture) = misnamed(text).filter(|_| !matches!(notation.language, "scala" | "c")) {
            self.problems.add_with_hint(at.clone(), no_capture(capture), CAPTURE_NAME);
            return None;
        }
        let replaced = Replaced::of(text);
        let parsed = parsed(&replaced.text, text, notation, exception);
        let mut pattern = self.told(parsed.map_err(|why| why.map(|text| replaced.as_written(&text))), at)?;
        if let Err(part) = replaced.restore(&mut pattern) {
            let message = format!("a capture stands for a whole segment, not for a part as in `{}`", shortened(&part));
            self.problems.add_with_hint(at.clone(), message, "it is compared with the name of a folder");
            return None;
        }
        Some(pattern)
    }
}
