//! Go: its import declarations, uses of packages, and the modules of a repository.
//!
//! Format: The Go Programming Language Specification, "Lexical elements", "Import declarations" and "Selectors"; Go
//! Modules Reference, "go.mod files", "Workspaces" and "Vendoring".

mod literal;
mod modfile;
mod modules;
mod names;
mod notation;
mod resolve;
mod rewrite;
mod scanner;
#[cfg(test)]
mod tests;
mod uses;
mod walk;

use crate::lang::lex::Quiet;
use crate::lang::{
    About, Asked, Candidate, Change, File, Import, Language, Resolver, Rewrite, Statement, Surroundings, TestHabits,
};
use crate::tree::TreeError;

/// The language Go.
pub(super) struct Go;

impl Language for Go {
    fn about(&self) -> &'static About {
        static ABOUT: About = About {
            notation: notation::NOTATION,
            extensions: &["go"],
            file_names: &[],
            interpreters: &[],
            tests: TestHabits { folders: &["testdata"], names: &["*_test"] },
        };
        &ABOUT
    }

    fn imports<'a>(&self, file: File<'a>) -> Vec<Import<'a>> {
        scanner::scan(file.text, Quiet::ignored()).0
    }

    fn reads_uses(&self) -> bool {
        true
    }

    fn uses<'a>(&self, file: File<'a>, imports: &[Import<'a>], asked: Asked<'_>) -> Vec<Import<'a>> {
        uses::uses(file.text, imports, asked)
    }

    fn own_paths(&self, file: File<'_>, around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
        resolve::own_paths(file.path, around)
    }

    fn blank(&self, file: File<'_>) -> Vec<u8> {
        scanner::scan(file.text, Quiet::blanking(file.text)).1.into_code()
    }

    fn resolver<'a>(&self, file: File<'a>, around: &'a Surroundings<'a>) -> Box<dyn Resolver + 'a> {
        Box::new(resolve::FromFile::new(file.path, around))
    }

    fn rewrite(
        &self,
        statement: &Statement<'_>,
        changes: &[Change<'_>],
        around: &Surroundings<'_>,
    ) -> Result<Rewrite, TreeError> {
        rewrite::rewrite(statement, changes, around)
    }

    fn why_unavailable(
        &self,
        path: &[u8],
        instead: &[String],
        around: &Surroundings<'_>,
    ) -> Result<Option<String>, TreeError> {
        resolve::why_unavailable(path, instead, around)
    }
}
