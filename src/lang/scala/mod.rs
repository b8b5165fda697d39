//! Scala 2 and 3: import and export clauses, classes loaded by a string, and fully qualified names.
//!
//! Format: Scala 2.13 specification, 1 "Lexical Syntax", 4.7 "Import Clauses" and 10 "XML"; Scala 3 reference, "Imports",
//! "Export Clauses" and "Given Imports".

mod functions;
mod names;
mod resolve;
mod rewrite;
mod scan;
#[cfg(test)]
mod tests;

use crate::lang::jvm::{Style, availability, notation, own_path, skim, uses, walk::Walk};
use crate::lang::{
    About, Asked, Candidate, Change, File, Import, Language, Resolver, Rewrite, Skim, Sought, Statement, Surroundings,
    TestHabits,
};
use crate::notation::{Names, Notation};
use crate::tree::TreeError;

/// The language Scala.
pub(super) struct Scala;

static NOTATION: Notation =
    Notation { language: "scala", aliases: &[], names: Names::Alike, split, join: notation::join };

fn split(path: &str) -> Result<Vec<String>, String> {
    notation::split(path, "Scala", &["scala", "sc", "java"])
}

impl Language for Scala {
    fn about(&self) -> &'static About {
        static ABOUT: About = About {
            notation: NOTATION,
            extensions: &["scala", "sc"],
            file_names: &[],
            interpreters: &["scala", "scala-cli", "amm"],
            tests: TestHabits { folders: &["test", "it"], names: &["*Test", "*Tests", "*Spec", "*Suite"] },
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
        uses::uses(file.text, Style::Scala, imports, asked)
    }

    fn skim(&self) -> Option<Skim> {
        let may_use: fn(File<'_>, &[Import<'_>], Sought<'_>) -> bool =
            |file, imports, sought| skim::may_use(file.text, Style::Scala, imports, sought);
        Some(Skim { may_use, is_relative: true })
    }

    fn own_paths(&self, file: File<'_>, _around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
        Ok(own_path::own_paths(file, Style::Scala).into_iter().collect())
    }

    fn in_functions(&self, file: File<'_>, imports: &[Import<'_>]) -> Vec<bool> {
        functions::functions(&self.blank(file)).hold(imports)
    }

    fn blank(&self, file: File<'_>) -> Vec<u8> {
        Walk::blanking(file.text, Style::Scala).blanked()
    }

    fn resolver<'a>(&self, file: File<'a>, _around: &'a Surroundings<'a>) -> Box<dyn Resolver + 'a> {
        Box::new(resolve::FromFile::new(file.text))
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
        availability::why_unavailable(path, instead, around, Style::Scala)
    }
}
