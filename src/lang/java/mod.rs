//! Java: import declarations, classes loaded by a string, and fully qualified names.
//!
//! Format: Java Language Specification, chapters 3, 6.5 and 7; JEP 511 for `import module`.

mod escapes;
mod keywords;
mod rewrite;
mod scan;
#[cfg(test)]
mod tests;

use crate::lang::jvm::{Style, availability, notation, own_path, plain, resolve, skim, uses, walk::Walk};
use crate::lang::{
    About, Asked, Candidate, Change, File, Import, Language, Plainness, Resolver, Rewrite, Skim, Sought, Statement,
    Surroundings, TestHabits,
};
use crate::notation::{Names, Notation};
use crate::tree::TreeError;

use escapes::Translated;

/// The language Java.
pub(super) struct Java;

static NOTATION: Notation =
    Notation { language: "java", aliases: &[], names: Names::Alike, split, join: notation::join };

fn split(path: &str) -> Result<Vec<String>, String> {
    notation::split(path, "Java", &["java", "class", "jar"])
}

impl Language for Java {
    fn about(&self) -> &'static About {
        static ABOUT: About = About {
            notation: NOTATION,
            extensions: &["java"],
            file_names: &[],
            interpreters: &["java"],
            tests: TestHabits { folders: &["test", "*Test"], names: &["*Test", "*Tests", "*TestCase", "*IT"] },
        };
        &ABOUT
    }

    fn imports<'a>(&self, file: File<'a>) -> Vec<Import<'a>> {
        match Translated::of(file.text) {
            Some(translated) => scan::imports(&translated.text).into_iter().map(|row| translated.placed(row)).collect(),
            None => scan::imports(file.text),
        }
    }

    fn plainness(&self) -> Option<Plainness> {
        let is_plain: fn(File<'_>) -> bool =
            |file| Translated::of(file.text).is_none() && plain::is_plain(file.text, Style::Java);
        Some(Plainness { is_plain, min_bytes: plain::MIN_BYTES })
    }

    fn reads_uses(&self) -> bool {
        true
    }

    fn uses<'a>(&self, file: File<'a>, imports: &[Import<'a>], asked: Asked<'_>) -> Vec<Import<'a>> {
        if file.path.ends_with(b"module-info.java") {
            return Vec::new();
        }
        match Translated::of(file.text) {
            Some(translated) => {
                let text = &translated.text;
                // `imports` has spans of the file, these are spans of the text.
                let own = scan::imports(text);
                let rows = uses::uses(text, Style::Java, if own.len() == imports.len() { &own } else { &[] }, asked);
                rows.into_iter().map(|row| translated.placed(row)).collect()
            }
            None => uses::uses(file.text, Style::Java, imports, asked),
        }
    }

    fn skim(&self) -> Option<Skim> {
        let may_use: fn(File<'_>, &[Import<'_>], Sought<'_>) -> bool = |file, imports, sought| {
            Translated::of(file.text).is_some() || skim::may_use(file.text, Style::Java, imports, sought)
        };
        Some(Skim { may_use, is_relative: false })
    }

    fn own_paths(&self, file: File<'_>, _around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
        Ok(own_path::own_paths(file, Style::Java).into_iter().collect())
    }

    fn blank(&self, file: File<'_>) -> Vec<u8> {
        match Translated::of(file.text) {
            Some(translated) => {
                let blanked = Walk::blanking(&translated.text, Style::Java).blanked();
                translated.blanked(file.text, &blanked)
            }
            None => Walk::blanking(file.text, Style::Java).blanked(),
        }
    }

    fn resolver<'a>(&self, _file: File<'a>, _around: &'a Surroundings<'a>) -> Box<dyn Resolver + 'a> {
        Box::new(resolve::AsWritten(Style::Java))
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
        availability::why_unavailable(path, instead, around, Style::Java)
    }
}
