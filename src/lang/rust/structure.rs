//! Declarations of a file and their scopes: its modules, its types, and the blocks that contain imports. `super` counts
//! modules, a path may begin with one, and the name that an import binds is visible only in its block.

use std::collections::HashSet;
use std::ops::Range;

use crate::lang::Import;
use crate::lang::lex::{Quiet, byte, starts};

use super::bytes::{identifier, identifier_end, is_keyword, keyword_is, start, word_end};
use super::lexer::Lexer;

/// Maximum nesting of modules that are distinguished, in levels.
const MAX_DEPTH: usize = 64;

/// Declarations of a file.
#[derive(Debug, Default)]
pub(super) struct Structure {
    /// Modules with a body, in the order of the text.
    modules: Vec<Inline>,
    /// Every declared module, with or without a body, and the index of the one that contains it.
    declared: HashSet<(String, Option<usize>)>,
    /// Names of types, traits and type parameters.
    types: HashSet<String>,
    /// For each import the index of the block that contains it; `None` is the file.
    block_of: Vec<Option<usize>>,
    blocks: Vec<Range<usize>>,
}

#[derive(Debug)]
struct Inline {
    name: String,
    from: usize,
    to: usize,
    parent: Option<usize>,
}

/// An open brace.
struct Open {
    from: usize,
    module: Option<usize>,
    block: Option<usize>,
}

impl Structure {
    /// Reads the modules alone.
    pub(super) fn modules(text: &[u8]) -> Self {
        if memchr::memmem::find(text, b"mod").is_none() {
            return Self::default();
        }
        let mut walk = Walk::new(text);
        walk.run(None);
        walk.found
    }

    /// Reads all declarations, and the blocks of these imports of the text.
    pub(super) fn read(text: &[u8], imports: &[Import<'_>]) -> Self {
        let mut walk = Walk::new(text);
        walk.run(Some(imports));
        walk.found
    }

    /// Returns the index of the innermost inline module that contains `offset`.
    pub(super) fn holding(&self, offset: usize) -> Option<usize> {
        let mut at = self.modules.partition_point(|module| module.from <= offset).checked_sub(1);
        while let Some(module) = at.and_then(|at| self.modules.get(at)) {
            if offset < module.to {
                return at;
            }
            at = module.parent;
        }
        None
    }

    /// Returns the module that contains this one.
    pub(super) fn parent(&self, module: usize) -> Option<usize> {
        self.modules.get(module)?.parent
    }

    /// Returns the names of the inline modules that contain `offset`, from the outermost on.
    pub(super) fn path_at(&self, offset: usize) -> Vec<&str> {
        let (mut names, mut at) = (Vec::new(), self.holding(offset));
        while let Some(module) = at.and_then(|at| self.modules.get(at)) {
            names.push(module.name.as_str());
            at = module.parent;
        }
        names.reverse();
        names
    }

    /// Returns whether the module that contains `offset` declares one of this name.
    pub(super) fn declares(&self, name: &str, offset: usize) -> bool {
        !self.declared.is_empty() && self.declared.contains(&(name.to_owned(), self.holding(offset)))
    }

    /// Returns whether the file has a type, a trait or a type parameter of this name.
    pub(super) fn has_type(&self, name: &str) -> bool {
        self.types.contains(name)
    }

    /// Returns the start of the block of the import, if that block contains `offset` too; 0 for the
    /// file.
    pub(super) fn shared_block(&self, import: usize, offset: usize) -> Option<usize> {
        match self.block_of.get(import)? {
            None => Some(0),
            Some(block) => self.blocks.get(*block).filter(|block| block.contains(&offset)).map(|block| block.start),
        }
    }
}

/// One pass over a text.
struct Walk<'a> {
    lexer: Lexer<'a>,
    open: Vec<Open>,
    /// Indices of the open modules.
    within: Vec<usize>,
    found: Structure,
}

impl<'a> Walk<'a> {
    fn new(text: &'a [u8]) -> Self {
        let lexer = Lexer::new(text, Quiet::ignored());
        Self { lexer, open: Vec::new(), within: Vec::new(), found: Structure::default() }
    }

    /// Runs over the text. Without `imports`, only modules are recorded.
    fn run(&mut self, imports: Option<&[Import<'_>]>) {
        let text = self.lexer.text;
        let mut at = start(text);
        let mut left = imports.unwrap_or_default();
        while let Some(&next) = text.get(at) {
            while let Some((import, rest)) = left.split_first().filter(|(import, _)| import.statement.start <= at) {
                let block = self.block();
                self.found.block_of.push(block);
                left = rest;
                at = at.max(import.statement.end);
            }
            if byte(text, at) != next {
                continue;
            }
            at = match next {
                b'"' | b'\'' | b'/' => self.lexer.past(at),
                b'{' => self.open(at, None),
                b'}' => self.close(at),
                b'm' if keyword_is(text, at, b"mod") => self.module(at + 3),
                b'e' | b's' | b't' | b'u' | b'f' | b'i' if imports.is_some() => self.definition(at).unwrap_or(at + 1),
                _ => at + 1,
            };
        }
    }

    /// Returns the innermost open block, recording it on first use.
    fn block(&mut self) -> Option<usize> {
        let open = self.open.last_mut()?;
        let blocks = &mut self.found.blocks;
        Some(*open.block.get_or_insert_with(|| {
            blocks.push(open.from..usize::MAX);
            blocks.len() - 1
        }))
    }

    fn open(&mut self, at: usize, module: Option<usize>) -> usize {
        self.open.push(Open { from: at, module, block: None });
        at + 1
    }

    fn close(&mut self, at: usize) -> usize {
        if let Some(open) = self.open.pop() {
            if let Some(module) = open.module.and_then(|module| self.found.modules.get_mut(module)) {
                module.to = at;
                self.within.pop();
            }
            if let Some(block) = open.block.and_then(|block| self.found.blocks.get_mut(block)) {
                block.end = at;
            }
        }
        at + 1
    }

    /// Reads a module after `mod`.
    fn module(&mut self, at: usize) -> usize {
        let text = self.lexer.text;
        let name = self.lexer.trivia(at);
        let end = identifier_end(text, name);
        let Some(word) = text.get(name..end).filter(|word| !word.is_empty() && !is_keyword(word)) else { return at };
        let name = identifier(word).into_owned();
        let next = self.lexer.trivia(end);
        let found = &mut self.found;
        let parent = self.within.last().copied();
        match byte(text, next) {
            b';' => {
                found.declared.insert((name, parent));
                next + 1
            }
            b'{' => {
                found.declared.insert((name.clone(), parent));
                if self.within.len() >= MAX_DEPTH {
                    return self.open(next, None);
                }
                found.modules.push(Inline { name, from: next, to: usize::MAX, parent });
                let module = found.modules.len() - 1;
                self.within.push(module);
                self.open(next, Some(module))
            }
            _ => end,
        }
    }

    /// Reads an item that defines a type, or has type parameters.
    fn definition(&mut self, at: usize) -> Option<usize> {
        let text = self.lexer.text;
        let keywords: [&[u8]; 7] = [b"struct", b"enum", b"trait", b"type", b"union", b"fn", b"impl"];
        let keyword = keywords.into_iter().find(|keyword| keyword_is(text, at, keyword))?;
        let mut end = at + keyword.len();
        let name = self.lexer.trivia(end);
        if keyword != b"impl" {
            let close = identifier_end(text, name);
            let word = text.get(name..close).filter(|word| !word.is_empty() && !is_keyword(word))?;
            let next = self.lexer.trivia(close);
            let contextual = keyword == b"union" && !matches!(byte(text, next), b'{' | b'<' | b'w');
            if keyword != b"fn" && !contextual {
                self.found.types.insert(identifier(word).into_owned());
            }
            end = close;
        }
        let next = self.lexer.trivia(end);
        Some(if byte(text, next) == b'<' { self.parameters(next + 1) } else { end })
    }

    /// Reads type parameters after `<`.
    fn parameters(&mut self, mut at: usize) -> usize {
        let (text, mut depth, mut first) = (self.lexer.text, 1_usize, true);
        while depth > 0 {
            at = self.lexer.trivia(at);
            let next = byte(text, at);
            match next {
                b'<' | b'(' | b'[' => depth += 1,
                b'-' if starts(text, at, b"->") => at += 1,
                b'>' | b')' | b']' => depth -= 1,
                b',' if depth == 1 => {
                    first = true;
                    at += 1;
                    continue;
                }
                b'\'' => {
                    (at, first) = (self.lexer.past(at), false);
                    continue;
                }
                b'{' | b'}' | b';' | b'"' | b'/' | 0 => return at,
                b'#' => {}
                _ => {
                    let end = identifier_end(text, at);
                    if let Some(word) = text.get(at..end).filter(|word| !word.is_empty()) {
                        if first && depth == 1 && !is_keyword(word) {
                            self.found.types.insert(identifier(word).into_owned());
                        }
                        first &= depth > 1;
                    }
                    at = end.max(word_end(text, at)).max(at + 1);
                    continue;
                }
            }
            at += 1;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_within_a_file_are_seen() {
        let text =
            b"mod a; pub mod r#b { fn f() { use super::x; } mod c { x } } // mod d {\nmod!{} 'mod x { r#mod y { x";
        let structure = Structure::modules(text);
        let at = |needle: &[u8]| memchr::memmem::find(text, needle).unwrap();
        assert_eq!(structure.path_at(at(b"super")), ["b"]);
        assert_eq!(structure.path_at(at(b"x } }")), ["b", "c"]);
        assert_eq!(structure.path_at(text.len() - 1), [""; 0]);
        assert!(structure.declares("a", 0) && structure.declares("b", text.len()) && !structure.declares("c", 0));
        assert!(structure.declares("c", at(b"super")) && !structure.declares("x", text.len()));
    }

    #[test]
    fn broken_texts_have_modules_too() {
        assert_eq!(Structure::modules(b"} mod a { mod b { } { use").path_at(25), ["a"]);
        Structure::modules("mod a { ".repeat(100_000).as_bytes()).path_at(500_000);
    }

    #[test]
    fn types_and_type_parameters_are_seen() {
        let text = b"struct A<'a, B: C<D>, const E: usize, F = G> { e: H } enum I {} union J { x: K } let union = L; \
            fn m<N, O: Fn(P) -> Q, R>(s: S) {} impl<T, #[x] U> V for W {} type r#X = Y; trait Z {}";
        let structure = Structure::read(text, &[]);
        let found: String = ('A'..='Z').filter(|name| structure.has_type(&name.to_string())).collect();
        assert_eq!(found, "ABFIJNORTUXZ");
    }
}
