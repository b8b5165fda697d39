//! The modules within a file: `super` counts them, and a path may begin with one.

use std::collections::HashSet;

use crate::lang::lex::{Quiet, byte};

use super::bytes::{identifier, identifier_end, is_keyword, keyword_is, start};
use super::lexer::Lexer;

/// Modules deeper within each other are not told apart.
const MOST_DEEP: usize = 64;

/// The modules of a file.
#[derive(Debug, Default)]
pub(super) struct Structure {
    /// Those with a body, in the order of the text.
    modules: Vec<Inline>,
    /// Every module that is declared, with or without a body, and the one that holds it.
    declared: HashSet<(String, Option<usize>)>,
}

#[derive(Debug)]
struct Inline {
    name: String,
    from: usize,
    to: usize,
    parent: Option<usize>,
}

impl Structure {
    pub(super) fn read(text: &[u8]) -> Self {
        let mut structure = Self::default();
        if memchr::memmem::find(text, b"mod").is_none() {
            return structure;
        }
        let mut lexer = Lexer::new(text, Quiet::ignored());
        let (mut at, mut depth) = (start(text), 0_usize);
        let mut open: Vec<(usize, usize)> = Vec::new();
        while let Some(&next) = text.get(at) {
            match next {
                b'"' | b'\'' | b'/' => {
                    at = lexer.past(at);
                    continue;
                }
                b'{' => depth += 1,
                b'}' => {
                    if let Some((_, module)) = open.pop_if(|(opened, _)| *opened == depth)
                        && let Some(module) = structure.modules.get_mut(module)
                    {
                        module.to = at;
                    }
                    depth = depth.saturating_sub(1);
                }
                b'm' if keyword_is(text, at, b"mod") => {
                    at = structure.module(&mut lexer, at + 3, &mut depth, &mut open);
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        structure
    }

    /// A module, from behind `mod`.
    fn module(&mut self, lexer: &mut Lexer<'_>, at: usize, depth: &mut usize, open: &mut Vec<(usize, usize)>) -> usize {
        let text = lexer.text;
        let name = lexer.trivia(at);
        let end = identifier_end(text, name);
        let Some(word) = text.get(name..end).filter(|word| !word.is_empty() && !is_keyword(word)) else { return at };
        let next = lexer.trivia(end);
        let parent = open.last().map(|(_, module)| *module);
        match byte(text, next) {
            b';' => {
                self.declared.insert((identifier(word).into_owned(), parent));
            }
            b'{' => {
                *depth += 1;
                let name = identifier(word).into_owned();
                self.declared.insert((name.clone(), parent));
                if open.len() < MOST_DEEP {
                    open.push((*depth, self.modules.len()));
                    self.modules.push(Inline { name, from: next, to: usize::MAX, parent });
                }
            }
            _ => return end,
        }
        next + 1
    }

    /// The module within the file that holds `offset`.
    fn holding(&self, offset: usize) -> Option<usize> {
        let mut at = self.modules.partition_point(|module| module.from <= offset).checked_sub(1);
        while let Some(module) = at.and_then(|at| self.modules.get(at)) {
            if offset < module.to {
                return at;
            }
            at = module.parent;
        }
        None
    }

    /// The names of the modules within the file that hold `offset`, from the outermost on.
    pub(super) fn path_at(&self, offset: usize) -> Vec<&str> {
        let mut names = Vec::new();
        let mut at = self.holding(offset);
        while let Some(module) = at.and_then(|at| self.modules.get(at)) {
            names.push(module.name.as_str());
            at = module.parent;
        }
        names.reverse();
        names
    }

    /// Whether the module that holds `offset` has one of this name.
    pub(super) fn declares(&self, name: &str, offset: usize) -> bool {
        !self.declared.is_empty() && self.declared.contains(&(name.to_owned(), self.holding(offset)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_within_a_file_are_seen() {
        let text =
            b"mod a; pub mod r#b { fn f() { use super::x; } mod c { x } } // mod d {\nmod!{} 'mod x { r#mod y { x";
        let structure = Structure::read(text);
        let at = |needle: &[u8]| memchr::memmem::find(text, needle).unwrap();
        assert_eq!(structure.path_at(at(b"super")), ["b"]);
        assert_eq!(structure.path_at(at(b"x } }")), ["b", "c"]);
        assert_eq!(structure.path_at(text.len() - 1), [""; 0]);
        assert!(structure.declares("a", 0) && structure.declares("b", text.len()) && !structure.declares("c", 0));
        assert!(structure.declares("c", at(b"super")) && !structure.declares("x", text.len()));
    }

    #[test]
    fn broken_texts_have_modules_too() {
        assert_eq!(Structure::read(b"} mod a { mod b { } use").path_at(23), ["a"]);
        assert_eq!(Structure::read(b"mod a { {").path_at(9), ["a"]);
        Structure::read("mod a { ".repeat(100_000).as_bytes()).path_at(500_000);
    }
}
