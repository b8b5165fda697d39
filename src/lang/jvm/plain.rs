//! Plain texts of Java and Kotlin: every name that an import means is written literally, so that a search for a path may
//! search for its words first. Most files of Scala have a star, so that asking them does not pay.
//!
//! What hides a name, and is not plain:
//! - Unicode escapes and ignored characters, which Java allows anywhere; its caller asks for these.
//! - A star: the names that it brings are elsewhere. A comment or a backtick within an import may hide it.
//! - A string that loads a class, with an escape, a `+`, or the `[L` before the element of an array.
//!
//! What hides none: comments and line ends between names; backticks, which stand around a whole name; renames, whose
//! former name is written; names of the own package and default imports, which are no rows; the own path, which is the
//! package clause and the file's name.

use memchr::memmem::Finder;

use crate::lang::MAX_IMPORTS;
use crate::lang::lex::{byte, is_line_end, is_word, rest, skip_spaces};

use super::Style;
use super::calls::METHODS;
use super::imports::IMPORT;

/// See [`Plainness::min_bytes`](crate::lang::Plainness::min_bytes): imports are found in ten instructions a byte, and a
/// searcher for twenty words is made in 800,000.
pub(in crate::lang) const MIN_BYTES: usize = 1 << 16;

/// Maximum number of bytes examined after a word: without a limit, many words would cost quadratic time.
const NEAR_BYTES: usize = 512;

/// Returns whether all imports of a text are written literally, none has a star, and there are at most [`MAX_IMPORTS`]
/// imports and uses.
pub(in crate::lang) fn is_plain(text: &[u8], style: Style) -> bool {
    let mut statements = 0;
    let mut are_clear = |finder: &Finder<'_>, is_clear: &dyn Fn(&[u8]) -> bool| {
        finder.find_iter(text).all(|at| {
            let after = at + finder.needle().len();
            let is_part = |at: usize| is_word(byte(text, at));
            let is_whole = (at == 0 || !is_part(at - 1)) && !is_part(after);
            statements += usize::from(is_whole);
            !is_whole || is_clear(rest(text, after))
        })
    };
    let are_calls_clear = METHODS.iter().all(|method| are_clear(method, &is_clear_call));
    if !are_calls_clear || !are_clear(&IMPORT, &|after| is_clear_path(after, style)) {
        return false;
    }
    // Each further name of a statement follows a comma, and each use has a dot or a colon.
    let is_short = text.len() <= MAX_IMPORTS;
    is_short || statements + memchr::memchr3_iter(b',', b'.', b':', text).count() <= MAX_IMPORTS
}

/// Returns whether the name of a method, before this text, loads no class, or only one whose name is written literally.
fn is_clear_call(after: &[u8]) -> bool {
    let open = skip_spaces(after, 0);
    if byte(after, open) != b'(' {
        return byte(after, open) != b'/';
    }
    let quote = skip_spaces(after, open + 1);
    if byte(after, quote) != b'"' {
        return byte(after, quote) != b'/';
    }
    let ends = |byte: &u8| matches!(byte, b'"' | b'\\') || is_line_end(*byte);
    let content = rest(after, quote + 1);
    // A longer name would be shortened. An empty one may be the beginning of a text block.
    let Some(length) = content.iter().take(NEAR_BYTES).position(ends).filter(|length| *length > 0) else {
        return false;
    };
    let next = skip_spaces(content, length + 1);
    byte(content, length) == b'"' && byte(content, 0) != b'[' && !matches!(byte(content, next), b'+' | b'/')
}

/// Returns whether no star can follow in the path of the import before this text.
fn is_clear_path(after: &[u8], style: Style) -> bool {
    let text = after.get(..after.len().min(NEAR_BYTES)).unwrap_or_default();
    let is_cut = text.len() < after.len();
    let (mut at, mut is_open) = (skip_spaces(text, 0), false);
    loop {
        let name = rest(text, at).iter().take_while(|&&byte| is_name(byte)).count();
        if name == 0 {
            let may_go_on = matches!(byte(text, at), b'/' | b'`') || (is_open && byte(text, at) == b'*');
            return !may_go_on && (at < text.len() || !is_cut);
        }
        let word = text.get(at..at + name);
        let next = skip_spaces(text, at + name);
        is_open = byte(text, next) == b'.';
        at = match byte(text, next) {
            b'.' => skip_spaces(text, next + 1),
            b'/' => return false,
            // The path may only begin here.
            _ if style == Style::Java && matches!(word, Some(b"static" | b"module")) => next,
            _ => return next < text.len() || !is_cut,
        };
    }
}

fn is_name(byte: u8) -> bool {
    is_word(byte) || byte == b'$'
}
