//! Constants of enums: they declare their names as fields do, but have no type before them.
//!
//! Sources: Java Language Specification 8.9.1; Kotlin specification 4.1.1 (enum classes).

use std::collections::HashSet;

use memchr::memmem;

use crate::lang::lex::{byte, is_word, rest, skip_spaces, word_is};

use super::Style;

/// An open bracket, or the whole text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// The list of constants that an enum's body begins with; here one may begin.
    Constants,
    /// The same list, after a constant's name.
    Constant,
    Other,
}

/// Returns the names of all constants in a text without comments and strings.
pub(super) fn constants(code: &[u8], style: Style) -> HashSet<&str> {
    let mut found = HashSet::new();
    if memmem::find(code, b"enum").is_none() {
        return found;
    }
    let (mut within, mut around) = (Within::Other, Vec::new());
    // Number of brackets around the header of an enum that is being read.
    let mut header: Option<usize> = None;
    let mut at = 0;
    while at < code.len() {
        let sign = byte(code, at);
        if is_word(sign) || sign == b'$' {
            let end = at + rest(code, at).iter().take_while(|&&byte| is_word(byte) || byte == b'$').count();
            let is_member = matches!(code.get(..at).unwrap_or_default().last(), Some(b'.' | b'@' | b':'));
            let next = skip_spaces(code, end);
            let begins_header = || match style {
                Style::Java => is_word(byte(code, next)),
                Style::Kotlin => word_is(code, next, b"class"),
                Style::Scala => false,
            };
            if word_is(code, at, b"enum") && !is_member && begins_header() {
                header = Some(around.len());
            } else if within == Within::Constants && !is_member {
                found.extend(std::str::from_utf8(code.get(at..end).unwrap_or_default()).ok());
                within = Within::Constant;
            }
            at = end;
            continue;
        }
        match sign {
            b'{' | b'(' | b'[' => {
                let is_enum = sign == b'{' && header == Some(around.len());
                around.push(within);
                within = if is_enum { Within::Constants } else { Within::Other };
                header = header.filter(|_| !is_enum);
            }
            b'}' | b')' | b']' => {
                let left = around.pop();
                within = left.unwrap_or(Within::Other);
                header = header.filter(|depth| left.is_some() && *depth <= around.len());
            }
            b',' if within == Within::Constant => within = Within::Constants,
            b';' => {
                within = Within::Other;
                header = None;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Style::{Java, Kotlin};
    use super::*;

    #[test]
    fn constants_are_found_and_nothing_else() {
        for (style, code, names) in [
            (Java, "enum E { A, B(1, x), C { void f() { D, E; } }, @N G, @N(v) @a.b.M H; I j, K; }", "A B C G H"),
            (Java, "enum E implements F<G, H> { A }", "A"),
            (Java, "enum E { ; X y, Z; } class C { A, B }", ""),
            (Java, "enum E { A { enum F { B, C } }, D } enum G { H }", "A B C D H"),
            (Java, "x.enum { A } enum E; { B } enumX { C } enum } { D }", ""),
            (Java, "enum E { A, B", "A B"),
            (Java, "enum E { } { A }", ""),
            (
                Kotlin,
                "enum class E(val x: Int = 1, f: () -> Unit = { a, b }) : I { A(1), B { f() }; val c = D }",
                "A B",
            ),
            (Kotlin, "enum class E { @x:N A, `b` }", "A b"),
            (Kotlin, "val enum = 1 fun f() { A.b() }", ""),
        ] {
            let mut found: Vec<_> = constants(code.as_bytes(), style).into_iter().collect();
            found.sort_unstable();
            assert_eq!(found.join(" "), names, "{code}");
        }
    }
}
