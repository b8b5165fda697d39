//! Namespaces of a text: a directive within one may name what lies beneath it.
//!
//! Format: C# language specification, 7.8 and 14.3; C# 10, "File-scoped namespaces".

use std::ops::Range;

use memchr::{memchr2, memmem};

use crate::lang::lex::{Quiet, byte, is_word, rest};

use super::identifiers;
use super::literals::gap;

/// Maximum number of namespaces within each other; deeper ones are left out.
const MAX_NESTED: usize = 16;
/// Maximum number of names of a namespace.
const MAX_NAMES: usize = 16;

const KEYWORD: &[u8] = b"namespace";

/// The namespaces of a text, by where they start.
#[derive(Debug, Default)]
pub(super) struct Namespaces(Vec<Namespace>);

#[derive(Debug)]
struct Namespace {
    names: Vec<Range<usize>>,
    /// From its brace or semicolon to its end.
    body: Range<usize>,
    /// Index of the namespace around.
    outer: Option<usize>,
}

impl Namespaces {
    /// Reads the namespaces of a text whose comments and strings are blanked.
    pub(super) fn read(code: &[u8]) -> Self {
        let mut all: Vec<Namespace> = Vec::new();
        // Open namespaces, each with the number of braces below which it ends.
        let mut open: Vec<(usize, usize)> = Vec::new();
        let (mut at, mut braces) = (0, 0_usize);
        for keyword in memmem::find_iter(code, KEYWORD).chain([code.len()]) {
            while let Some(length) = code.get(at..keyword).and_then(|before| memchr2(b'{', b'}', before)) {
                at += length;
                braces = if byte(code, at) == b'{' { braces + 1 } else { braces.saturating_sub(1) };
                while let Some((index, _)) = open.pop_if(|(_, least)| braces < *least) {
                    all.get_mut(index).into_iter().for_each(|ended| ended.body.end = at);
                }
                at += 1;
            }
            let Some((names, body)) = declared(code, keyword).filter(|_| open.len() < MAX_NESTED) else { continue };
            let of_file = byte(code, body) == b';';
            if of_file {
                // A text has one at most.
                open.pop_if(|(_, least)| *least == braces);
            }
            let outer = open.last().map(|(index, _)| *index);
            open.push((all.len(), if of_file { braces } else { braces + 1 }));
            all.push(Namespace { names, body: body..code.len(), outer });
        }
        Self(all)
    }

    /// Returns where the names of the namespace around an offset are, those around it first.
    pub(super) fn around(&self, offset: usize) -> Vec<Range<usize>> {
        let next = self.0.partition_point(|namespace| namespace.body.start <= offset);
        let mut index = next.checked_sub(1);
        let mut levels = Vec::new();
        while let Some(namespace) = index.and_then(|index| self.0.get(index)) {
            if offset < namespace.body.end {
                levels.push(&namespace.names);
            }
            index = namespace.outer;
        }
        levels.into_iter().rev().flatten().take(MAX_NAMES).cloned().collect()
    }
}

/// Returns the names of the namespace whose keyword is at `at`, and the offset of the brace or semicolon after them.
fn declared(code: &[u8], at: usize) -> Option<(Vec<Range<usize>>, usize)> {
    let gap = |at| gap(code, at, &mut Quiet::ignored());
    let before = at.checked_sub(1).map_or(0, |before| byte(code, before));
    let mut next = gap(at + KEYWORD.len());
    if is_word(before) || matches!(before, b'@' | b'.') || next == at + KEYWORD.len() || rest(code, at).is_empty() {
        return None;
    }
    let mut names = Vec::new();
    while names.len() <= MAX_NAMES {
        let end = identifiers::end(code, next);
        if end == next {
            return None;
        }
        names.push(next..end);
        next = gap(end);
        match byte(code, next) {
            b'.' => next = gap(next + 1),
            b'{' | b';' => return Some((names, next)),
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_lies_in_the_namespaces_around_it() {
        let around = |code: &str| {
            let namespaces = Namespaces::read(code.as_bytes());
            let names = namespaces.around(code.find('!').unwrap());
            names.into_iter().map(|name| &code[name]).collect::<Vec<_>>().join(" ")
        };
        for (code, names) in [
            ("!namespace A { }", ""),
            ("namespace A { ! }", "A"),
            ("namespace A . B { class C { } ! }", "A B"),
            ("namespace A { namespace B { } ! }", "A"),
            ("namespace A { namespace B { ! } }", "A B"),
            ("namespace A { } namespace B { ! }", "B"),
            ("namespace A { } !", ""),
            ("namespace A; !", "A"),
            ("namespace A; class B { } ! }", "A"),
            ("namespace A; namespace B; !", "B"),
            ("namespace A { namespace B; } !", ""),
            ("@namespace A { !", ""),
            ("namespaces A { !", ""),
            ("namespace { !", ""),
            ("namespace A.1 { !", ""),
            ("} } namespace A { !", "A"),
        ] {
            assert_eq!(around(code), names, "{code}");
        }
    }

    #[test]
    fn deep_nesting_costs_no_time() {
        let code = "namespace A.B{".repeat(100_000);
        assert_eq!(Namespaces::read(code.as_bytes()).around(code.len() - 1).len(), 16);
        assert!(Namespaces::read("namespace A.".repeat(100_000).as_bytes()).around(0).is_empty());
    }
}
