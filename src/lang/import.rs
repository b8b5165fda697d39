//! One imported name, as scanners hand it out.

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::rc::Rc;

use crate::kind::Kind;

/// One imported name. Texts are as the language compares them (escapes decoded, identifiers in normal form).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import<'a> {
    /// [`Kind::Import`], [`Kind::TypeOnly`], [`Kind::Dynamic`] or [`Kind::String`] from a scanner,
    /// [`Kind::Attribute`] of what [`Language::uses`](super::Language::uses) finds.
    pub kind: Kind,
    /// How it is written, where the language has several ways of the same kind.
    pub form: Form,
    /// The module; `None` for `from . import x`.
    pub module: Option<SharedText<'a>>,
    /// The name taken from the module, `*` for all of them; `None` where the module itself is imported.
    pub name: Option<Cow<'a, str>>,
    /// The local name, where it differs in writing (`as`).
    pub alias: Option<Cow<'a, str>>,
    /// How many dots a relative import begins with.
    pub level: u32,
    /// The bytes of the whole statement (for a dynamic or string use: of the call, from its callee).
    pub statement: Range<usize>,
    /// The bytes of the name within it (for `import a.b`: of `a.b`; for a dynamic or string use: of the string).
    pub span: Range<usize>,
}

/// How an import is written, where that says more than its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// As the language's own import statement, or as its kind says.
    #[default]
    Plain,
    /// `export … from`, `pub use`: brought in to be handed on.
    Export,
    /// `require(…)` and its kin.
    Require,
    /// `#include`, `include`: the file's text, not its names.
    Include,
    /// A call that replaces a module in tests (`jest.mock`).
    Mock,
}

impl Form {
    /// The word for it, where it says more than the kind.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Export => Some("export"),
            Self::Require => Some("require"),
            Self::Include => Some("include"),
            Self::Mock => Some("mock"),
        }
    }
}

/// A text as it is written, or one that had to be respelt: copies cost nothing, as a million names may share a module.
#[derive(Clone, Debug)]
pub enum SharedText<'a> {
    /// As it is written.
    Written(&'a str),
    /// Respelt.
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
    /// The bytes of memory that it takes, nearly; those of a shared text too.
    #[must_use]
    pub(crate) fn size(&self) -> usize {
        let texts = [self.module.as_deref(), self.name.as_deref(), self.alias.as_deref()];
        size_of::<Self>() + texts.into_iter().flatten().map(str::len).sum::<usize>()
    }
}

/// The same imports without the text that they stand in; imports beside one another share their module's text.
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

/// Longer paths, in segments, name no module that anybody has.
const MAX_SEGMENTS: usize = 64;
/// The same in bytes.
const MAX_PATH_BYTES: usize = 1024;

/// A path as far as it is looked at, whatever its language puts between segments: each name of a statement has the
/// whole path of its module, so a long one would cost its square.
#[must_use]
pub fn shortened(path: &str) -> &str {
    if path.len() < MAX_SEGMENTS {
        return path;
    }
    let separates = |byte: &u8| matches!(byte, b'.' | b'/' | b':' | b'\\');
    let longest = path.len().min(MAX_PATH_BYTES);
    let near = &path.as_bytes()[..longest];
    let end = near.iter().enumerate().filter(|(_, byte)| separates(byte)).nth(MAX_SEGMENTS - 1).map(|(at, _)| at);
    // half a segment is another one
    let cut = || near.iter().rposition(separates).filter(|_| longest < path.len());
    &path[..path.floor_char_boundary(end.or_else(cut).unwrap_or(longest))]
}

/// Sorts imports by where their statements start, as some are met before others that stand earlier.
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
