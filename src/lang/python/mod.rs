//! Python: import statements, calls that import by a string, and resolution of relative imports.
//!
//! Format: Python language reference 3.14, chapters 2 and 7.11; PEP 263, 328, 701, 750, 810, 3131.

mod arguments;
mod availability;
mod blank;
mod blocks;
mod bytes;
mod called;
mod callees;
mod calls;
mod codecs;
mod conditions;
mod decode;
mod functions;
mod imports;
mod literal;
mod notation;
mod notebook;
mod plain;
mod quotes;
mod recover;
mod renamed;
mod resolve;
mod rewrite;
mod scan;
mod scanner;
mod shifts;
mod statement;
#[cfg(test)]
mod tests;
mod trivia;
mod unescape;
mod uses;
mod watch;

use crate::kind::Kind;
use crate::lang::{
    About, Asked, Candidate, Change, File, Import, Language, Plainness, Resolver, Rewrite, Statement, Surroundings,
    TestHabits,
};
use crate::tree::TreeError;

/// The language Python.
pub(super) struct Python;

impl Language for Python {
    fn about(&self) -> &'static About {
        static ABOUT: About = About {
            notation: notation::NOTATION,
            extensions: &["py", "pyi", "pyw", "ipynb"],
            file_names: &[],
            interpreters: &["python", "pypy"],
            tests: TestHabits { folders: &["test", "tests"], names: &["tests", "test_*", "*_test", "conftest"] },
        };
        &ABOUT
    }

    fn decode(&self, file: File<'_>) -> Option<Vec<u8>> {
        if file.path.ends_with(b".ipynb") {
            return Some(notebook::decode(file.text));
        }
        decode::decode(file.text)
    }

    fn imports<'a>(&self, file: File<'a>) -> Vec<Import<'a>> {
        imports::imports(file.text)
    }

    fn plainness(&self) -> Option<Plainness> {
        Some(Plainness { is_plain: plain::is_plain, min_bytes: plain::MIN_BYTES })
    }

    fn reads_uses(&self) -> bool {
        true
    }

    fn uses<'a>(&self, file: File<'a>, imports: &[Import<'a>], asked: Asked<'_>) -> Vec<Import<'a>> {
        uses::uses(file.text, imports, asked)
    }

    fn in_functions(&self, file: File<'_>, imports: &[Import<'_>]) -> Vec<bool> {
        let mut statements = imports.iter().filter(|import| import.kind == Kind::Import);
        if statements.all(|import| functions::is_at_margin(file.text, import.statement.start)) {
            return vec![false; imports.len()];
        }
        functions::functions(&self.blank(file)).hold(imports)
    }

    fn blank(&self, file: File<'_>) -> Vec<u8> {
        blank::blank(file.text, recover::scanned(file.text).1)
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
        if statement.imports.first().is_some_and(Import::is_use) {
            return rewrite::attribute::rewrite(statement, changes, around);
        }
        let Statement { file, code, imports, .. } = *statement;
        Ok(rewrite::rewrite(file.text, code, imports, changes))
    }

    fn own_paths(&self, file: File<'_>, around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
        resolve::FromFile::new(file.path, around).own_paths()
    }

    fn why_unavailable(
        &self,
        path: &[u8],
        instead: &[String],
        around: &Surroundings<'_>,
    ) -> Result<Option<String>, TreeError> {
        availability::why_unavailable(path, instead, around)
    }
}
