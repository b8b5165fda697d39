//! Tokens of a text, as far as names matter: chains of names, and their bindings.

use std::ops::Range;

use crate::lang::MAX_IMPORTS;

use super::super::blocks::indentation;
use super::super::bytes::{byte, is_word, word_end};
use super::super::watch::Watch;
use super::names::Names;
use super::scopes::Scopes;
use super::targets::Targets;

/// Maximum number of chains kept: a later binding may void many, so it is above the uses' limit.
const MAX_CHAINS: usize = 2 * MAX_IMPORTS;

/// A name, with the attributes taken from it: `a.b.manager.X`.
pub(super) struct Chain {
    pub(super) name: usize,
    pub(super) span: Range<usize>,
    /// Number of the scope that it is in.
    pub(super) scope: usize,
}

/// Kind of the previous token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Dot,
    /// A name that is asked for, or an attribute of it.
    OfChain,
    Other,
}

/// Splits the code that the scanner passes into tokens, for chains and for bindings of their names.
pub(in crate::lang::python) struct Tokens<'n, 'i> {
    names: &'n Names<'i>,
    targets: Targets,
    scopes: Scopes,
    chains: Vec<Chain>,
    /// Number of chains of each name.
    counts: Vec<usize>,
    open: Option<Chain>,
    last: Last,
    /// Offset of the `=` of the last `:=`.
    walrus: usize,
}

impl<'n, 'i> Tokens<'n, 'i> {
    pub(in crate::lang::python) fn new(names: &'n Names<'i>) -> Self {
        Self {
            names,
            targets: Targets::new(names.len()),
            scopes: Scopes::default(),
            chains: Vec::new(),
            counts: vec![0; names.len()],
            open: None,
            last: Last::Other,
            walrus: usize::MAX,
        }
    }

    /// Returns the chains of all names that only imports bind, and the scopes that they are in.
    pub(super) fn into_chains(mut self) -> (impl Iterator<Item = Chain>, Scopes) {
        self.statement();
        let Self { chains, targets, scopes, .. } = self;
        (chains.into_iter().filter(move |chain| !targets.is_bound(chain.name)), scopes)
    }

    /// Returns whether anything but an import binds a name in the text so far.
    pub(in crate::lang::python) fn is_bound(&mut self, name: usize) -> bool {
        self.statement();
        self.targets.is_bound(name)
    }

    /// Ends the open chain.
    fn ends(&mut self) {
        self.last = Last::Other;
        let Some(chain) = self.open.take() else { return };
        if !self.targets.is_bound(chain.name) && self.has_room() {
            if let Some(count) = self.counts.get_mut(chain.name) {
                *count += 1;
            }
            self.chains.push(chain);
        }
    }

    /// Returns whether there is room for another chain, after dropping void ones if need be.
    fn has_room(&mut self) -> bool {
        if self.chains.len() < MAX_CHAINS {
            return true;
        }
        let bound = self.counts.iter().enumerate().filter(|(name, _)| self.targets.is_bound(*name));
        if bound.map(|(_, count)| count).sum::<usize>() < MAX_IMPORTS {
            return false;
        }
        self.chains.retain(|chain| !self.targets.is_bound(chain.name));
        for (name, count) in self.counts.iter_mut().enumerate() {
            *count = if self.targets.is_bound(name) { 0 } else { *count };
        }
        true
    }

    fn word(&mut self, text: &[u8], at: usize, end: usize) {
        let word = text.get(at..end).unwrap_or_default();
        if self.last == Last::Dot {
            self.targets.operand();
            if let Some(chain) = &mut self.open {
                chain.span.end = end;
                self.last = Last::OfChain;
            } else {
                self.last = Last::Other;
            }
            return;
        }
        self.ends();
        let number = self.names.number(word);
        self.targets.word(word, number, at);
        if let Some(name) = number {
            if self.targets.shares() {
                self.scopes.share(name);
            }
            self.open = Some(Chain { name, span: at..end, scope: self.scopes.current() });
            self.last = Last::OfChain;
        }
    }

    fn operator(&mut self, sign: u8) {
        self.ends();
        self.targets.operator(sign);
    }

    /// Takes the `=` at `at`; returns the start of the next token.
    fn equals(&mut self, text: &[u8], at: usize) -> usize {
        if at == self.walrus {
            return at + 1;
        }
        let [before_last, last] = [at.wrapping_sub(2), at.wrapping_sub(1)].map(|before| byte(text, before));
        let compares = last == b'!' || (matches!(last, b'<' | b'>') && before_last != last);
        if byte(text, at + 1) == b'=' || compares {
            self.operator(b'=');
            return at + if compares { 1 } else { 2 };
        }
        self.ends();
        self.targets.equals();
        at + 1
    }
}

impl Watch for Tokens<'_, '_> {
    fn back(&mut self, _text: &[u8], to: usize) {
        self.open = None;
        self.last = Last::Other;
        self.targets.back(to);
        while self.chains.pop_if(|chain| chain.span.start >= to).is_some() {}
        self.counts.fill(0);
        for chain in &self.chains {
            if let Some(count) = self.counts.get_mut(chain.name) {
                *count += 1;
            }
        }
    }

    fn statement(&mut self) {
        self.ends();
        self.targets.statement();
    }

    fn line(&mut self, text: &[u8], at: usize) {
        self.scopes.line(indentation(text, at).0);
    }

    fn import(&mut self, at: usize) {
        self.scopes.import(at);
    }

    fn code(&mut self, text: &[u8], range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let next = byte(text, at);
            at = match next {
                b' ' | b'\t' | b'\x0c' => at + 1,
                b'0'..=b'9' => {
                    self.ends();
                    self.targets.operand();
                    number_end(text, at)
                }
                _ if is_word(next) => {
                    let end = word_end(text, at);
                    // The letters before a quote are a string prefix.
                    if end < range.end || !matches!(byte(text, end), b'"' | b'\'') {
                        self.word(text, at, end);
                    }
                    end
                }
                b'.' => {
                    self.targets.dot();
                    if self.last != Last::OfChain {
                        self.ends();
                    }
                    self.last = Last::Dot;
                    at + 1
                }
                b',' => {
                    self.ends();
                    self.targets.comma();
                    at + 1
                }
                b'=' => self.equals(text, at),
                _ => {
                    self.operator(next);
                    at + 1
                }
            };
        }
    }

    fn string(&mut self) {
        self.ends();
        self.targets.operand();
    }

    fn field(&mut self) {
        self.ends();
        self.targets.field();
    }

    fn specification(&mut self) {
        self.ends();
        self.targets.specification();
    }

    fn open(&mut self, bracket: u8) {
        self.ends();
        self.targets.open(bracket);
    }

    fn close(&mut self) {
        self.ends();
        self.targets.close();
    }

    fn colon(&mut self, text: &[u8], at: usize) {
        self.ends();
        if byte(text, at + 1) == b'=' {
            self.walrus = at + 1;
            self.targets.walrus();
        } else if let Some(is_class) = self.targets.colon() {
            self.scopes.enter(is_class);
        }
    }
}

/// Returns the end of the number at `at`; a keyword may follow it directly (reference, 2.4.5).
fn number_end(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let count = |rest: &[u8], is: fn(&u8) -> bool| rest.iter().take_while(|byte| is(byte)).count();
    if let [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', digits @ ..] = rest {
        return at + 2 + count(digits, |byte| byte.is_ascii_hexdigit() || *byte == b'_');
    }
    let decimal = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'_' | b'.');
    let mut end = count(rest, decimal);
    if let [b'e' | b'E', exponent @ ..] = rest.get(end..).unwrap_or_default() {
        let sign = usize::from(matches!(exponent.first(), Some(b'+' | b'-')));
        let digits = count(exponent.get(sign..).unwrap_or_default(), decimal);
        end += if digits > 0 { 1 + sign + digits } else { 0 };
    }
    at + end + usize::from(matches!(rest.get(end), Some(b'j' | b'J')))
}
