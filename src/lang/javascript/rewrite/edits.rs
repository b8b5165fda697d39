//! Edits to a statement's bytes, and the position of the statement.

use std::ops::Range;

use super::layout::Layout;
use super::spell::escaped;

/// Replacements of byte ranges of the text.
#[derive(Default)]
pub(super) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    pub(super) fn add(&mut self, range: Range<usize>, text: String) {
        self.0.push((range, text));
    }

    pub(super) fn specifier(&mut self, layout: &Layout<'_>, specifier: &str) {
        let inner = layout.string.start + 1..layout.string.end.saturating_sub(1);
        self.add(inner, escaped(specifier, layout.quote()));
    }

    pub(super) fn applied(mut self, text: &[u8], whole: &Range<usize>) -> String {
        self.0.sort_by_key(|(range, _)| range.start);
        let (mut new, mut at) = (Vec::new(), whole.start);
        for (range, replacement) in &self.0 {
            let Some(before) = text.get(at..range.start) else { continue };
            new.extend_from_slice(before);
            new.extend_from_slice(replacement.as_bytes());
            at = range.end;
        }
        new.extend_from_slice(text.get(at..whole.end).unwrap_or_default());
        String::from_utf8_lossy(&new).into_owned()
    }
}

/// Position of a statement.
pub(super) struct StatementPosition {
    /// Separator of two statements at this position.
    pub(super) separator: &'static str,
    /// Width of the blanks before it, in columns; a tab is one.
    pub(super) column: usize,
}

impl StatementPosition {
    pub(super) fn of(text: &[u8], statement: &Range<usize>) -> Self {
        let before = text.get(..statement.start).unwrap_or_default();
        let column = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let alone = before.iter().rev().nth(column).is_none_or(|byte| matches!(byte, b'\n' | b'\r'));
        let after = text.get(statement.end..).unwrap_or_default();
        let ends = after.iter().find(|byte| !matches!(byte, b' ' | b'\t')) == Some(&b';');
        let separator = match (alone, ends) {
            (true, true) => ";\n",
            (true, false) => "\n",
            (false, _) => "; ",
        };
        Self { separator, column }
    }
}
