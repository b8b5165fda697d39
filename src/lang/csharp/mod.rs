//! C#: its using directives.
//!
//! Format: C# language specification (ECMA-334, 7th edition), chapters 6 and 14, and the feature specifications of
//! C# 10 to 13 (global usings, raw strings, any type in an alias).

mod directive;
mod identifiers;
mod interpolation;
mod literals;
mod namespaces;
mod notation;
mod resolve;
mod scanner;
#[cfg(test)]
mod tests;
mod types;

use super::lex::Quiet;
use super::paths;
use super::{About, Change, File, Import, Language, Resolver, Rewrite, Statement, Surroundings, TestHabits};
use crate::tree::TreeError;

/// The language C#.
pub(super) struct CSharp;

impl Language for CSharp {
    fn about(&self) -> &'static About {
        static ABOUT: About = About {
            notation: notation::NOTATION,
            extensions: &["cs", "csx"],
            file_names: &[],
            interpreters: &["dotnet-script", "csi"],
            tests: TestHabits {
                folders: &["test", "tests", "Tests", "*.Test", "*.Tests"],
                names: &["*Test", "*Tests"],
            },
        };
        &ABOUT
    }

    fn imports<'a>(&self, file: File<'a>) -> Vec<Import<'a>> {
        scanner::scan(file.text, Quiet::ignored()).0
    }

    fn writes_stars(&self) -> bool {
        false
    }

    fn instead_of_star(&self) -> &'static str {
        "name the types, as in `using T = A.B.T;`"
    }

    fn blank(&self, file: File<'_>) -> Vec<u8> {
        scanner::scan(file.text, Quiet::blanking(file.text)).1
    }

    fn resolver<'a>(&self, file: File<'a>, _around: &'a Surroundings<'a>) -> Box<dyn Resolver + 'a> {
        Box::new(resolve::FromFile::new(file))
    }

    fn rewrite(
        &self,
        statement: &Statement<'_>,
        changes: &[Change<'_>],
        _around: &Surroundings<'_>,
    ) -> Result<Rewrite, TreeError> {
        let changed = changes.iter().filter_map(|change| statement.imports.get(change.import));
        let written = |import: &Import<'_>| statement.file.text.get(import.span.clone()).unwrap_or_default();
        // Type arguments within the path cannot be kept: it is unknown which part of the new path they belong to.
        if changed.into_iter().any(|import| written(import).contains(&b'<')) {
            return Ok(Rewrite::default());
        }
        Ok(paths::in_place(statement, changes, notation::join, |_, path| Some(identifiers::written(path))))
    }
}
