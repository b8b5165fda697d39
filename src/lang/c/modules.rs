//! Module imports: `import a.b;` of C++20 and `@import A.B;` of Objective-C.
//!
//! Format: C++23, [cpp.import] and [module.import]; Clang's manual, "Modules", "Import declaration".

use std::borrow::Cow;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::lex::{byte, is_line_end, past_line_end, word_end};
use crate::lang::{Form, Import};

use super::comments::{comment, header_end, is, word};
use super::scanner::Scanner;

/// Reads `import` or `export import` at the start of a logical line. Returns where the scanner goes on; `None` if it is
/// not an import.
pub(super) fn import(scanner: &mut Scanner<'_>, start: usize) -> Option<usize> {
    let (mut name, mut end) = word(scanner.text, start);
    let exported = is(&name, b"export");
    if exported {
        let at = scanner.gap(end);
        (name, end) = word(scanner.text, at);
    }
    if !is(&name, b"import") {
        return None;
    }
    let at = scanner.gap(end);
    if let Some(close) = header_end(scanner.text, at) {
        let end = semicolon(scanner, close)?;
        return Some(scanner.header(start, at, close, end));
    }
    let (module, span) = module_name(scanner, at, Scanner::gap, true)?;
    let end = semicolon(scanner, span.end)?;
    let form = if exported { Form::Export } else { Form::Plain };
    Some(scanner.add(row(module, form, start..end, span)))
}

/// Reads `@import A.B;`, whose `@` is at `start`. Returns where the scanner goes on; `None` if it is not an import.
pub(super) fn framework(scanner: &mut Scanner<'_>, start: usize) -> Option<usize> {
    let at = gap_over_lines(scanner, start + 1);
    let (name, end) = word(scanner.text, at);
    if !is(&name, b"import") {
        return None;
    }
    let at = gap_over_lines(scanner, end);
    let (module, span) = module_name(scanner, at, gap_over_lines, false)?;
    let at = gap_over_lines(scanner, span.end);
    let end = semicolon(scanner, at)?;
    Some(scanner.add(row(module, Form::Plain, start..end, span)))
}

/// Returns the offset past everything that separates tokens, line ends included: `@import` is no directive.
fn gap_over_lines(scanner: &mut Scanner<'_>, mut at: usize) -> usize {
    loop {
        at = scanner.gap(at);
        at = match byte(scanner.text, at) {
            b'/' => match comment(scanner.text, at, &mut scanner.quiet) {
                Some(end) => end,
                None => return at,
            },
            sign if is_line_end(sign) => past_line_end(scanner.text, at),
            _ => return at,
        };
    }
}

fn row<'a>(module: Cow<'a, str>, form: Form, statement: Range<usize>, span: Range<usize>) -> Import<'a> {
    Import { kind: Kind::Import, form, module: Some(module.into()), name: None, alias: None, level: 0, statement, span }
}

/// Returns the offset past the semicolon that ends the import; attributes may precede it.
fn semicolon(scanner: &mut Scanner<'_>, at: usize) -> Option<usize> {
    /// Maximum length of attributes, without white space and comments.
    const MAX_ATTRIBUTE_BYTES: usize = 256;
    let mut at = scanner.gap(at);
    if !matches!(byte(scanner.text, at), b'[' | b';') {
        return None;
    }
    for _ in 0..MAX_ATTRIBUTE_BYTES {
        match *scanner.text.get(at)? {
            b';' => return Some(at + 1),
            sign if is_line_end(sign) => return None,
            _ => at = scanner.gap(at + 1),
        }
    }
    None
}

/// Returns the name of a module, of a partition (`a:b`), or of a partition of the file's own module (`:b`), and its
/// span.
fn module_name<'a>(
    scanner: &mut Scanner<'a>,
    at: usize,
    gap: fn(&mut Scanner<'a>, usize) -> usize,
    parts: bool,
) -> Option<(Cow<'a, str>, Range<usize>)> {
    let text = scanner.text;
    let (mut pieces, mut end) = (Vec::new(), at);
    let mut next = at;
    let mut in_part = false;
    loop {
        let piece = next;
        let sign = byte(text, next);
        let separates = (sign == b'.' && !pieces.is_empty()) || (sign == b':' && parts && !in_part);
        if separates {
            in_part |= sign == b':';
            next = gap(scanner, next + 1);
        } else if !pieces.is_empty() {
            break;
        }
        let last = word_end(text, next);
        if last == next {
            return None;
        }
        if separates {
            pieces.push(piece..piece + 1);
        }
        pieces.push(next..last);
        end = last;
        next = gap(scanner, last);
    }
    let spaced = pieces.iter().map(ExactSizeIterator::len).sum::<usize>() != end - at;
    if !spaced {
        return Some((String::from_utf8_lossy(text.get(at..end)?), at..end));
    }
    let parts = pieces.into_iter().filter_map(|piece| text.get(piece)).map(String::from_utf8_lossy);
    Some((Cow::Owned(parts.collect()), at..end))
}
