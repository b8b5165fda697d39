//! Inside functions or not, by the braces of the code: of functions, methods and arrows; also after the `=>` of an arrow
//! without braces. Static blocks and fields of a class run with the module.
//!
//! Format: ECMA-262, 15 "Functions and Classes"; TypeScript's return types between `)` and the body.

use crate::lang::functions::{Brackets, Functions};
use crate::lang::lex::is_line_end;

use super::bytes::name_end;

/// Maximum nesting of brackets, in levels; beyond it, all are dropped.
const MAX_FRAMES: usize = 1 << 16;

/// Words before a `(` whose `)` a block follows, not the body of a function.
const BEFORE_CONDITION: &[&[u8]] = &[b"if", b"for", b"while", b"switch", b"catch", b"with", b"await"];

/// Words that begin a statement, so that no type ends here.
const STATEMENTS: &[&[u8]] = &[
    b"class",
    b"interface",
    b"namespace",
    b"enum",
    b"function",
    b"const",
    b"let",
    b"var",
    b"import",
    b"export",
    b"return",
    b"if",
    b"for",
    b"while",
    b"switch",
    b"do",
    b"else",
    b"try",
    b"finally",
    b"throw",
    b"case",
    b"default",
    b"break",
    b"continue",
];

/// Words that an operand follows, on the next line too.
const OPERATORS: &[&[u8]] = &[
    b"return",
    b"typeof",
    b"instanceof",
    b"in",
    b"of",
    b"new",
    b"delete",
    b"throw",
    b"yield",
    b"extends",
    b"as",
    b"satisfies",
    b"keyof",
    b"is",
];

/// The token before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// A word that ends an operand, or a name.
    Word,
    /// A word of [`BEFORE_CONDITION`].
    Condition,
    /// The `)` of parameters or arguments.
    Arguments,
    /// The `)` of another group.
    Group,
    /// Another closing bracket, a quote, or the `>` after types.
    Close,
    /// The `)` of a condition.
    ConditionEnd,
    Arrow,
    Dot,
    /// Another sign, or a word that an operand follows.
    Sign,
}

/// What is known of the code in a bracket, or in none.
struct Frame {
    /// The token before it.
    before: Last,
    /// Whether it is inside a function.
    inside: bool,
    /// Whether the body of an arrow without braces goes on here.
    arrow: bool,
    /// Whether a return type may go on here.
    returns: bool,
    /// Whether the body of a class comes next.
    class: bool,
}

impl Frame {
    const fn new(before: Last, inside: bool) -> Self {
        Self { before, inside, arrow: false, returns: false, class: false }
    }
}

/// Finds what is inside functions in a text without comments, strings and regular expressions.
pub(super) fn functions(code: &[u8]) -> Functions {
    let brackets = Brackets::new(Frame::new(Last::Sign, false));
    let mut walk = Walk { found: Functions::default(), brackets, last: Last::Sign, line: false };
    let mut at = 0;
    while let Some(&next) = code.get(at) {
        let end = name_end(code, at);
        at = if end > at {
            walk.word(code.get(at..end).unwrap_or_default(), at);
            end
        } else {
            walk.sign(code, at, next)
        };
    }
    walk.found
}

struct Walk {
    found: Functions,
    brackets: Brackets<Frame>,
    last: Last,
    /// Whether a line has ended since the last token.
    line: bool,
}

impl Walk {
    fn top(&mut self) -> &mut Frame {
        self.brackets.top()
    }

    fn inside(&mut self) -> bool {
        let top = self.top();
        top.inside || top.arrow
    }

    /// Begins the body of an arrow at a token that is no brace.
    fn begin_arrow(&mut self, at: usize) {
        if self.last == Last::Arrow {
            self.top().arrow = true;
            self.found.mark(at, true);
        }
    }

    /// Ends the body of an arrow, if one goes on.
    fn end_arrow(&mut self, at: usize) {
        let top = self.top();
        if std::mem::take(&mut top.arrow) {
            let inside = top.inside;
            self.found.mark(at, inside);
        }
    }

    /// Ends the body of an arrow where a new line begins with an operand after another.
    fn end_line(&mut self, at: usize) {
        if std::mem::take(&mut self.line)
            && matches!(self.last, Last::Word | Last::Arguments | Last::Group | Last::Close)
        {
            self.end_arrow(at);
        }
    }

    fn word(&mut self, word: &[u8], at: usize) {
        let is_member = self.last == Last::Dot;
        let is_operator = !is_member && OPERATORS.contains(&word);
        if is_operator {
            self.line = false;
        }
        self.end_line(at);
        self.begin_arrow(at);
        if !is_member && STATEMENTS.contains(&word) {
            let top = self.top();
            top.returns = false;
            top.class |= word == b"class";
        }
        self.last = match word {
            _ if is_member => Last::Word,
            word if BEFORE_CONDITION.contains(&word) => Last::Condition,
            _ if is_operator => Last::Sign,
            _ => Last::Word,
        };
    }

    /// Takes a byte that begins no word; returns where to go on.
    fn sign(&mut self, code: &[u8], at: usize, sign: u8) -> usize {
        match sign {
            _ if is_line_end(sign) => {
                self.line = true;
                return at + 1;
            }
            _ if sign.is_ascii_whitespace() || sign == 0x0b => return at + 1,
            b'"' | b'\'' => self.end_line(at),
            _ => self.line = false,
        }
        if sign != b'{' {
            self.begin_arrow(at);
        }
        self.last = match sign {
            b'{' => {
                self.open_brace(at);
                Last::Sign
            }
            b'(' | b'[' => {
                let inside = self.inside();
                self.open(sign, inside);
                Last::Sign
            }
            b')' | b']' | b'}' => self.close(at, sign),
            b'=' if code.get(at + 1) == Some(&b'>') => {
                // Of a function type that is returned, or of a function that may say what it returns.
                let is_type = self.last == Last::Group && self.top().returns;
                self.top().returns = is_type;
                self.last = if is_type { Last::Sign } else { Last::Arrow };
                return at + 2;
            }
            b'.' if code.get(at + 1) == Some(&b'.') => {
                self.last = Last::Sign;
                return at + 3;
            }
            b'.' => Last::Dot,
            b';' | b',' => {
                self.end_arrow(at);
                if sign == b';' {
                    let top = self.top();
                    (top.returns, top.class) = (false, false);
                }
                Last::Sign
            }
            b':' | b'=' => {
                let top_returns = sign == b':' && self.last == Last::Arguments;
                let top = self.top();
                top.class = false;
                top.returns |= top_returns;
                Last::Sign
            }
            // A generator may have no name.
            b'*' if code.get(..at).unwrap_or_default().trim_ascii_end().ends_with(b"function") => Last::Word,
            b'"' | b'\'' | b'`' | b'>' => Last::Close,
            _ if sign.is_ascii_digit() => Last::Word,
            _ => Last::Sign,
        };
        at + 1
    }

    fn open(&mut self, bracket: u8, inside: bool) {
        if self.brackets.depth() >= MAX_FRAMES {
            self.brackets.clear();
        }
        self.brackets.open(bracket, Frame::new(self.last, inside));
    }

    fn open_brace(&mut self, at: usize) {
        let last = self.last;
        let inside = self.inside();
        let top = self.top();
        let is_type = last == Last::Sign;
        let is_class = !is_type && std::mem::take(&mut top.class);
        let is_body = match last {
            Last::Arrow => true,
            Last::Arguments => !is_class,
            Last::Word | Last::Group | Last::Close => top.returns,
            Last::Condition | Last::ConditionEnd | Last::Dot | Last::Sign => false,
        };
        if !is_type {
            top.returns = false;
        }
        let inside = inside || is_body;
        self.open(b'{', inside);
        self.found.mark(at, inside);
    }

    fn close(&mut self, at: usize, sign: u8) -> Last {
        let Some(frame) = self.brackets.close(sign) else { return Last::Close };
        let inside = self.inside();
        self.found.mark(at, inside);
        match frame.before {
            _ if sign != b')' => Last::Close,
            Last::Condition => Last::ConditionEnd,
            Last::Word | Last::Close | Last::Arguments => Last::Arguments,
            _ => Last::Group,
        }
    }
}

#[cfg(test)]
mod tests;
