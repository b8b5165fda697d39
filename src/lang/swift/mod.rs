//! Swift: its import declarations.
//!
//! Format: The Swift Programming Language, "Lexical Structure" and "Declarations: Import Declaration"; SE-0354 (regular
//! expression literals), SE-0409 (access levels on imports).

mod availability;
mod declaration;
mod notation;
mod resolve;
mod rewrite;
mod scan;
mod scanner;
#[cfg(test)]
mod tests;
mod text;

use crate::lang::{About, Change, File, Import, Language, Resolver, Rewrite, Statement, Surroundings, TestHabits};
use crate::tree::TreeError;

/// The language Swift.
pub(super) struct Swift;

impl Language for Swift {
    fn about(&self) -> &'static About {
        static ABOUT: About = About {
            notation: notation::NOTATION,
            extensions: &["swift"],
            file_names: &[],
            interpreters: &["swift"],
            tests: TestHabits { folders: &["Tests", "*Tests"], names: &["*Test", "*Tests"] },
        };
        &ABOUT
    }

    fn imports<'a>(&self, file: File<'a>) -> Vec<Import<'a>> {
        scan::imports(file.text)
    }

    fn blank(&self, file: File<'_>) -> Vec<u8> {
        scan::blank(file.text)
    }

    fn resolver<'a>(&self, _file: File<'a>, _around: &'a Surroundings<'a>) -> Box<dyn Resolver + 'a> {
        Box::new(resolve::AsWritten)
    }

    fn rewrite(
        &self,
        statement: &Statement<'_>,
        changes: &[Change<'_>],
        _around: &Surroundings<'_>,
    ) -> Result<Rewrite, TreeError> {
        Ok(rewrite::rewrite(statement, changes))
    }

    fn why_unavailable(
        &self,
        path: &[u8],
        instead: &[String],
        _around: &Surroundings<'_>,
    ) -> Result<Option<String>, TreeError> {
        Ok(availability::why_unavailable(path, instead))
    }
}
