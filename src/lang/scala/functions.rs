//! Inside functions or not: the body of a `def`, in braces or indented beneath it, and blocks after `=>`, but for those of
//! `case`.

use crate::lang::functions::Functions;
use crate::lang::lex::{is_line_end, is_word, word_end};

/// What is open: a bracket, or a `def`.
enum Open {
    Bracket(u8),
    /// A block that is the body of an anonymous function.
    Body,
    /// A `def`: the column and the number of its line.
    Def(usize, usize),
}

/// Finds what is inside functions in a text without comments and the contents of strings.
pub(super) fn functions(code: &[u8]) -> Functions {
    let mut walk = Walk::default();
    let mut at = 0;
    let mut line_start = 0;
    while let Some(&next) = code.get(at) {
        if is_line_end(next) {
            (walk.line, walk.begins_line, walk.case) = (walk.line + 1, true, false);
            at += 1;
            line_start = at;
            continue;
        }
        if next.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        if std::mem::take(&mut walk.begins_line) {
            walk.begin_line(at, at - line_start, next);
        }
        if is_word(next) {
            let end = word_end(code, at).max(at + 1);
            walk.word(code.get(at..end).unwrap_or_default(), at);
            at = end;
        } else {
            walk.sign(code, at, next);
            at += 1;
        }
    }
    walk.found
}

struct Walk {
    found: Functions,
    open: Vec<Open>,
    /// Numbers of open braces and of open functions.
    braces: usize,
    functions: usize,
    /// Column and number of the line.
    column: usize,
    line: usize,
    begins_line: bool,
    /// Whether the line has a `case` whose arrow is yet to come.
    case: bool,
    /// Whether the token before is the arrow of a function.
    arrow: bool,
}

impl Default for Walk {
    fn default() -> Self {
        let (found, open) = Default::default();
        let (braces, functions, column, line) = Default::default();
        Self { found, open, braces, functions, column, line, begins_line: true, case: false, arrow: false }
    }
}

impl Walk {
    fn mark(&mut self, at: usize) {
        self.found.mark(at, self.functions > 0);
    }

    fn begin_line(&mut self, at: usize, column: usize, first: u8) {
        self.column = column;
        if !matches!(first, b'{' | b'}' | b')' | b']') {
            self.end_defs(at, |def_column, _| def_column >= column);
        }
    }

    /// Ends those of the innermost `def`s that are over.
    fn end_defs(&mut self, at: usize, is_over: impl Fn(usize, usize) -> bool) {
        let is_over = |open: &mut Open| matches!(*open, Open::Def(column, line) if is_over(column, line));
        while self.open.pop_if(is_over).is_some() {
            self.functions -= 1;
        }
        self.mark(at);
    }

    fn word(&mut self, word: &[u8], at: usize) {
        self.arrow = false;
        match word {
            b"def" => {
                self.open.push(Open::Def(self.column, self.line));
                self.functions += 1;
                self.mark(at);
            }
            b"case" => self.case = true,
            _ => {}
        }
    }

    fn sign(&mut self, code: &[u8], at: usize, sign: u8) {
        let is_body = std::mem::take(&mut self.arrow);
        match sign {
            b'>' if at > 0 && code.get(at - 1) == Some(&b'=') => self.arrow = !std::mem::take(&mut self.case),
            b'{' => {
                self.open.push(if is_body { Open::Body } else { Open::Bracket(b'{') });
                self.functions += usize::from(is_body);
                self.braces += 1;
                self.mark(at);
            }
            b'(' | b'[' => self.open.push(Open::Bracket(sign)),
            b')' | b']' => {
                let bracket = if sign == b')' { b'(' } else { b'[' };
                _ = self.open.pop_if(|open| matches!(open, Open::Bracket(known) if *known == bracket));
            }
            b'}' if self.braces > 0 => self.close_brace(at),
            b';' => {
                let here = self.line;
                self.end_defs(at, |_, line| line == here);
            }
            _ => {}
        }
    }

    fn close_brace(&mut self, at: usize) {
        self.braces -= 1;
        while let Some(open) = self.open.pop() {
            match open {
                Open::Bracket(b'{') => break,
                Open::Bracket(_) => {}
                Open::Def(..) => self.functions -= 1,
                Open::Body => {
                    self.functions -= 1;
                    break;
                }
            }
        }
        self.mark(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_of_functions_are_inside() {
        for (text, expected) in [
            ("object A {\n  def f = {\n    HERE\n  }\n  HERE\n}\nHERE", vec![true, false, false]),
            (
                "object A {\n  override def f(a: B = {}): C =\n    if (a) {\n      HERE\n    }\n  val b = { HERE }\n}",
                vec![true, false],
            ),
            ("def main() =\n  HERE\n  a; HERE\nHERE", vec![true, true, false]),
            ("class A { def f = 1; HERE }", vec![false]),
            ("trait A {\n  def f: B\n  HERE\n}", vec![false]),
            ("def f()\n{\n  HERE\n}\nHERE", vec![true, false]),
            ("val f = (a: B) => { HERE }", vec![true]),
            ("val a = b match {\n  case c => { HERE }\n}", vec![false]),
            ("class A { self: B =>\n  HERE\n}", vec![false]),
            ("def f = g {\n  class A {\n    HERE\n  }\n}", vec![true]),
            ("} HERE ) ]", vec![false]),
        ] {
            let found = functions(text.as_bytes());
            let here = memchr::memmem::find_iter(text.as_bytes(), b"HERE").map(|at| found.holds(at));
            assert_eq!(here.collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
