//! How imports of a file are written: with a star, inside a function.

use crate::kind::{Kind, Written};
use crate::lang::{File, Import, Language};

/// Forms of the imports of a file.
pub struct Forms {
    language: &'static dyn Language,
    /// For each import, whether it stands inside a function; shorter if nobody asked, or the language does not tell.
    in_function: Vec<bool>,
}

impl Forms {
    /// Reads the forms; whether an import stands inside a function costs a pass over the file, if that is `asked`.
    #[must_use]
    pub fn of(language: &'static dyn Language, file: File<'_>, imports: &[Import<'_>], asked: bool) -> Self {
        let is_statement = |import: &Import<'_>| import.kind == Kind::Import;
        let asked = asked && imports.iter().any(is_statement);
        Self { language, in_function: if asked { language.in_functions(file, imports) } else { Vec::new() } }
    }

    /// Returns how the import of this number is written.
    #[must_use]
    pub fn form(&self, number: usize, import: &Import<'_>) -> Written {
        let star = import.name.as_deref() == Some("*") && self.language.writes_stars();
        let local = import.kind == Kind::Import && self.in_function.get(number) == Some(&true);
        Written { kind: import.kind, star, local }
    }
}
