//! Dart: its directives `import`, `export` and `part`, and the files that their URIs refer to.
//!
//! Format: Dart language specification, "Libraries and Scripts" (imports, exports, parts), "Strings", "Comments".

mod availability;
mod class;
mod directive;
mod files;
mod notation;
mod resolve;
mod rewrite;
mod scanner;
#[cfg(test)]
mod tests;
mod text;

use crate::lang::{
    About, Candidate, Change, File, Import, Language, Resolver, Rewrite, Statement, Surroundings, TestHabits,
};
use crate::tree::TreeError;

/// The language Dart.
pub(super) struct Dart;

impl Language for Dart {
    fn about(&self) -> &'static About {
        static ABOUT: About = About {
            notation: notation::NOTATION,
            extensions: &["dart"],
            file_names: &[],
            interpreters: &["dart"],
            tests: TestHabits { folders: &["test", "integration_test"], names: &["*_test"] },
        };
        &ABOUT
    }

    fn imports<'a>(&self, file: File<'a>) -> Vec<Import<'a>> {
        scanner::imports(file.text)
    }

    fn own_paths(&self, file: File<'_>, around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
        files::names_of(&String::from_utf8_lossy(file.path), around)
    }

    fn writes_stars(&self) -> bool {
        false
    }

    fn blank(&self, file: File<'_>) -> Vec<u8> {
        scanner::blank(file.text)
    }

    fn resolver<'a>(&self, file: File<'a>, around: &'a Surroundings<'a>) -> Box<dyn Resolver + 'a> {
        Box::new(resolve::FromFile::new(file, around))
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
        availability::why_unavailable(&String::from_utf8_lossy(path), instead, around)
    }
}
