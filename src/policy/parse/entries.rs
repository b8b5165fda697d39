//! Parser of `forbid` entries.

use std::ops::Range;
use std::sync::Arc;

use super::keys::Table;
use super::{Fields, Reading};
use crate::notation::Notation;
use crate::policy::path::PathPattern;
use crate::policy::{Entry, Instead};
use crate::toml_file::{DeValue, Words, one_or_many, shortened, words, wrong_type};

impl<'t> Reading<'t> {
    /// Parses the forbidden and excepted paths of a rule.
    pub(super) fn entries(&mut self, fields: &Fields<'t>, languages: &[Notation]) -> Vec<Entry> {
        let shared = self.instead(fields, languages);
        let values = fields.get("forbid").map(one_or_many).unwrap_or_default();
        let mut entries = Vec::new();
        let mut forbids = false;
        for value in &values {
            let (path, own) = match value.get_ref() {
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
                    (table.words("path", self.problems), own)
                }
                DeValue::String(_) => (words(value, Table::Rule, "forbid", self.problems), None),
                _ => {
                    wrong_type(value, Table::Rule, "forbid", self.problems);
                    (None, None)
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
            }
            let instead = if exception { None } else { own.as_ref().or(Some(&shared)) };
            self.push_entry(&path, exception, instead, languages, &mut entries);
        }
        if !forbids && fields.get("forbid").is_some() {
            let message = if values.is_empty() { "`forbid` is empty" } else { "`forbid` has nothing but exceptions" };
            self.problems.add_with_hint(fields.key_at("forbid"), message, "name the paths that are forbidden");
        }
        entries
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
            let Some(pattern) = self.path(text, &path.at, notation) else { continue };
            let use_instead = instead.and_then(|all| all.get(at)).cloned().flatten();
            entries.push(Entry {
                path: path.text.to_owned(),
                language: notation.language,
                use_instead,
                exception,
                pattern,
            });
        }
    }

    /// Parses the recommended path, once per language.
    fn instead(&mut self, fields: &Fields<'t>, languages: &[Notation]) -> Vec<Option<Arc<Instead>>> {
        let Some(words) = fields.words("use-instead", self.problems) else { return Vec::new() };
        if words.text.starts_with('!') {
            self.problems.add_with_hint(words.at, "`use-instead` begins with `!`", "name the one path to import");
            return Vec::new();
        }
        let mut all = Vec::with_capacity(languages.len());
        for notation in languages {
            let Some(path) = self.path(words.text, &words.at, notation) else {
                all.push(None);
                continue;
            };
            let Some(segments) = path.literal() else {
                let hint = "name the one path to import";
                self.problems.add_with_hint(words.at.clone(), "`use-instead` has a `*`, which nobody can import", hint);
                break;
            };
            let segments = segments.into_iter().map(str::to_owned).collect();
            all.push(Some(Arc::new(Instead { path: words.text.to_owned(), segments })));
        }
        all
    }

    /// Parses a path in a language's notation.
    pub(super) fn path(&mut self, text: &str, at: &Range<usize>, notation: &Notation) -> Option<PathPattern> {
        let segments = match (notation.split)(text) {
            Ok(segments) if segments.is_empty() => Err("it is empty".to_owned()),
            other => other,
        };
        let language = notation.language;
        match segments.map(PathPattern::new) {
            Ok(Ok(pattern)) => return Some(pattern),
            Ok(Err(segment)) => {
                let message = format!("`*` stands for a whole segment, not for a part as in `{}`", shortened(&segment));
                self.problems.add_with_hint(at.clone(), message, "list the names, or forbid what is above them");
            }
            Err(why) => {
                let message = format!("`{}` is no {language} path: {why}", shortened(text));
                self.problems.add(at.clone(), message);
            }
        }
        None
    }
}
