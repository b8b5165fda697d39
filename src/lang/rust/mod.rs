//! Rust: `use` and `extern crate`, paths written out in full, and their meaning in a crate.
//!
//! Format: the Rust reference, chapters "Lexical structure", "Paths", "Modules", "Use declarations", "Extern crates";
//! the Cargo book, "The Manifest Format". All editions.

mod availability;
mod bytes;
mod crate_names;
mod functions;
mod lexer;
mod manifest;
mod notation;
mod own_module;
mod resolve;
mod rewrite;
mod scan;
mod statement;
mod structure;
#[cfg(test)]
mod tests;
mod tree;
mod uses;

use std::borrow::Cow;

use crate::lang::{
    About, Asked, Candidate, Change, File, Import, Language, Resolver, Rewrite, Statement, Surroundings, TestHabits,
};
use crate::tree::TreeError;

/// The language Rust.
pub(super) struct Rust;

impl Language for Rust {
    fn about(&self) -> &'static About {
        static ABOUT: About = About {
            notation: notation::NOTATION,
            extensions: &["rs"],
            file_names: &[],
            interpreters: &["cargo", "rust-script"],
            tests: TestHabits { folders: &["tests"], names: &["test", "tests", "*_test", "*_tests"] },
        };
        &ABOUT
    }

    fn imports<'a>(&self, file: File<'a>) -> Vec<Import<'a>> {
        scan::imports(file.text)
    }

    fn reads_uses(&self) -> bool {
        true
    }

    fn uses<'a>(&self, file: File<'a>, imports: &[Import<'a>], asked: Asked<'_>) -> Vec<Import<'a>> {
        uses::uses(file.text, imports, asked)
    }

    fn own_paths(&self, file: File<'_>, around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
        let Some(own) = own_module::OwnModule::find(file.path, around)? else { return Ok(Vec::new()) };
        let local = (!own.is_root()).then(|| "crate".to_owned());
        let of = |name: String| std::iter::once(name).chain(own.module.iter().cloned()).map(Cow::Owned).collect();
        Ok(local.into_iter().chain(own.root.name.clone()).map(of).collect())
    }

    fn in_functions(&self, file: File<'_>, imports: &[Import<'_>]) -> Vec<bool> {
        functions::functions(file.text).hold(imports)
    }

    fn blank(&self, file: File<'_>) -> Vec<u8> {
        scan::blank(file.text)
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
        let own = own_module::OwnModule::find(statement.file.path, around)?;
        Ok(rewrite::rewrite(statement, changes, own.and_then(|own| own.root.name).as_deref()))
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
