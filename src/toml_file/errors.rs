//! Errors in a file: as plain data, and rendered with the line, a caret and a hint.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::skew::Newer;
use crate::text::Text;

/// Maximum length of a source line that is shown with its error; for a longer line only the position is shown.
const MAX_SHOWN_LINE_BYTES: usize = 1000;
/// Maximum number of errors reported; further ones are counted, because a hostile file could have millions.
const MAX_TOLD_ERRORS: usize = 200;
/// Maximum number of errors kept for sorting.
const MAX_KEPT_ERRORS: usize = 10_000;

/// Invalid file with all its errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// Name of the file in messages.
    pub origin: String,
    /// The errors in file order, at most 200; never empty.
    pub errors: Vec<Mistake>,
    /// Number of further errors.
    pub more: usize,
    /// Whether the file is ours by its content, but lacks the key that marks it so.
    pub lacks_key: bool,
    /// Whether a newer importgate would understand it.
    pub newer: Newer,
}

/// An error in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The message.
    pub message: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// Advice on how to fix it.
    pub hint: Option<String>,
    /// The source line, made printable, and the byte range to mark in it.
    shown: Option<(String, Range<usize>)>,
}

impl Invalid {
    /// Renders every error with its line and a caret.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let mut shown: Vec<_> = self.errors.iter().map(|error| error.render(&self.origin, &renderer)).collect();
        if self.more > 0 {
            shown.push(format!("and {} more", self.more));
        }
        shown.join("\n\n")
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.render(false))
    }
}

impl std::error::Error for Invalid {}

impl Mistake {
    fn render(&self, origin: &str, renderer: &Renderer) -> String {
        let (origin, title) = (printable(origin), printable(&self.message));
        let mut group = Group::with_title(Level::ERROR.primary_title(title));
        group = match &self.shown {
            Some((line, marked)) => {
                let snippet = Snippet::source(line.as_str()).path(origin).line_start(self.line);
                group.element(snippet.annotation(AnnotationKind::Primary.span(marked.clone())))
            }
            None => group.element(Origin::path(origin).line(self.line).char_column(self.column)),
        };
        if let Some(hint) = &self.hint {
            group = group.element(Level::HELP.message(printable(hint)));
        }
        renderer.render(&[group])
    }
}

/// Replaces control characters, which would change how the text around them is shown.
fn printable(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char }).collect()
}

/// Errors collected with their positions, so that all are reported at once.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    found: Vec<Problem>,
    dropped: usize,
    newer: Newer,
}

#[derive(Debug)]
struct Problem {
    at: Range<usize>,
    message: String,
    hint: Option<String>,
    /// Whether the problem may be a consequence of broken syntax elsewhere: something is missing or misplaced.
    if_sound: bool,
}

impl Problems {
    pub(crate) fn add(&mut self, at: Range<usize>, message: impl Into<String>) {
        self.push(Problem { at, message: message.into(), hint: None, if_sound: false });
    }

    pub(crate) fn add_with_hint(&mut self, at: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        self.push(Problem { at, message: message.into(), hint: Some(hint.into()), if_sound: false });
    }

    /// Notes that a newer importgate would understand the file.
    pub(crate) fn may_be_newer(&mut self, newer: Newer) {
        self.newer.join(newer);
    }

    fn push(&mut self, problem: Problem) {
        if self.found.len() < MAX_KEPT_ERRORS {
            self.found.push(problem);
        } else {
            self.dropped += 1;
        }
    }

    /// Returns whether there are so many that computing a good hint for the next one is not worthwhile.
    pub(crate) fn are_many(&self) -> bool {
        self.found.len() > MAX_TOLD_ERRORS
    }

    /// Adds a problem that is reported only if the syntax is valid.
    pub(crate) fn add_if_sound(&mut self, at: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        self.push(Problem { at, message: message.into(), hint: Some(hint.into()), if_sound: true });
    }

    /// Adds further problems, except those that the syntax errors so far may have caused.
    pub(crate) fn add_all(&mut self, others: Self, lines: &Text<'_>) {
        let broken: BTreeSet<usize> = self.found.iter().map(|problem| lines.line_of(problem.at.start)).collect();
        let caused = |other: &Problem| {
            !broken.is_empty()
                && (other.if_sound || other.at.is_empty() || broken.contains(&lines.line_of(other.at.start)))
        };
        self.dropped += others.dropped;
        self.newer.join(others.newer);
        self.found.extend(others.found.into_iter().filter(|other| !caused(other)));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Returns the errors with their source lines.
    pub(crate) fn into_invalid(mut self, source: &str, origin: &str) -> Invalid {
        self.found.sort_by_key(|problem| problem.at.start);
        let more = self.dropped + self.found.len().saturating_sub(MAX_TOLD_ERRORS);
        self.found.truncate(MAX_TOLD_ERRORS);
        let text = Text::new(source.as_bytes());
        let mut before = Position { offset: 0, line: 1, column: 1 };
        let mut errors = Vec::with_capacity(self.found.len());
        for problem in self.found {
            before = before.moved(floor(source, problem.at.start), source, &text);
            errors.push(located(problem, before, source, &text));
        }
        Invalid { origin: origin.to_owned(), errors, more, lacks_key: false, newer: self.newer }
    }
}

/// Position in the source.
#[derive(Clone, Copy)]
struct Position {
    offset: usize,
    line: usize,
    column: usize,
}

impl Position {
    /// Returns a later position. On the same line, which may be long, counting continues from this one.
    fn moved(self, offset: usize, source: &str, text: &Text<'_>) -> Self {
        let line = text.line_of(offset);
        let column = match source.get(self.offset..offset) {
            Some(between) if line == self.line => self.column + between.chars().count(),
            _ => text.column_of(offset),
        };
        Self { offset, line, column }
    }
}

fn located(problem: Problem, position: Position, source: &str, text: &Text<'_>) -> Mistake {
    let Problem { at, message, hint, .. } = problem;
    let Position { offset, line, column } = position;
    let length =
        source.get(offset..floor(source, at.end)).unwrap_or_default().chars().take(MAX_SHOWN_LINE_BYTES).count();
    let short = text.line(line).len() <= MAX_SHOWN_LINE_BYTES;
    let written = if short { std::str::from_utf8(text.line(line)).ok() } else { None };
    let shown = written.map(|written| marked(written, column - 1, length));
    Mistake { message, line, column, hint, shown }
}

/// Returns the line, made printable, and the byte range of the marked characters in it.
fn marked(line: &str, skip: usize, length: usize) -> (String, Range<usize>) {
    let line = printable(line);
    let byte = |nth: usize| line.char_indices().nth(nth).map_or(line.len(), |(at, _)| at);
    let range = byte(skip)..byte(skip + length);
    (line, range)
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invalid(source: &str, at: Range<usize>) -> Invalid {
        let mut problems = Problems::default();
        problems.add_with_hint(at, "wrong", "right");
        problems.into_invalid(source, "policy.toml")
    }

    #[test]
    fn an_error_is_shown_with_its_line_and_a_caret() {
        let shown = invalid("a = 1\nbé = \u{1b}2\nc = 3\n", 12..14).render(false);
        let expected = "error: wrong\n --> policy.toml:2:6\n  |\n2 | bé = \u{fffd}2\n  |      ^^\n  |\n  = help: right";
        assert_eq!(shown, expected);
    }

    #[test]
    fn places_are_clamped_to_one_line_of_the_source() {
        let source = "a\r\n  é\r\n";
        for (at, line, column) in [(0..99, 1, 1), (6..7, 2, 3), (99..99, 2, 6), (3..3, 2, 1)] {
            let found = invalid(source, at.clone());
            assert_eq!((found.errors[0].line, found.errors[0].column), (line, column), "{at:?}");
            assert!(found.render(true).contains("wrong"));
        }
        assert_eq!(invalid("", 0..0).errors[0].line, 1);
    }

    #[test]
    fn columns_are_counted_along_a_line() {
        let mut problems = Problems::default();
        [7..8, 0..1, 4..5, 2..3].into_iter().for_each(|at| problems.add(at, "wrong"));
        let errors = problems.into_invalid("éaé\nbéc", "policy.toml").errors;
        let places: Vec<_> = errors.iter().map(|error| (error.line, error.column)).collect();
        assert_eq!(places, [(1, 1), (1, 2), (1, 3), (2, 2)]);
    }

    #[test]
    fn long_lines_are_not_shown() {
        let source = format!("{} here {}", "é".repeat(50_000), "x".repeat(100_000));
        let shown = invalid(&source, 100_001..100_005).render(false);
        assert_eq!(shown, "error: wrong\n--> policy.toml:1:50002\n = help: right");
    }

    #[test]
    fn errors_beyond_reading_are_counted() {
        let mut problems = Problems::default();
        (0..MAX_KEPT_ERRORS + 5).for_each(|at| problems.add(at..at, "wrong"));
        let invalid = problems.into_invalid(&"\n".repeat(300), "policy.toml");
        assert_eq!((invalid.errors.len(), invalid.more), (MAX_TOLD_ERRORS, MAX_KEPT_ERRORS + 5 - MAX_TOLD_ERRORS));
        assert!(invalid.render(false).ends_with("\n\nand 9805 more"));
    }
}
