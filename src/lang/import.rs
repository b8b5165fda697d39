//! One imported name, as scanners return it.

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::rc::Rc;

use crate::kind::Kind;

/// One imported name. Texts are as the language compares them (escapes decoded, identifiers in normal form).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import<'a> {
    /// [`Kind::Import`], [`Kind::TypeOnly`], [`Kind::Dynamic`] or [`Kind::String`] from a scanner,
    /// [`Kind::Attribute`] or [`Kind::TypeOnly`] from [`Language::uses`](super::Language::uses).
    pub kind: Kind,
    /// Syntax, where the language has several for the same kind.
    pub form: Form,
    /// The module; `None` for `from . import x`.
    pub module: Option<SharedText<'a>>,
    /// Name taken from the module, `*` for all of them; `None` if the module itself is imported.
    pub name: Option<Cow<'a, str>>,
    /// Local name that the statement gives (`as`), if any.
    pub alias: Option<Cow<'a, str>>,
    /// Number of dots that a relative import begins with.
    pub level: u32,
    /// Byte range of the whole statement (for a dynamic or string use: of the call, from its
    /// callee).
    pub statement: Range<usize>,
    /// Byte range of the name within it (for `import a.b`: of `a.b`; for a dynamic or string use:
    /// of the string).
    pub span: Range<usize>,
}

/// Syntax of an import, where it tells more than the kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// The language's own import statement, or the usual syntax of its kind.
    #[default]
    Plain,
    /// `export … from`, `pub use`: imported and re-exported.
    Export,
    /// `require(…)` and similar calls.
    Require,
    /// `#include`, `include`: inserts a file's text instead of binding names.
    Include,
    /// A call that replaces a module in tests (`jest.mock`).
    Mock,
    /// Code that uses what an import binds (`m.x`). Its kind tells whether it runs.
    Use,
    /// `use` of a trait within a class: binds no name.
    Trait,
}

impl Form {
    /// Returns the name of the form, where it tells more than the kind.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain | Self::Use | Self::Trait => None,
            Self::Export => Some("export"),
            Self::Require => Some("require"),
            Self::Include => Some("include"),
            Self::Mock => Some("mock"),
        }
    }
}

/// Text borrowed from the source, or respelt. Clones cost nothing, as a million names may share a
/// module.
#[derive(Clone, Debug)]
pub enum SharedText<'a> {
    /// Borrowed from the source.
    Written(&'a str),
    /// Owned, and shared by its clones.
    Respelt(Rc<str>),
}

impl Deref for SharedText<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Written(text) => text,
            Self::Respelt(text) => text,
        }
    }
}

impl PartialEq for SharedText<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for SharedText<'_> {}

impl<'a> From<Cow<'a, str>> for SharedText<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Self::Written(text),
            Cow::Owned(text) => Self::Respelt(text.into()),
        }
    }
}

impl Import<'_> {
    /// Returns whether this is code that uses what an import binds, or a path written out in full.
    #[must_use]
    pub fn is_use(&self) -> bool {
        self.form == Form::Use || self.kind == Kind::Attribute
    }

    /// Returns the approximate size in memory, in bytes, shared texts included.
    #[must_use]
    pub(crate) fn size(&self) -> usize {
        let texts = [self.module.as_deref(), self.name.as_deref(), self.alias.as_deref()];
        size_of::<Self>() + texts.into_iter().flatten().map(str::len).sum::<usize>()
    }
}

/// Returns the same imports without borrowing from the source. Adjacent imports share the text of
/// their module.
#[must_use]
pub(crate) fn own_imports(imports: Vec<Import<'_>>) -> Vec<Import<'static>> {
    let own = |text: Option<Cow<'_, str>>| text.map(|text| Cow::Owned(text.into_owned()));
    let mut last: Option<Rc<str>> = None;
    let mut own_module = |module: SharedText<'_>| {
        let shared = match module {
            SharedText::Respelt(text) => text,
            SharedText::Written(text) => last.take().filter(|last| **last == *text).unwrap_or_else(|| text.into()),
        };
        last = Some(Rc::clone(&shared));
        SharedText::Respelt(shared)
    };
    let imports = imports.into_iter().map(|import| Import {
        kind: import.kind,
        form: import.form,
        module: import.module.map(&mut own_module),
        name: own(import.name),
        alias: own(import.alias),
        level: import.level,
        statement: import.statement,
        span: import.span,
    });
    imports.collect()
}

/// Maximum number of segments of a path; no real module has more.
const MAX_SEGMENTS: usize = 64;
/// Maximum length of a path, in bytes.
const MAX_PATH_BYTES: usize = 1024;

/// Returns the part of a path that is examined, whatever separator its language uses. Each name of
/// a statement carries the whole path of its module, so a long one would have a quadratic cost.
#[must_use]
pub fn shortened(path: &str) -> &str {
    if path.len() < MAX_SEGMENTS {
        return path;
    }
    let separates = |byte: &u8| matches!(byte, b'.' | b'/' | b':' | b'\\');
    let longest = path.len().min(MAX_PATH_BYTES);
    let near = &path.as_bytes()[..longest];
    let end = near.iter().enumerate().filter(|(_, byte)| separates(byte)).nth(MAX_SEGMENTS - 1).map(|(at, _)| at);
    // Half a segment would be a different one.
    let cut = || near.iter().rposition(separates).filter(|_| longest < path.len());
    &path[..path.floor_char_boundary(end.or_else(cut).unwrap_or(longest))]
}

/// Sorts imports by the starts of their statements, as some are found before others that start
/// earlier.
pub(super) fn sort(rows: &mut [Import<'_>]) {
    if !rows.is_sorted_by_key(|row| row.statement.start) {
        rows.sort_by_key(|row| row.statement.start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_paths_end_with_a_whole_segment() {
        assert_eq!(shortened("a.b"), "a.b");
        let many = "a.".repeat(100);
        assert_eq!(shortened(&many), &many[..2 * MAX_SEGMENTS - 1]);
        let long = "a".repeat(1000);
        for (path, expected) in
            [(format!("{long}.oldest"), format!("{long}.oldest")), (format!("{long}é.{long}"), format!("{long}é"))]
        {
            assert_eq!(shortened(&path), expected);
        }
        assert_eq!(shortened(&format!("{long}.{}", "b".repeat(23))), format!("{long}.{}", "b".repeat(23)));
        assert_eq!(shortened(&format!("{long}.{}", "b".repeat(24))), long);
        assert_eq!(shortened(&"é".repeat(600)).len(), MAX_PATH_BYTES);
    }
}
