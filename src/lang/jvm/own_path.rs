//! The path by which other files import a file: the package that it declares, and its own name.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::lang::lex::{byte, is_word, rest, word_is};
use crate::lang::{Candidate, File};

use super::Style;
use super::notation::is_name;
use super::walk::{Walk, past_backtick};

static PACKAGE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("package"));

/// Returns the segments of the packages that a text declares: one, but Scala allows several clauses, each nested in the
/// one before.
pub(in crate::lang) fn packages(text: &[u8], style: Style) -> Vec<Vec<String>> {
    const MAX_CLAUSES: usize = 8;
    let mut walk = Walk::to(text, style, &[&PACKAGE]);
    let (mut clauses, mut at) = (Vec::new(), 0);
    while let Some(next) = walk.next(at)
        && clauses.len() < MAX_CLAUSES
    {
        at = next + b"package".len();
        if !word_is(text, next, b"package") {
            continue;
        }
        let mut first = walk.skip(at);
        if style == Style::Scala && word_is(text, first, b"object") {
            first = walk.skip(first + b"object".len());
        }
        let (segments, end) = segments(&mut walk, first);
        if !segments.is_empty() {
            clauses.push(segments);
            at = end;
            if style != Style::Scala {
                break;
            }
        }
    }
    clauses
}

/// Returns the dotted names from `at` on, and their end.
fn segments(walk: &mut Walk<'_>, mut at: usize) -> (Vec<String>, usize) {
    let text = walk.text;
    let mut segments = Vec::new();
    loop {
        let end = match byte(text, at) {
            b'`' => past_backtick(text, at).unwrap_or(at),
            _ => at + rest(text, at).iter().take_while(|&&byte| is_word(byte) || byte == b'$').count(),
        };
        if end == at {
            return (segments, at);
        }
        let name = String::from_utf8_lossy(text.get(at..end).unwrap_or_default());
        segments.push(name.trim_matches('`').to_owned());
        let dot = walk.skip(end);
        if byte(text, dot) != b'.' {
            return (segments, end);
        }
        at = walk.skip(dot + 1);
    }
}

/// Returns the path by which other files import this one: its package and its file name, which in Java is the name of
/// its public class.
pub(in crate::lang) fn own_paths(file: File<'_>, style: Style) -> Option<Candidate<'static>> {
    let name = file.path.rsplit(|&byte| byte == b'/').next()?;
    let (stem, _) = std::str::from_utf8(name).ok()?.rsplit_once('.')?;
    let mut path = packages(file.text, style).concat();
    if is_name(stem) {
        path.push(stem.to_owned());
    } else if !matches!(stem, "package-info") {
        return None;
    }
    (!path.is_empty()).then(|| path.into_iter().map(Cow::Owned).collect())
}
