//! Inside methods or not: from a `def` to its `end`, or to the end of the line of one without `end`. A block is no method.

use crate::lang::functions::Functions;
use crate::lang::lex::{byte, is_line_end, is_word, skip_blanks, word_end};

/// Words after which an expression begins.
const BEFORE_EXPRESSION: &[&[u8]] = &[
    b"then", b"do", b"else", b"elsif", b"begin", b"ensure", b"when", b"in", b"return", b"and", b"or", b"not", b"if",
    b"unless", b"while", b"until", b"case", b"rescue",
];

/// Maximum length of parameters that are skipped to find the `=` of a method without `end`.
const MAX_PARAMETERS_BYTES: usize = 1000;

/// Finds what is inside methods in a text without comments and the contents of strings.
pub(super) fn functions(code: &[u8]) -> Functions {
    let mut walk = Walk { code, found: Functions::default(), open: Vec::new(), methods: 0, begins: true, loops: false };
    let mut at = 0;
    while let Some(&next) = code.get(at) {
        at = if is_word(next) && !next.is_ascii_digit() {
            walk.word(at, word_end(code, at).max(at + 1))
        } else {
            walk.sign(at, next)
        };
    }
    walk.found
}

struct Walk<'a> {
    code: &'a [u8],
    found: Functions,
    /// For each construct that an `end` will close, whether it is a method.
    open: Vec<bool>,
    methods: usize,
    /// Whether an expression begins here, so that `if` is no modifier.
    begins: bool,
    /// Whether the next `do` of the line is that of a loop.
    loops: bool,
}

impl Walk<'_> {
    fn mark(&mut self, at: usize) {
        self.found.mark(at, self.methods > 0);
    }

    fn push(&mut self, is_method: bool) {
        self.open.push(is_method);
        self.methods += usize::from(is_method);
    }

    fn word(&mut self, at: usize, end: usize) -> usize {
        let word = self.code.get(at..end).unwrap_or_default();
        let before = byte(self.code, at.wrapping_sub(1));
        let is_label = byte(self.code, end) == b':' && byte(self.code, end + 1) != b':';
        let is_call = matches!(byte(self.code, end), b'?' | b'!') && byte(self.code, end + 1) != b'=';
        if matches!(before, b'.' | b':' | b'@' | b'$') || is_label || is_call {
            self.begins = false;
            return end;
        }
        let begins = std::mem::replace(&mut self.begins, BEFORE_EXPRESSION.contains(&word));
        match word {
            b"def" => return self.method(end),
            b"class" | b"module" | b"begin" | b"case" => self.push(false),
            b"if" | b"unless" if begins => self.push(false),
            b"while" | b"until" if begins => {
                self.push(false);
                self.loops = true;
            }
            b"for" => {
                self.push(false);
                self.loops = true;
            }
            b"do" if !std::mem::take(&mut self.loops) => self.push(false),
            b"end" => {
                self.methods -= usize::from(self.open.pop() == Some(true));
                self.mark(at);
            }
            _ => {}
        }
        end
    }

    /// Reads a `def` up to the end of its parameters.
    fn method(&mut self, at: usize) -> usize {
        let code = self.code;
        let mut at = skip_blanks(code, at);
        let is_name = |byte: u8| is_word(byte) || byte == b'.';
        while is_name(byte(code, at)) {
            at += 1;
        }
        // `x=`, `x?` and operators are names; the `=` of a method without `end` stands apart.
        while byte(code, at).is_ascii_punctuation() && !matches!(byte(code, at), b'(' | b';' | b'"' | b'\'') {
            at += 1;
        }
        let mut next = skip_blanks(code, at);
        if byte(code, next) == b'(' {
            next = skip_blanks(code, past_parentheses(code, next));
        }
        let is_endless = byte(code, next) == b'=' && !matches!(byte(code, next + 1), b'=' | b'~' | b'>');
        if is_endless {
            self.found.mark(at, true);
            next = past_line(code, next);
        } else {
            self.push(true);
        }
        self.mark(next);
        self.begins = true;
        next
    }

    fn sign(&mut self, at: usize, sign: u8) -> usize {
        match sign {
            b'\\' if is_line_end(byte(self.code, at + 1)) => return at + 2,
            _ if is_line_end(sign) => (self.begins, self.loops) = (true, false),
            b';' => (self.begins, self.loops) = (true, false),
            _ if sign.is_ascii_whitespace() => {}
            b')' | b']' | b'}' | b'"' | b'\'' | b'`' => self.begins = false,
            _ => self.begins = !sign.is_ascii_digit(),
        }
        at + 1
    }
}

fn past_parentheses(code: &[u8], at: usize) -> usize {
    let mut depth = 0_usize;
    let near = code.get(at..).unwrap_or_default().iter().take(MAX_PARAMETERS_BYTES);
    for (length, &byte) in near.enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + length + 1;
        }
    }
    at + 1
}

fn past_line(code: &[u8], at: usize) -> usize {
    at + code.get(at..).unwrap_or_default().iter().take_while(|&&byte| !is_line_end(byte) && byte != b';').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::ruby::scan;

    #[test]
    fn methods_are_inside() {
        for (text, expected) in [
            ("def f\n  HERE\nend\nHERE", vec![true, false]),
            (
                "class A\n  HERE\n  private def self.f(a = (1))\n    x if y\n    HERE\n  end\n  HERE\nend",
                vec![false, true, false],
            ),
            (
                "def f\n  if a then HERE end\n  while b do HERE end\n  c.each do |d| HERE end\n  HERE\nend\nHERE",
                vec![true, true, true, true, false],
            ),
            ("def f = HERE\nHERE", vec![true, false]),
            ("def f(a) = g(HERE)\nHERE", vec![true, false]),
            ("def f=(a)\n  HERE\nend\nHERE", vec![true, false]),
            ("def ==(a)\n  HERE\nend\nHERE", vec![true, false]),
            ("def f; HERE; end; HERE", vec![true, false]),
            ("a.each do\n  HERE\nend", vec![false]),
            (
                "def f\n  x = if a\n    b\n  end\n  y = a.class\n  z = { if: 1, end: 2 }\n  HERE\nend\nHERE",
                vec![true, false],
            ),
            ("def f\n  a \\\n    if b\n  HERE\nend\nHERE", vec![true, false]),
            ("def f\n  <<~X\n    end\n  X\n  HERE\nend\nHERE", vec![true, false]),
            ("def f\n  begin\n    a\n  rescue\n    b\n  end until c\n  HERE\nend\nHERE", vec![true, false]),
            ("end\nHERE", vec![false]),
        ] {
            let found = functions(&scan::blank(text.as_bytes()));
            let here = memchr::memmem::find_iter(text.as_bytes(), b"HERE").map(|at| found.holds(at));
            assert_eq!(here.collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
