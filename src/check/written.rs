//! How imports of a file are written: with a star, inside a function.

use super::source_file::SourceFile;
use crate::kind::{Kind, Written};
use crate::lang::{Import, Language};

/// Forms of the imports of a file.
pub struct Forms<'a> {
    language: &'static dyn Language,
    /// For each import, whether it stands inside a function; shorter if nobody asked, or the language does not tell.
    in_function: &'a [bool],
}

impl<'a> Forms<'a> {
    /// Reads the forms of a file's `imports`; whether one stands inside a function costs a pass over the file, if that is
    /// `asked`. `None` if the language is unknown.
    #[must_use]
    pub fn of(file: &'a SourceFile, imports: &[Import<'_>], asked: bool) -> Option<Self> {
        let language = file.language()?;
        let is_statement = |import: &Import<'_>| import.kind == Kind::Import;
        let asked = asked && imports.iter().any(is_statement);
        Some(Self { language, in_function: if asked { file.in_functions(imports) } else { &[] } })
    }

    /// Returns how the import of this number is written.
    #[must_use]
    pub fn form(&self, number: usize, import: &Import<'_>) -> Written {
        let star = import.name.as_deref() == Some("*") && self.language.writes_stars();
        let local = import.kind == Kind::Import && self.in_function.get(number) == Some(&true);
        Written { kind: import.kind, star, local }
    }
}
