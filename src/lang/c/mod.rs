//! C, C++ and Objective-C: `#include` and related directives, and module imports. They count as one language because
//! they share header files.
//!
//! Format: C23, 5.1.1.2 and 6.10; C++23, [lex.phases], [lex.header], [cpp.include], [cpp.import] and [module.import];
//! GCC's and Clang's manuals for `#include_next`, `#import` and `@import`.

mod bytes;
mod comments;
mod literals;
mod modules;
mod notation;
mod resolve;
mod rewrite;
mod scan;
mod scanner;
#[cfg(test)]
mod tests;

use super::lex::Quiet;
use super::{About, Change, File, Import, Language, Resolver, Rewrite, Statement, Surroundings, TestHabits};
use super::{files, paths};
use crate::lang::Candidate;
use crate::tree::TreeError;

/// The language C, with C++ and Objective-C.
pub(super) struct C;

impl Language for C {
    fn about(&self) -> &'static About {
        static ABOUT: About = About {
            notation: notation::NOTATION,
            extensions: &[
                "c", "h", "cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "inl", "ipp", "tpp", "cppm", "ixx",
                "mpp", "m", "mm", "cu", "cuh",
            ],
            file_names: &[],
            interpreters: &["tcc"],
            tests: TestHabits {
                folders: &["test", "tests", "unittests"],
                names: &["*_test", "*_tests", "*_unittest", "test_*", "*Test", "*Tests"],
            },
        };
        &ABOUT
    }

    fn imports<'a>(&self, file: File<'a>) -> Vec<Import<'a>> {
        scan::scan(file, Quiet::ignored()).0
    }

    fn own_paths(&self, file: File<'_>, _around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
        Ok(vec![files::in_repository(file.path)])
    }

    fn blank(&self, file: File<'_>) -> Vec<u8> {
        scan::scan(file, Quiet::blanking(file.text)).1
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
