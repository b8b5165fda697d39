//! Functions that take the path of a module as a string, and how their calls are recognized.
//!
//! Format: `importlib`, `pkgutil`, `runpy` and `__import__` in the standard library; `pytest.importorskip` and
//! `monkeypatch`; `unittest.mock.patch` and its namesakes; `import_string` of Django and Werkzeug.

use std::borrow::Cow;

use crate::kind::Kind;

use super::bytes::{identifier, is_line_end};

/// A function that takes a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Callee {
    ImportModule,
    DunderImport,
    ImportOrSkip,
    FindSpec,
    RunModule,
    ResolveName,
    ImportString,
    Patch,
    PatchDict,
    PatchMultiple,
    Attribute,
}

impl Callee {
    /// Returns the possible names of the parameter that takes the path.
    pub(super) fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::ImportModule | Self::DunderImport | Self::FindSpec | Self::ResolveName => &["name"],
            Self::ImportOrSkip => &["modname"],
            Self::RunModule => &["mod_name"],
            Self::ImportString => &["dotted_path", "import_name"],
            Self::Patch | Self::PatchMultiple | Self::Attribute => &["target"],
            Self::PatchDict => &["in_dict"],
        }
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::ImportModule
            | Self::DunderImport
            | Self::ImportOrSkip
            | Self::FindSpec
            | Self::RunModule
            | Self::ResolveName
            | Self::ImportString => Kind::Dynamic,
            Self::Patch | Self::PatchDict | Self::PatchMultiple | Self::Attribute => Kind::String,
        }
    }

    /// Returns whether a path may have no dot: a single name patches nothing.
    pub(super) fn takes_single_names(self) -> bool {
        !matches!(self, Self::Patch | Self::Attribute)
    }
    /// Returns whether a colon may separate the module from what is taken from it.
    pub(super) fn takes_colons(self) -> bool {
        matches!(self, Self::ResolveName | Self::ImportString)
    }

    /// Returns whether the name means this function as a member of `parent`, or of nothing.
    pub(super) fn is_member_of(self, parent: Option<&[u8]>) -> bool {
        match self {
            Self::Attribute => parent.is_some(),
            Self::ResolveName => parent == Some(b"pkgutil"),
            Self::RunModule => matches!(parent, None | Some(b"runpy")),
            _ if self.is_of_patch() => parent == Some(b"patch"),
            _ => true,
        }
    }

    /// Returns whether the function exists only as a member of `patch`.
    pub(super) fn is_of_patch(self) -> bool {
        matches!(self, Self::PatchDict | Self::PatchMultiple)
    }

    /// Returns whether arguments other than the path decide what is imported.
    pub(super) fn takes_more(self) -> bool {
        matches!(self, Self::ImportModule | Self::DunderImport | Self::FindSpec)
    }
}

/// The functions by name. `setattr` and `delattr` are one.
static CALLEES: [(&[u8], Callee); 12] = [
    (b"import_module", Callee::ImportModule),
    (b"__import__", Callee::DunderImport),
    (b"importorskip", Callee::ImportOrSkip),
    (b"find_spec", Callee::FindSpec),
    (b"run_module", Callee::RunModule),
    (b"resolve_name", Callee::ResolveName),
    (b"import_string", Callee::ImportString),
    (b"patch", Callee::Patch),
    (b"setattr", Callee::Attribute),
    (b"delattr", Callee::Attribute),
    (b"dict", Callee::PatchDict),
    (b"multiple", Callee::PatchMultiple),
];

/// Modules of functions whose names other libraries use too.
pub(super) const HOMES: [&str; 2] = ["pkgutil", "runpy"];

/// Returns the words of which a text with a call has at least one: all but `patch`'s members.
pub(super) fn words() -> impl Iterator<Item = (&'static [u8], Callee)> {
    CALLEES.iter().copied().filter(|(_, callee)| !callee.is_of_patch())
}

/// Returns whether a function of this name exists only as a member of `patch`.
pub(super) fn is_of_patch(word: &[u8]) -> bool {
    known(word).is_some_and(Callee::is_of_patch)
}

/// Returns whether the bracket at `at` may open a call that matters. Most brackets are ruled out by
/// the two bytes before them.
pub(super) fn may_open(text: &[u8], at: usize) -> bool {
    let mut end = at;
    while end > 0 && text[end - 1] == b' ' {
        end -= 1;
    }
    let Some(&[before, last]) = text.get(..end).and_then(<[u8]>::last_chunk) else { return false };
    match last {
        b'e' => before == b'l' || (before == b'm' && ends(text, end, b"_name")),
        b'_' => before == b'_',
        b'p' => before == b'i',
        b'h' => before == b'c',
        b'r' => before == b't',
        b't' => before == b'c',
        b'c' => before == b'e' && ends(text, end, b"_spec"),
        b'g' => before == b'n' && ends(text, end, b"tring"),
        b')' => true,
        b'\t' | b'\x0c' => true,
        _ => last >= 0x80 || is_line_end(last),
    }
}

/// Returns whether the text before `end` ends with `with`, or may spell it otherwise; many common
/// names share its last two letters.
fn ends(text: &[u8], end: usize, with: &[u8; 5]) -> bool {
    text.get(..end).and_then(<[u8]>::last_chunk::<5>).is_some_and(|last| last == with || !last.is_ascii())
}

/// Returns the function that the last name of a callee means.
pub(super) fn known(word: &[u8]) -> Option<Callee> {
    let name = if word.is_ascii() { Cow::Borrowed(word) } else { Cow::Owned(identifier(word).as_bytes().to_vec()) };
    CALLEES.iter().find(|(known, _)| *known == &*name).map(|(_, callee)| *callee)
}
