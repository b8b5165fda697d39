//! Path resolution: as written, and from the namespaces around.
//!
//! Format: C# language specification, 7.8: a name is looked for in each namespace around it, the innermost first. What a
//! namespace holds other files say, so all of them count.

use std::borrow::Cow;
use std::cell::OnceCell;

use memchr::memmem;

use crate::lang::lex::Quiet;
use crate::lang::{Candidate, File, Import, Resolver, shortened};
use crate::tree::TreeError;

use super::namespaces::Namespaces;
use super::{identifiers, scanner};

/// Resolves the imports of a file.
pub(super) struct FromFile<'a> {
    file: File<'a>,
    /// Offset of the first word that may declare a namespace.
    first: OnceCell<usize>,
    /// The text's code and its namespaces; read when the first directive within one needs them.
    inner: OnceCell<(Vec<u8>, Namespaces)>,
    /// Namespaces that the file's directives import, sorted.
    imported: OnceCell<Vec<String>>,
}

impl<'a> FromFile<'a> {
    pub(super) const fn new(file: File<'a>) -> Self {
        Self { file, first: OnceCell::new(), inner: OnceCell::new(), imported: OnceCell::new() }
    }

    /// Returns the names of the namespaces around an import, the outermost first; none if its path does not depend on
    /// them.
    fn around(&self, import: &Import<'_>) -> Vec<String> {
        let text = self.file.text;
        let first = self.first.get_or_init(|| memmem::find(text, b"namespace").unwrap_or(text.len()));
        if import.statement.start < *first {
            return Vec::new();
        }
        let (code, namespaces) = self.inner.get_or_init(|| {
            let code = scanner::scan(text, Quiet::blanking(text)).1;
            let namespaces = Namespaces::read(&code);
            (code, namespaces)
        });
        // `global::` and other aliases name all of the path.
        if code.get(..import.span.start).unwrap_or_default().trim_ascii_end().ends_with(b"::") {
            return Vec::new();
        }
        let names = namespaces.around(import.statement.start).into_iter().filter_map(|name| code.get(name));
        names.map(|name| identifiers::read(name).into_owned()).collect()
    }

    /// Returns whether a directive of the file imports this namespace or one beneath it, so that it is no type.
    fn is_namespace(&self, path: &str) -> bool {
        let imported = self.imported.get_or_init(|| {
            let rows = scanner::scan(self.file.text, Quiet::ignored()).0;
            let spaces = rows.iter().filter(|row| row.name.is_some() && !self.is_static(row));
            let mut imported: Vec<String> =
                spaces.filter_map(|row| row.module.as_deref()).map(|module| shortened(module).to_owned()).collect();
            imported.sort_unstable();
            imported
        });
        let beneath = format!("{path}.");
        let next = imported.partition_point(|module| **module < *beneath);
        imported.get(next).is_some_and(|module| module.starts_with(&beneath))
            || imported.binary_search_by(|module| module.as_str().cmp(path)).is_ok()
    }

    fn is_static(&self, import: &Import<'_>) -> bool {
        let before = self.file.text.get(import.statement.start..import.span.start).unwrap_or_default();
        memmem::find(before, b"static").is_some()
    }
}

impl Resolver for FromFile<'_> {
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError> {
        let module = shortened(import.module.as_deref().unwrap_or_default());
        if module.is_empty() {
            return Ok(Vec::new());
        }
        let path: Candidate<'i> = module.split('.').map(Cow::Borrowed).collect();
        let around = self.around(import);
        let beneath = (1..=around.len()).rev().map(|length| {
            let names = around.iter().take(length).map(|name| Cow::Owned(name.clone()));
            names.chain(path.iter().cloned()).collect()
        });
        let mut candidates: Vec<Candidate<'i>> = beneath.collect();
        // Most directives within a namespace write the whole path all the same.
        candidates.insert(0, path);
        Ok(candidates)
    }

    /// All of a path is a namespace, but for the type of `using static` and the last name of an alias.
    fn is_module(&self, import: &Import<'_>, path: &[Cow<'_, str>], at: usize) -> Result<bool, TreeError> {
        let types = if self.is_static(import) { 2 } else { 1 };
        Ok(at + types < path.len())
    }

    /// A directive brings the types of its namespace, no namespace beneath it (C# language specification, 14.5.3).
    fn star_brings(&self, import: &Import<'_>, segment: &str) -> bool {
        let module = shortened(import.module.as_deref().unwrap_or_default());
        !self.is_namespace(&format!("{module}.{segment}"))
    }
}
