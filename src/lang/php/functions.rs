//! Inside functions or not, by the braces of the code: bodies of functions, methods and closures; and what follows the
//! arrow of `fn`.

use crate::lang::functions::{Brackets, Functions};
use crate::lang::lex::{is_space, is_word, word_end};

use super::text;

/// What is known of the code in a bracket, or in none.
#[derive(Default)]
struct Frame {
    /// Whether it is inside a function.
    inside: bool,
    /// Whether the body of a function, or the arrow of an `fn`, may come next.
    function: bool,
    arrow: bool,
    /// Whether what follows the arrow of an `fn` goes on here.
    body: bool,
}

impl Frame {
    fn new(inside: bool) -> Self {
        Self { inside, ..Self::default() }
    }
}

/// Finds what is inside functions in a text without comments and the contents of strings.
pub(super) fn functions(code: &[u8]) -> Functions {
    let mut found = Functions::default();
    let mut brackets = Brackets::new(Frame::default());
    let (mut at, mut last) = (text::code(code, 0), b';');
    while let Some(&next) = code.get(at) {
        let top = brackets.top();
        if is_word(next) {
            let end = word_end(code, at).max(at + 1);
            // `$function`, `->function`, `::function` are names.
            if !matches!(last, b'$' | b'>' | b':')
                || code.get(at.wrapping_sub(1)).is_some_and(|&before| is_space(before))
            {
                let word = code.get(at..end).unwrap_or_default();
                top.function |= word.eq_ignore_ascii_case(b"function");
                top.arrow |= word.eq_ignore_ascii_case(b"fn");
            }
            (at, last) = (end, b'a');
            continue;
        }
        match next {
            b'?' if code.get(at + 1) == Some(&b'>') => {
                // What is between `?>` and the next `<?php` is no code.
                at = text::code(code, at + 2);
                last = b';';
                continue;
            }
            b'{' => {
                // After `\` it is the group of a `use function`.
                let is_body = last != b'\\' && std::mem::take(&mut top.function);
                let inside = top.inside || top.body || is_body;
                brackets.open(next, Frame::new(inside));
                found.mark(at, inside);
            }
            b'(' | b'[' => {
                let inside = top.inside || top.body;
                brackets.open(next, Frame::new(inside));
            }
            b')' | b']' | b'}' => {
                brackets.close(next);
                let top = brackets.top();
                found.mark(at, top.inside || top.body);
            }
            b'>' if last == b'=' && std::mem::take(&mut top.arrow) => {
                top.body = true;
                found.mark(at, true);
            }
            b';' | b',' => {
                top.body = false;
                if next == b';' {
                    (top.function, top.arrow) = (false, false);
                }
                found.mark(at, top.inside);
            }
            _ => {}
        }
        last = if is_space(next) { last } else { next };
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::php::scanner;

    #[test]
    fn bodies_of_functions_are_inside() {
        for (text, expected) in [
            ("<?php function f(): ?A { HERE } HERE", vec![true, false]),
            ("<?php class A { abstract function f(); function &g() { if (a) { HERE } } }", vec![true]),
            ("<?php $f = function () use ($a) { HERE }; HERE", vec![true, false]),
            ("<?php $f = fn($a) => HERE; HERE", vec![true, false]),
            ("<?php g(fn() => f(HERE), HERE); HERE", vec![true, false, false]),
            ("<?php use function A\\{b}; if (c) { HERE }", vec![false]),
            ("<?php $function = $a->function; { HERE } A::fn(['b' => HERE]);", vec![false, false]),
            ("<p>function {</p><?php HERE; $a = 'function {'; HERE", vec![false, false]),
            ("<?php FUNCTION f() { ?> { <?php HERE } HERE", vec![true, false]),
            ("<?php } HERE ) ]", vec![false]),
        ] {
            let found = functions(&scanner::blank(text.as_bytes()));
            let here = memchr::memmem::find_iter(text.as_bytes(), b"HERE").map(|at| found.holds(at));
            assert_eq!(here.collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
