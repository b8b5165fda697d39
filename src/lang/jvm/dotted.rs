//! Names that dots join, with whatever stands between them.

use std::borrow::Cow;
use std::ops::Range;

use crate::lang::lex::{byte, is_line_end};

use super::walk::Walk;

/// A path as an import has it.
pub(in crate::lang) struct Dotted<'a> {
    pub(in crate::lang) text: Cow<'a, str>,
    /// Whether a star follows its last dot.
    pub(in crate::lang) star: bool,
    /// Where its last name starts, or the star.
    pub(in crate::lang) last: usize,
    pub(in crate::lang) end: usize,
    /// What follows it, blanks and comments left out.
    pub(in crate::lang) next: usize,
}

/// A name, and where it ends with what quotes it.
pub(in crate::lang) type Segment = (Range<usize>, usize);

/// Whether a line ends between two places.
pub(in crate::lang) fn has_line_end(text: &[u8], from: usize, to: usize) -> bool {
    text.get(from..to).unwrap_or_default().iter().any(|&byte| is_line_end(byte))
}

/// The path at `first`, of names as `segment` reads them. Where it is `lined`, no line may end behind a dot.
pub(in crate::lang) fn path<'a>(
    walk: &mut Walk<'a>,
    first: usize,
    lined: bool,
    segment: fn(&[u8], usize) -> Option<Segment>,
) -> Option<Dotted<'a>> {
    let text = walk.text;
    // the last part of it that the text has in one piece, and what is before that
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

/// The path at `first` up to a dot that no name follows (`next` is that dot), or whole.
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
