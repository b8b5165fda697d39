//! Import resolution: the path as written, and relative to each package around the file.
//!
//! Source: Scala 2.13 specification 2 (a package clause makes the members of its whole path visible) and 9.2;
//! `_root_` begins at the top.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::lang::jvm::{Style, own_path, resolve};
use crate::lang::lex::{byte, is_word, skip_spaces, starts, word_is};
use crate::lang::{Candidate, Import, Resolver};
use crate::tree::TreeError;

/// Resolves the imports of one text.
pub(super) struct FromFile<'a> {
    text: &'a [u8],
    packages: OnceCell<Vec<Vec<String>>>,
}

impl<'a> FromFile<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, packages: OnceCell::new() }
    }

    /// Returns the packages whose members are visible, each as an absolute path, innermost first.
    fn packages(&self) -> &[Vec<String>] {
        self.packages.get_or_init(|| {
            let mut whole = Vec::new();
            let clauses = own_path::packages(self.text, Style::Scala).into_iter();
            let mut packages: Vec<_> = clauses
                .map(|clause| {
                    whole.extend(clause);
                    whole.clone()
                })
                .collect();
            packages.reverse();
            packages
        })
    }
}

impl Resolver for FromFile<'_> {
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError> {
        let mut candidates = resolve::as_written(import);
        let Some(written) = candidates.first_mut() else { return Ok(candidates) };
        if written.first().is_some_and(|first| first == "_root_") {
            written.remove(0);
        } else if import.kind != crate::kind::Kind::Dynamic {
            let written = written.clone();
            for package in self.packages() {
                let package = package.iter().map(|segment| Cow::Owned(segment.clone()));
                candidates.push(package.chain(written.iter().cloned()).collect());
            }
        }
        candidates.retain(|path| !path.is_empty());
        Ok(candidates)
    }

    fn star_brings(&self, import: &Import<'_>, segment: &str) -> bool {
        !is_renamed(self.text.get(import.statement.start..import.span.start).unwrap_or_default(), segment)
    }
}

/// Part of a clause before its star that is searched for renamed names, in bytes.
const MAX_SELECTORS_BYTES: usize = 4096;

/// Returns whether the selectors before a star, at the end of `clause`, give a name another local name or none
/// (`{Old as _, *}`): the star does not bring it then (specification 4.7).
fn is_renamed(clause: &[u8], name: &str) -> bool {
    let near = &clause[clause.len().saturating_sub(MAX_SELECTORS_BYTES)..];
    let Some(brace) = memchr::memrchr(b'{', near) else { return false };
    let selectors = &near[brace + 1..];
    if selectors.contains(&b'}') {
        return false;
    }
    memchr::memmem::find_iter(selectors, name).any(|at| {
        let end = at + name.len();
        let next = skip_spaces(selectors, end);
        let alone = !at.checked_sub(1).is_some_and(|before| is_word(byte(selectors, before)));
        let arrow = [&b"=>"[..], "⇒".as_bytes()].iter().any(|arrow| starts(selectors, next, arrow));
        alone && (arrow || (next > end && word_is(selectors, next, b"as")))
    })
}
