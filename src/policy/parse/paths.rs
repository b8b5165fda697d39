//! Parser of paths in a language's notation, and what is said of a text that is none.

use std::ops::Range;

use super::Reading;
use crate::notation::Notation;
use crate::policy::path::PathPattern;
use crate::toml_file::shortened;

impl Reading<'_> {
    /// Parses a path in a language's notation; an `exception` without its `!`.
    pub(super) fn path(
        &mut self,
        text: &str,
        at: &Range<usize>,
        notation: &Notation,
        exception: bool,
    ) -> Option<PathPattern> {
        self.told(parsed(text, text, notation, exception), at)
    }

    /// Returns the pattern, or records why a text is no path.
    pub(super) fn told(&mut self, parsed: Result<PathPattern, NoPath>, at: &Range<usize>) -> Option<PathPattern> {
        let NoPath { message, hint } = match parsed {
            Ok(pattern) => return Some(pattern),
            Err(no_path) => no_path,
        };
        match hint {
            Some(hint) => self.problems.add_with_hint(at.clone(), message, hint),
            None => self.problems.add(at.clone(), message),
        }
        None
    }
}

/// Why a text is no path of a language.
pub(super) struct NoPath {
    message: String,
    hint: Option<String>,
}

impl NoPath {
    pub(super) fn map(self, change: impl Fn(String) -> String) -> Self {
        Self { message: change(self.message), hint: self.hint.map(&change) }
    }
}

/// Parses a path in a language's notation, as it is `written` or with its captures replaced; an `exception` without its
/// `!`.
pub(super) fn parsed(text: &str, written: &str, notation: &Notation, exception: bool) -> Result<PathPattern, NoPath> {
    let segments = match (notation.split)(text) {
        Ok(segments) if segments.is_empty() => Err("it is empty".to_owned()),
        other => other,
    };
    let no_path = |why: String| {
        of_expression(written, notation).unwrap_or_else(|| {
            let message = format!("`{}` is no {} path: {}", shortened(written), notation.language, once(text, &why));
            NoPath { message, hint: None }
        })
    };
    PathPattern::new(segments.map_err(no_path)?, notation.names, exception).map_err(|segment| NoPath {
        message: format!("`{}` has more than one `*` in a segment", shortened(&segment)),
        hint: Some("one `*` may stand in a segment; alone, `*` is any one segment and `**` any number".to_owned()),
    })
}

/// Returns why a text is no path, without naming it once more.
fn once(text: &str, why: &str) -> String {
    let Some(why) = why.strip_prefix(&format!("`{text}` is ")) else { return why.to_owned() };
    why.split_once(" path: ").map_or_else(|| format!("it is {why}"), |(_, why)| why.to_owned())
}

/// Says that a text that is no path is a regular expression, if it is, with the path that it means.
fn of_expression(text: &str, notation: &Notation) -> Option<NoPath> {
    let is_expression = text.starts_with('^')
        || text.ends_with('$')
        || ["\\.", "..*", ":.*", ".+", "(?"].iter().any(|sign| text.contains(sign));
    let plain = text.trim_start_matches('^').trim_end_matches('$').replace("\\.", ".");
    let plain = plain.trim_end_matches(['*', '+', '.', ':', '/', '\\']);
    let message = format!("`{}` is a regular expression, and paths are none", shortened(text));
    let hint = match (notation.split)(plain) {
        Ok(_) => format!("write `{}`, which means all beneath it too", shortened(plain)),
        Err(_) => "`*` is any one segment and `**` any number".to_owned(),
    };
    is_expression.then_some(NoPath { message, hint: Some(hint) })
}
