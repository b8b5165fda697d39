//! Python: its import statements, calls that import by a string, and what relative imports mean.
//!
//! Format: Python language reference 3.14, chapters 2 and 7.11; PEP 263, 328, 701, 750, 810, 3131.

mod arguments;
mod blank;
mod blocks;
mod bytes;
mod calls;
mod decode;
mod escapes;
mod literal;
mod notation;
mod objection;
mod quotes;
mod recover;
mod resolve;
mod rewrite;
mod scan;
mod shifts;
mod statement;
#[cfg(test)]
mod tests;
mod trivia;

use crate::lang::{Change, Import, Language, Resolver, Rewrite, Surroundings};
use crate::notation::Notation;
use crate::tree::TreeError;

/// The language Python.
pub(super) struct Python;

impl Language for Python {
    fn notation(&self) -> Notation {
        notation::NOTATION
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["py", "pyi", "pyw"]
    }

    fn decode(&self, text: &[u8]) -> Option<Vec<u8>> {
        decode::decode(text)
    }

    fn imports<'a>(&self, text: &'a [u8]) -> Vec<Import<'a>> {
        recover::imports(text).0
    }

    fn blank(&self, text: &[u8]) -> Vec<u8> {
        blank::blank(text, recover::imports(text).1)
    }

    fn resolver<'a>(&self, path: &'a [u8], around: &'a Surroundings<'a>) -> Box<dyn Resolver + 'a> {
        Box::new(resolve::FromFile::new(path, around))
    }

    fn rewrite(&self, text: &[u8], code: &[u8], imports: &[Import<'_>], changes: &[Change<'_>]) -> Rewrite {
        rewrite::rewrite(text, code, imports, changes)
    }

    fn objection(
        &self,
        path: &[u8],
        instead: &[String],
        around: &Surroundings<'_>,
    ) -> Result<Option<String>, TreeError> {
        objection::objection(path, instead, around)
    }
}
