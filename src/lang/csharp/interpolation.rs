//! Interpolated strings: text with holes of code, which may contain strings again.
//!
//! Format: C# language specification, 12.8.3; C# 11, "Raw string literals" and "New lines in interpolations".

use crate::lang::lex::{Quiet, byte, skip_blanks, starts};

use super::directive;
use super::literals::{self, Form, line_end_length, run};

/// Maximum nesting of strings in holes; deeper ones are read as plain strings.
const MAX_DEPTH: usize = 64;

/// An open string, and the number of open brackets in its current hole.
struct Open {
    form: Form,
    depth: usize,
}

/// Returns the end of the interpolated string whose content starts at `at`.
pub(super) fn end(text: &[u8], at: usize, form: Form, quiet: &mut Quiet) -> usize {
    let mut open = vec![Open { form, depth: 0 }];
    let mut at = content(text, at, &mut open, quiet);
    while let Some(top) = open.last_mut() {
        let Some(&sign) = text.get(at) else { return text.len() };
        at = match sign {
            b'(' | b'[' | b'{' => {
                top.depth += 1;
                at + 1
            }
            b'}' if top.depth == 0 => {
                let braces = if top.form.is_raw() { run(text, at, b'}').min(top.form.dollars) } else { 1 };
                content(text, at + braces, &mut open, quiet)
            }
            b')' | b']' | b'}' => {
                top.depth = top.depth.saturating_sub(1);
                at + 1
            }
            b':' if top.depth == 0 && byte(text, at + 1) == b':' => at + 2,
            b':' if top.depth == 0 => format(text, at + 1, top.form),
            b'\'' => {
                let end = literals::line_quoted_end(text, at + 1, b'\'');
                quiet.add(at + 1..end);
                past_sign(text, end)
            }
            b'"' => string(text, at, &mut open, quiet),
            b'/' => literals::comment(text, at, quiet).unwrap_or(at + 1),
            _ if line_end_length(text, at) > 0 => {
                at += line_end_length(text, at);
                // A hole never contains a directive, so an earlier hole was left open.
                let line = skip_blanks(text, at);
                if starts(text, line, b"using") && directive::is_one(text, line) {
                    return at;
                }
                at
            }
            _ => at + 1,
        };
    }
    at
}

/// Returns the offset past a closing quote; `at` itself if the line ends there.
pub(super) fn past_sign(text: &[u8], at: usize) -> usize {
    if at >= text.len() || line_end_length(text, at) > 0 { at } else { at + 1 }
}

/// Skips the format specifier of a hole. Returns the offset of the byte that ends the hole.
fn format(text: &[u8], at: usize, form: Form) -> usize {
    let ends = |at: &usize| match byte(text, *at) {
        b'}' => true,
        b'"' => !form.is_raw(),
        _ => !form.is_raw() && !form.verbatim && line_end_length(text, *at) > 0,
    };
    // Without a closing brace, the hole ends with its string.
    (at..text.len()).find(ends).unwrap_or(text.len()).max(at)
}

/// Skips the text of the innermost string from `start` on. Returns the start of its next hole, or the offset past its
/// end.
fn content(text: &[u8], start: usize, open: &mut Vec<Open>, quiet: &mut Quiet) -> usize {
    let Some(Open { form, depth }) = open.last_mut() else { return start };
    *depth = 0;
    let mut at = start;
    let (closed, end, next) = loop {
        let Some(&sign) = text.get(at) else { break (true, at, at) };
        match sign {
            b'"' if form.is_raw() => {
                let quotes = run(text, at, b'"');
                if quotes >= form.quotes {
                    break (true, at, at + quotes);
                }
                at += quotes;
            }
            b'"' if form.verbatim && byte(text, at + 1) == b'"' => at += 2,
            b'"' => break (true, at, at + 1),
            b'\\' if !form.is_raw() && !form.verbatim => {
                at += 1;
                at = past_sign(text, at);
            }
            b'{' => {
                let braces = run(text, at, b'{');
                let hole = if form.is_raw() { braces >= form.dollars } else { braces % 2 == 1 };
                at += braces;
                if hole {
                    break (false, at, at);
                }
            }
            _ if !form.is_raw() && !form.verbatim && line_end_length(text, at) > 0 => break (true, at, at),
            _ => at += 1,
        }
    };
    quiet.add(start..end);
    if closed {
        open.pop();
    }
    next
}

/// Skips a string in a hole, or enters it if it is interpolated.
fn string(text: &[u8], at: usize, open: &mut Vec<Open>, quiet: &mut Quiet) -> usize {
    let form = Form::of(text, at);
    let start = at + form.quotes;
    if form.dollars > 0 && open.len() < MAX_DEPTH {
        open.push(Open { form, depth: 0 });
        return content(text, start, open, quiet);
    }
    let closing = if form.is_raw() {
        literals::raw_end(text, start, form.quotes)
    } else if form.verbatim {
        literals::verbatim_end(text, start)
    } else {
        None
    };
    let end = closing.unwrap_or_else(|| literals::line_quoted_end(text, start, b'"'));
    quiet.add(start..end);
    if closing.is_some() { end + form.quotes } else { past_sign(text, end) }
}
