//! Dotted names, with any whitespace and comments between their parts.

use std::borrow::Cow;
use std::ops::Range;

use crate::lang::lex::{byte, is_line_end};

use super::walk::Walk;

/// A path as written in an import.
pub(in crate::lang) struct Dotted<'a> {
    pub(in crate::lang) text: Cow<'a, str>,
    /// Whether it ends with a dot and a star.
    pub(in crate::lang) star: bool,
    /// Offset of the last name, or of the star.
    pub(in crate::lang) last: usize,
    pub(in crate::lang) end: usize,
    /// Offset of the next token.
    pub(in crate::lang) next: usize,
}

/// Span of a name, and its end including backticks.
pub(in crate::lang) type Segment = (Range<usize>, usize);

/// Returns whether there is a line end between two offsets.
pub(in crate::lang) fn has_line_end(text: &[u8], from: usize, to: usize) -> bool {
    text.get(from..to).unwrap_or_default().iter().any(|&byte| is_line_end(byte))
}

/// Reads the path at `first`, whose names `segment` reads. If `lined`, no line end may follow a dot.
pub(in crate::lang) fn path<'a>(
    walk: &mut Walk<'a>,
    first: usize,
    lined: bool,
    segment: fn(&[u8], usize) -> Option<Segment>,
) -> Option<Dotted<'a>> {
    let text = walk.text;
    // The last part that is contiguous in the text; `before` has the parts before it.
    let (mut piece, mut end) = segment(text, first)?;
    let (mut last, mut before) = (first, String::new());
    loop {
        let dot = walk.skip(end);
        let (star, next) = match byte(text, dot) {
            b'.' => {
                let next = walk.skip(dot + 1);
                (byte(text, next) == b'*', next)
            }
            _ => return Some(Dotted { text: spelt(text, piece, before), star: false, last, end, next: dot }),
        };
        if star {
            let behind = walk.skip(next + 1);
            return Some(Dotted { text: spelt(text, piece, before), star, last: next, end: next + 1, next: behind });
        }
        if lined && has_line_end(text, dot, next) {
            return None;
        }
        let (name, name_end) = segment(text, next)?;
        if name.start == piece.end + 1 {
            piece.end = name.end;
        } else {
            before += &String::from_utf8_lossy(text.get(piece).unwrap_or_default());
            before.push('.');
            piece = name;
        }
        (last, end) = (next, name_end);
    }
}

/// Reads the path at `first` up to a dot that no name follows (`next` is then that dot), or as a whole.
pub(in crate::lang) fn path_before_group<'a>(
    walk: &mut Walk<'a>,
    first: usize,
    segment: fn(&[u8], usize) -> Option<Segment>,
) -> Option<Dotted<'a>> {
    let text = walk.text;
    let (mut piece, mut end) = segment(text, first)?;
    let (mut last, mut before) = (first, String::new());
    loop {
        let dot = walk.skip(end);
        let found = match byte(text, dot) {
            b'.' => {
                let next = walk.skip(dot + 1);
                segment(text, next).map(|(name, name_end)| (next, name, name_end))
            }
            _ => None,
        };
        let Some((next, name, name_end)) = found else {
            return Some(Dotted { text: spelt(text, piece, before), star: false, last, end, next: dot });
        };
        if name.start == piece.end + 1 {
            piece.end = name.end;
        } else {
            before += &String::from_utf8_lossy(text.get(piece).unwrap_or_default());
            before.push('.');
            piece = name;
        }
        (last, end) = (next, name_end);
    }
}

fn spelt(text: &[u8], last: Range<usize>, mut before: String) -> Cow<'_, str> {
    let last = String::from_utf8_lossy(text.get(last).unwrap_or_default());
    if before.is_empty() {
        return last;
    }
    before += &last;
    Cow::Owned(before)
}
