//! Kotlin: import directives, classes loaded by a string, and fully qualified names.
//!
//! Format: Kotlin specification, chapters 1 "Syntax and grammar" and 14 "Packages and imports"; KEEP-375 for strings in
//! which several dollars begin code.

mod scan;
#[cfg(test)]
mod tests;

use crate::lang::jvm::{Style, availability, notation, own_path, plain, resolve, rewrite, skim, uses, walk::Walk};
use crate::lang::{
    About, Asked, Candidate, Change, File, Import, Language, Plainness, Resolver, Rewrite, Skim, Sought, Statement,
    Surroundings, TestHabits,
};
use crate::notation::{Names, Notation};
use crate::tree::TreeError;

/// The language Kotlin.
pub(super) struct Kotlin;

static NOTATION: Notation =
    Notation { language: "kotlin", aliases: &[], names: Names::Alike, split, join: notation::join };

fn split(path: &str) -> Result<Vec<String>, String> {
    notation::split(path, "Kotlin", &["kt", "kts", "java"])
}

impl Language for Kotlin {
    fn about(&self) -> &'static About {
        static ABOUT: About = About {
            notation: NOTATION,
            extensions: &["kt", "kts"],
            file_names: &[],
            interpreters: &["kotlin", "kotlinc"],
            tests: TestHabits { folders: &["test", "*Test"], names: &["*Test", "*Tests", "*Spec"] },
        };
        &ABOUT
    }

    fn imports<'a>(&self, file: File<'a>) -> Vec<Import<'a>> {
        scan::imports(file.text)
    }

    fn plainness(&self) -> Option<Plainness> {
        let is_plain: fn(File<'_>) -> bool = |file| plain::is_plain(file.text, Style::Kotlin);
        Some(Plainness { is_plain, min_bytes: plain::MIN_BYTES })
    }

    fn reads_uses(&self) -> bool {
        true
    }

    fn uses<'a>(&self, file: File<'a>, imports: &[Import<'a>], asked: Asked<'_>) -> Vec<Import<'a>> {
        uses::uses(file.text, Style::Kotlin, imports, asked)
    }

    fn skim(&self) -> Option<Skim> {
        let may_use: fn(File<'_>, &[Import<'_>], Sought<'_>) -> bool =
            |file, imports, sought| skim::may_use(file.text, Style::Kotlin, imports, sought);
        Some(Skim { may_use, is_relative: false })
    }

    fn own_paths(&self, file: File<'_>, _around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
        Ok(own_path::own_paths(file, Style::Kotlin).into_iter().collect())
    }

    fn blank(&self, file: File<'_>) -> Vec<u8> {
        Walk::blanking(file.text, Style::Kotlin).blanked()
    }

    fn resolver<'a>(&self, _file: File<'a>, _around: &'a Surroundings<'a>) -> Box<dyn Resolver + 'a> {
        Box::new(resolve::AsWritten(Style::Kotlin))
    }

    fn rewrite(
        &self,
        statement: &Statement<'_>,
        changes: &[Change<'_>],
        _around: &Surroundings<'_>,
    ) -> Result<Rewrite, TreeError> {
        Ok(rewrite::kotlin(statement, changes))
    }

    fn why_unavailable(
        &self,
        path: &[u8],
        instead: &[String],
        around: &Surroundings<'_>,
    ) -> Result<Option<String>, TreeError> {
        availability::why_unavailable(path, instead, around, Style::Kotlin)
    }
}
