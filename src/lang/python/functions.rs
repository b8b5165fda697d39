//! Inside functions or not, by indentation: the lines beneath a `def`, and the rest of its own line.
//!
//! Format: Python language reference, 2.1 "Line structure" and 8.7 "Function definitions".

use crate::lang::functions::Functions;

use super::blocks::indentation;
use super::bytes::{byte, is_line_end, past_line_end, skip_spaces, word_end, word_is};
use super::statement::is_import_statement;

/// Finds what is inside functions in a text without comments and the contents of strings.
pub(super) fn functions(code: &[u8]) -> Functions {
    let mut found = Functions::default();
    // Columns of the open functions.
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while at < code.len() {
        let (column, start) = indentation(code, at);
        if is_line_end(byte(code, start)) {
            at = past_line_end(code, start);
            continue;
        }
        while open.pop_if(|function| *function >= column).is_some() {}
        if begins_function(code, start) {
            open.push(column);
        }
        found.mark(start, !open.is_empty());
        at = past_logical_line(code, start);
    }
    found
}

/// Returns whether what begins at `at` surely begins a line of its own without indentation, so that it is in no function.
pub(super) fn is_at_margin(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    match before.strip_suffix(b"\n") {
        Some(before) => !before.ends_with(b"\\") && !before.ends_with(b"\\\r"),
        None => before.is_empty(),
    }
}

/// Returns whether a `def` with a name starts at `at`.
fn begins_function(code: &[u8], mut at: usize) -> bool {
    if word_is(code, at, b"async") {
        at = skip_spaces(code, at + 5);
    }
    word_is(code, at, b"def") && names(code, at + 3)
}

fn names(code: &[u8], at: usize) -> bool {
    let name = skip_spaces(code, at);
    word_end(code, name) > name
}

/// Returns the start of the line after the logical one: brackets, strings and backslashes join lines. A line that surely
/// begins a statement ends brackets that were left open by accident.
fn past_logical_line(code: &[u8], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while let Some(&next) = code.get(at) {
        at = match next {
            b'"' | b'\'' => past_string(code, at, next),
            b'(' | b'[' | b'{' => {
                depth += 1;
                at + 1
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                at + 1
            }
            b'\\' if code.get(at + 1).is_some_and(|&next| is_line_end(next)) => past_line_end(code, at + 1),
            _ if is_line_end(next) => {
                let line = past_line_end(code, at);
                let start = indentation(code, line).1;
                let begins = || {
                    begins_function(code, start)
                        || is_import_statement(code, start)
                        || (word_is(code, start, b"class") && names(code, start + 5))
                };
                if depth == 0 || begins() {
                    return line;
                }
                line
            }
            _ => at + 1,
        };
    }
    at
}

/// Returns the offset past a string, of which nothing but its quotes and replacement fields is left; past the quote if it
/// closes nowhere.
fn past_string(code: &[u8], at: usize, quote: u8) -> usize {
    let triple = [quote; 3];
    let rest = code.get(at + 1..).unwrap_or_default();
    if rest.starts_with(&triple[1..]) {
        let close = memchr::memmem::find(rest.get(2..).unwrap_or_default(), &triple);
        return close.map_or(at + 3, |length| at + 3 + length + 3);
    }
    let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    if rest.get(blank) == Some(&quote) {
        return at + 1 + blank + 1;
    }
    let line = rest.iter().position(|&next| next == quote || is_line_end(next));
    line.filter(|&length| rest.get(length) == Some(&quote)).map_or(at + 1, |length| at + 1 + length + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::File;
    use crate::lang::Language;

    /// Returns for each `HERE` whether it is inside a function.
    fn inside(text: &str) -> Vec<bool> {
        let code = super::super::Python.blank(File { path: b"x.py", text: text.as_bytes() });
        let found = functions(&code);
        memchr::memmem::find_iter(text.as_bytes(), b"HERE").map(|at| found.holds(at)).collect()
    }

    #[test]
    fn lines_beneath_a_function_are_inside() {
        for (text, expected) in [
            ("def f():\n    HERE\nHERE", vec![true, false]),
            ("async def f(a,\nb) -> c:\n\n  # x\n  if a:\n    HERE\n  HERE", vec![true, true]),
            ("def f(): HERE; HERE\nHERE", vec![true, true, false]),
            ("class A:\n    HERE\n    def f(self):\n        HERE\n    HERE", vec![false, true, false]),
            ("def f():\n  class A:\n    HERE", vec![true]),
            ("def f():\n    '''\nHERE\n'''\n    HERE", vec![true, true]),
            ("def f():\n    x = f\"\"\"\n{a}\n\"\"\"\n    HERE", vec![true]),
            ("def f():\n    x = 'a \\\nb'\n    HERE", vec![true]),
            ("def f():\n    x = (\n1)\n    HERE", vec![true]),
            ("def f():\n    x = 1 + \\\n2\n    HERE", vec![true]),
            ("if a:\n    HERE\nelse:\n    def g(): pass\n    HERE", vec![false, false]),
            ("x = 'def f():'\nHERE\ndefault = 1\n  HERE", vec![false, false]),
            ("def f(:\n    x = (\ndef g():\n    HERE\nHERE", vec![true, false]),
            ("@a\ndef f():\n\tHERE\n        HERE", vec![true, true]),
        ] {
            assert_eq!(inside(text), expected, "{text}");
        }
    }

    #[test]
    fn the_margin_is_where_a_line_surely_begins() {
        for (text, expected) in [
            ("HERE", true),
            ("x\nHERE", true),
            ("x\r\nHERE", true),
            ("def f():\n    pass\nHERE", true),
            ("def f(): \\\nHERE", false),
            ("def f(): \\\r\nHERE", false),
            ("def f(): HERE", false),
            ("def f():\n HERE", false),
            ("x\rHERE", false),
        ] {
            let at = text.find("HERE").unwrap_or_default();
            assert_eq!(is_at_margin(text.as_bytes(), at), expected, "{text:?}");
            let path = "from a import b".to_owned();
            let text = text.replace("HERE", &path);
            let file = File { path: b"x.py", text: text.as_bytes() };
            let imports = super::super::Python.imports(file);
            let code = super::super::Python.blank(file);
            assert_eq!(super::super::Python.in_functions(file, &imports), functions(&code).hold(&imports), "{text:?}");
        }
    }
}
