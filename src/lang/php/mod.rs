//! PHP: names imported by `use`, and files named by a literal in `require` and `include`.
//!
//! Format: PHP manual, "Namespaces", "include" and "Strings"; the lexer of PHP 8.4.

mod bytes;
mod files;
mod functions;
mod literals;
mod notation;
mod resolve;
mod rewrite;
mod scanner;
#[cfg(test)]
mod tests;
mod text;
mod uses;

use std::borrow::Cow;

use super::paths;
use super::{About, Candidate, Change, File, Import, Language, Resolver, Rewrite, Statement, Surroundings, TestHabits};
use crate::tree::TreeError;

/// The language PHP.
pub(super) struct Php;

impl Language for Php {
    fn about(&self) -> &'static About {
        static ABOUT: About = About {
            notation: notation::NOTATION,
            extensions: &["php", "phtml", "php5"],
            file_names: &[],
            interpreters: &["php"],
            tests: TestHabits { folders: &["test", "tests", "Tests"], names: &["*Test"] },
        };
        &ABOUT
    }

    fn imports<'a>(&self, file: File<'a>) -> Vec<Import<'a>> {
        scanner::imports(file.text).rows
    }

    fn own_paths(&self, file: File<'_>, _around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
        let mut paths = vec![crate::lang::files::in_repository(file.path)];
        // By convention, a file has the name of the class that it declares.
        let stem = resolve::stem(file.path);
        if let Some(namespace) = scanner::imports(file.text).namespace.filter(|_| !stem.is_empty()) {
            let segments = namespace.split('\\').map(|segment| Cow::Owned(segment.to_owned()));
            paths.push(segments.chain([Cow::Owned(stem)]).collect());
        }
        Ok(paths)
    }

    fn in_functions(&self, file: File<'_>, imports: &[Import<'_>]) -> Vec<bool> {
        functions::functions(&self.blank(file)).hold(imports)
    }

    fn blank(&self, file: File<'_>) -> Vec<u8> {
        scanner::blank(file.text)
    }

    fn resolver<'a>(&self, file: File<'a>, around: &'a Surroundings<'a>) -> Box<dyn Resolver + 'a> {
        Box::new(resolve::FromFile::new(file.path, around))
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
        around: &Surroundings<'_>,
    ) -> Result<Option<String>, TreeError> {
        paths::why_file_unavailable(path, instead, around.tree)
    }
}
