//! Inside functions or not, by the braces of the code: bodies of `fn` and of closures.

use crate::lang::functions::{Brackets, Functions};
use crate::lang::lex::{byte, is_space, is_word, skip_spaces, word_end};

use super::scan;

/// What is known of the code in a bracket, or in none.
#[derive(Default)]
struct Frame {
    /// Whether it is inside a function.
    inside: bool,
    /// Whether the body of a function may come next.
    function: bool,
}

/// Finds what is inside functions.
pub(super) fn functions(text: &[u8]) -> Functions {
    let code = scan::blank(text);
    let mut found = Functions::default();
    let mut brackets = Brackets::new(Frame::default());
    let (mut at, mut last) = (0, b';');
    while let Some(&next) = code.get(at) {
        let top = brackets.top();
        if is_word(next) {
            let end = word_end(&code, at).max(at + 1);
            // `fn(…)` is a type.
            if code.get(at..end) == Some(b"fn") && is_word(byte(&code, skip_spaces(&code, end))) {
                top.function = true;
            }
            (at, last) = (end, b'a');
            continue;
        }
        match next {
            b'{' => {
                // After `<` or `,` it is the value of a const parameter.
                let is_value = matches!(last, b'<' | b',');
                let is_body = last == b'|' || (!is_value && std::mem::take(&mut top.function));
                let inside = top.inside || is_body;
                brackets.open(next, Frame { inside, function: false });
                found.mark(at, inside);
            }
            b'(' | b'[' => {
                let inside = top.inside;
                brackets.open(next, Frame { inside, function: false });
            }
            b')' | b']' | b'}' => {
                brackets.close(next);
                found.mark(at, brackets.top().inside);
            }
            b';' => top.function = false,
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

    #[test]
    fn bodies_of_functions_are_inside() {
        for (text, expected) in [
            ("fn f() { HERE }", true),
            ("pub async fn f<T: A<{ 1 }>>(a: [u8; 4]) -> [u8; 2] where T: B { HERE }", true),
            ("impl A { fn f(&self) { if a { HERE } } }", true),
            ("mod a { fn f() {} HERE }", false),
            ("trait A { fn f(); const B: u8 = { HERE }; }", false),
            ("static A: B = B::new(|| { HERE });", true),
            ("const A: fn(u8) = { HERE };", false),
            ("fn f() { mod a { HERE } }", true),
            ("const S: &str = \"fn f() {\"; HERE // fn g() {", false),
            ("fn r#type() { HERE }", true),
            ("} HERE ) ]", false),
        ] {
            let at = memchr::memmem::find(text.as_bytes(), b"HERE").unwrap();
            assert_eq!(functions(text.as_bytes()).holds(at), expected, "{text}");
        }
    }
}
