//! Typed access to the tables of a file. Errors are recorded, and reading goes on.

use std::fmt::Display;
use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Problems;
use crate::globs::{GlobId, Globs};
use crate::skew::Newer;

/// Tables that a file may hold, with their keys.
pub(crate) trait Tables: Copy + 'static {
    /// Name in messages and in the documentation.
    fn title(self) -> &'static str;

    /// Its keys, with a description of their values.
    fn keys(self) -> impl Iterator<Item = (&'static str, &'static str)>;

    /// Returns the first table that has the key.
    fn of_key(name: &str) -> Option<Self>;

    /// Returns the key that was probably meant by an unknown one.
    fn nearest(self, name: &str) -> Option<&'static str> {
        nearest(name, self.keys().map(|(known, _)| known))
    }

    /// Returns the description of a key's value, for messages.
    fn takes(self, name: &str) -> &'static str {
        self.keys().find(|(known, _)| *known == name).map_or("something else", |(_, takes)| takes)
    }
}

/// A value with its span.
pub(crate) type Value<'t> = Spanned<DeValue<'t>>;

/// A string with its span in the source, quotes included.
#[derive(Clone, Debug)]
pub(crate) struct Words<'t> {
    pub(crate) text: &'t str,
    pub(crate) at: Range<usize>,
}

/// A table whose keys are known.
pub(crate) struct Fields<'t, T> {
    table: &'t DeTable<'t>,
    kind: T,
    pub(crate) at: Range<usize>,
}

impl<'t, T: Tables> Fields<'t, T> {
    /// Wraps a table; records an error for every key that `kind` does not have.
    pub(crate) fn new(table: &'t DeTable<'t>, at: Range<usize>, kind: T, problems: &mut Problems) -> Self {
        for key in table.keys() {
            let name = key.get_ref().as_ref();
            if kind.keys().any(|(known, _)| known == name) {
                continue;
            }
            let message = format!("unknown key `{}` in {}", shortened(name), kind.title());
            let elsewhere = T::of_key(name);
            if elsewhere.is_none() {
                problems.may_be_newer(Newer::Perhaps);
            }
            if problems.are_many() {
                problems.add(key.span(), message);
                continue;
            }
            let near = kind.nearest(name);
            match (near, elsewhere) {
                (_, Some(table)) => {
                    problems.add_if_sound(key.span(), message, format!("it belongs in {}", table.title()));
                }
                (Some(near), None) => {
                    let hint = format!("did you mean `{near}`? If not, a newer importgate may know it");
                    problems.add_with_hint(key.span(), message, hint);
                }
                (None, None) => problems.add_with_hint(key.span(), message, "a newer importgate may know it"),
            }
        }
        Self { table, kind, at }
    }

    /// Wraps a table of which some keys are read, whatever others it has.
    pub(crate) fn of_unknown(table: &'t DeTable<'t>, at: Range<usize>, kind: T) -> Self {
        Self { table, kind, at }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'t Value<'t>> {
        self.table.get(key)
    }

    /// Returns the span of the key itself; of the table if the key is missing.
    pub(crate) fn key_at(&self, key: &str) -> Range<usize> {
        self.table.get_key_value(key).map_or(self.at.clone(), |(key, _)| key.span())
    }

    pub(crate) fn words(&self, key: &str, problems: &mut Problems) -> Option<Words<'t>> {
        words(self.get(key)?, self.kind, key, problems)
    }

    pub(crate) fn text(&self, key: &str, problems: &mut Problems) -> Option<String> {
        Some(self.words(key, problems)?.text.to_owned())
    }

    /// Returns a list of strings, which may be written as a single string; `None` if the key is missing.
    pub(crate) fn many_words(&self, key: &str, problems: &mut Problems) -> Option<Vec<Words<'t>>> {
        let values = one_or_many(self.get(key)?);
        Some(values.iter().filter_map(|value| words(value, self.kind, key, problems)).collect())
    }

    /// Returns the choice that a string names.
    pub(crate) fn choice<C: Copy>(&self, key: &str, choices: &[(&str, C)], problems: &mut Problems) -> Option<C> {
        choice(&self.words(key, problems)?, key, choices, problems)
    }

    /// Returns a boolean.
    pub(crate) fn boolean(&self, key: &str, problems: &mut Problems) -> Option<bool> {
        let value = self.get(key)?;
        if let DeValue::Boolean(boolean) = value.get_ref() {
            return Some(*boolean);
        }
        wrong_type(value, self.kind, key, problems);
        None
    }

    /// Returns an integer, in any of TOML's notations.
    pub(crate) fn number(&self, key: &str, problems: &mut Problems) -> Option<i64> {
        let value = self.get(key)?;
        let DeValue::Integer(number) = value.get_ref() else {
            wrong_type(value, self.kind, key, problems);
            return None;
        };
        let parsed = i64::from_str_radix(number.as_str(), number.radix()).ok();
        if parsed.is_none() {
            problems.add(value.span(), format!("`{key}` has a number that is too large"));
        }
        parsed
    }

    /// Records an error for an empty list, which would leave the table without effect.
    pub(crate) fn not_empty(&self, key: &str, hint: impl Display, problems: &mut Problems) {
        if self.get(key).is_some_and(|value| one_or_many(value).is_empty()) {
            problems.add_with_hint(self.key_at(key), format!("`{key}` is empty"), hint.to_string());
        }
    }

    /// Returns a date, written as a TOML date or as a string.
    pub(crate) fn day(&self, key: &str, problems: &mut Problems) -> Option<Date> {
        let value = self.get(key)?;
        let day = match value.get_ref() {
            DeValue::Datetime(moment) if moment.time.is_none() && moment.offset.is_none() => {
                moment.date.and_then(|date| civil(date.year.into(), date.month.into(), date.day.into()))
            }
            DeValue::String(text) => written_day(text),
            DeValue::Datetime(_) => None,
            _ => {
                wrong_type(value, self.kind, key, problems);
                return None;
            }
        };
        if day.is_none() {
            problems.add_with_hint(value.span(), format!("`{key}` is not a valid date"), "write 2026-12-31");
        }
        day
    }
}

/// Returns the values of a list, or a single value.
pub(crate) fn one_or_many<'t>(value: &'t Value<'t>) -> Vec<&'t Value<'t>> {
    match value.get_ref() {
        DeValue::Array(values) => values.iter().collect(),
        _ => vec![value],
    }
}

pub(crate) fn words<'t>(
    value: &'t Value<'t>,
    table: impl Tables,
    key: &str,
    problems: &mut Problems,
) -> Option<Words<'t>> {
    if let DeValue::String(text) = value.get_ref() {
        return Some(Words { text, at: value.span() });
    }
    wrong_type(value, table, key, problems);
    None
}

pub(crate) fn choice<T: Copy>(
    words: &Words<'_>,
    key: &str,
    choices: &[(&str, T)],
    problems: &mut Problems,
) -> Option<T> {
    let found = choices.iter().find(|(name, _)| *name == words.text);
    if found.is_none() {
        let message = format!("`{key}` cannot be `{}`", shortened(words.text));
        let names = choices.iter().map(|(name, _)| *name);
        let hint = match nearest(words.text, names.clone().filter(|_| !problems.are_many())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it is one of {}", listed(names)),
        };
        problems.add_with_hint(words.at.clone(), message, hint);
    }
    found.map(|&(_, value)| value)
}

/// Adds a glob; records an error if it is invalid.
pub(crate) fn add_glob(words: &Words<'_>, globs: &mut Globs, problems: &mut Problems) -> Option<GlobId> {
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

pub(crate) fn wrong_type(value: &Value<'_>, table: impl Tables, key: &str, problems: &mut Problems) {
    let (takes, found) = (table.takes(key), value.get_ref().type_str());
    let article = if found.starts_with(['a', 'i']) { "an" } else { "a" };
    problems.add(value.span(), format!("`{key}` takes {takes}, not {article} {found}"));
}

/// Returns the name that was probably meant.
pub(crate) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const MAX_BYTES: usize = 64;
    if name.len() > MAX_BYTES {
        return None;
    }
    let plain = name.to_lowercase().replace('_', "-");
    names
        .filter(|known| known.len() <= MAX_BYTES)
        .map(|known| (strsim::normalized_damerau_levenshtein(&plain, known), known))
        .filter(|&(likeness, _)| likeness >= 0.6)
        .max_by(|one, two| one.0.total_cmp(&two.0))
        .map(|(_, known)| known)
}

/// Lists names for a message.
pub(crate) fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Shortens text from the file for a message.
pub(crate) fn shortened(text: &str) -> String {
    const MAX_CHARS: usize = 60;
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn written_day(text: &str) -> Option<Date> {
    let shape: [usize; 3] = [4, 2, 2];
    let parts: Vec<&str> = text.split('-').collect();
    let fits = |(part, length): (&&str, usize)| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() != shape.len() || !parts.iter().zip(shape).all(fits) {
        return None;
    }
    civil(parts[0].parse().ok()?, parts[1].parse().ok()?, parts[2].parse().ok()?)
}

fn civil(year: u32, month: u32, day: u32) -> Option<Date> {
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}
