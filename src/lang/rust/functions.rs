//! Inside functions or not, by the braces of the code: bodies of `fn` and of closures.

use crate::lang::functions::Functions;
use crate::lang::lex::{byte, is_space, is_word, skip_spaces, word_end};

use super::scan;

/// An open bracket, or the whole text.
struct Frame {
    bracket: u8,
    /// Whether it is inside a function.
    inside: bool,
    /// Whether the body of a function may come next.
    function: bool,
}

/// Finds what is inside functions.
pub(super) fn functions(text: &[u8]) -> Functions {
    let code = scan::blank(text);
    let mut found = Functions::default();
    let mut frames = vec![Frame { bracket: 0, inside: false, function: false }];
    let mut braces = 0_usize;
    let (mut at, mut last) = (0, b';');
    while let Some(&next) = code.get(at) {
        let Some(top) = frames.last_mut() else { break };
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
                frames.push(Frame { bracket: b'{', inside, function: false });
                braces += 1;
                found.mark(at, inside);
            }
            b'(' | b'[' => {
                let inside = top.inside;
                frames.push(Frame { bracket: next, inside, function: false });
            }
            b')' | b']' => {
                let open = if next == b')' { b'(' } else { b'[' };
                _ = frames.pop_if(|frame| frame.bracket == open);
            }
            b'}' if braces > 0 => {
                // Other brackets still open inside the braces were left open by accident.
                while frames.pop().is_some_and(|frame| frame.bracket != b'{') {}
                braces -= 1;
                found.mark(at, frames.last().is_some_and(|frame| frame.inside));
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
