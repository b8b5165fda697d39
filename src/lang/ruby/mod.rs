//! Ruby: calls that load files by a string, and the files that they refer to.
//!
//! Format: ruby/spec `language/` (strings, heredocs, regular expressions, comments), Ruby's `doc/syntax/literals.rdoc`,
//! `Kernel#require`, `Kernel#require_relative`, `Kernel#load`, `Module#autoload`.

mod availability;
mod before;
mod bytes;
mod calls;
mod character;
mod escapes;
mod files;
mod functions;
mod keywords;
mod literal;
mod notation;
mod resolve;
mod rewrite;
mod scan;
mod scanner;
#[cfg(test)]
mod tests;

use crate::lang::{
    About, Candidate, Change, File, Import, Language, Resolver, Rewrite, Statement, Surroundings, TestHabits,
};
use crate::tree::TreeError;

/// The language Ruby.
pub(super) struct Ruby;

impl Language for Ruby {
    fn about(&self) -> &'static About {
        static ABOUT: About = About {
            notation: notation::NOTATION,
            extensions: &["rb", "rake", "gemspec", "ru", "rbi", "podspec"],
            file_names: &[
                "Rakefile",
                "Gemfile",
                "Guardfile",
                "Podfile",
                "Vagrantfile",
                "Capfile",
                "Fastfile",
                "Brewfile",
            ],
            interpreters: &["ruby", "jruby"],
            tests: TestHabits { folders: &["spec", "test", "features"], names: &["*_spec", "*_test"] },
        };
        &ABOUT
    }

    fn imports<'a>(&self, file: File<'a>) -> Vec<Import<'a>> {
        scan::imports(file.text)
    }

    fn own_paths(&self, file: File<'_>, _around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
        Ok(files::names_of(file.path))
    }

    fn in_functions(&self, file: File<'_>, imports: &[Import<'_>]) -> Vec<bool> {
        functions::functions(&self.blank(file)).hold(imports)
    }

    fn blank(&self, file: File<'_>) -> Vec<u8> {
        scan::blank(file.text)
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
        availability::why_unavailable(path, instead, around)
    }
}
