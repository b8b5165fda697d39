//! Imports in documentation comments: `/** @import { T } from "m" */`.
//!
//! Format: TypeScript 5.5, "The JSDoc `@import` tag". It counts in JavaScript alone; in TypeScript such a comment is text.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use crate::kind::Kind;
use crate::lang::{Import, MAX_IMPORTS, own_imports};

use super::bytes::is_name;
use super::statement;

const TAG: &[u8] = b"@import";

/// Returns whether a comment is documentation.
pub(super) fn is_documentation(comment: &[u8]) -> bool {
    comment.starts_with(b"/**") && comment.len() > 4
}

/// Reads the tags of a comment.
pub(super) fn read(text: &[u8], comment: Range<usize>, rows: &mut Vec<Import<'_>>) {
    let Some(content) = text.get(comment.start + 3..comment.end - 2) else { return };
    let mut tags = memmem::find_iter(content, TAG).filter(|&at| starts_tag(content, at)).peekable();
    while let Some(at) = tags.next() {
        if rows.len() > MAX_IMPORTS {
            return;
        }
        let end = tags.peek().copied().unwrap_or(content.len());
        let tag = plain(content.get(at..end).unwrap_or_default());
        let mut found = Vec::new();
        if statement::import(&tag, 1, &mut found).is_none() {
            continue;
        }
        let start = comment.start + 3 + at;
        for mut import in own_imports(found) {
            if import.name.is_some() || import.alias.is_some() {
                import.kind = Kind::TypeOnly;
                import.statement = start..start + import.statement.end;
                import.span = start + import.span.start..start + import.span.end;
                rows.push(import);
            }
        }
    }
}

/// Returns whether a tag starts at `at`: only stars precede it in its line.
fn starts_tag(content: &[u8], at: usize) -> bool {
    let before = content.get(..at).unwrap_or_default();
    let margin = before.iter().rev().find(|&&byte| !matches!(byte, b' ' | b'\t' | b'*'));
    margin.is_none_or(|byte| matches!(byte, b'\n' | b'\r'))
        && !content.get(at + TAG.len()).is_some_and(|&byte| is_name(byte))
}

/// Returns the text with the stars that begin lines as spaces.
fn plain(text: &[u8]) -> Cow<'_, [u8]> {
    let mut plain = Cow::Borrowed(text);
    let mut margin = false;
    for (at, &byte) in text.iter().enumerate() {
        match byte {
            b'\n' | b'\r' => margin = true,
            b' ' | b'\t' => {}
            b'*' if margin => {
                if let Some(star) = plain.to_mut().get_mut(at) {
                    *star = b' ';
                }
                margin = false;
            }
            _ => margin = false,
        }
    }
    plain
}
