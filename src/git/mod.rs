//! Git: the only place that knows gix. It yields changed files, and reads what they hold.
//!
//! Attributes, textconv, diff drivers and replace refs are never honoured: they would be a way to hide. Nothing is
//! ever written. No hook runs a git process.

/// What a file is at one side of a change: a regular file's object. Symbolic links and submodules carry no imports
/// and do not appear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Blob(gix::ObjectId);

/// A path whose regular file differs between the sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedFile {
    /// The path, as git has it: bytes, not surely UTF-8.
    pub path: Vec<u8>,
    /// The file at each old side, in the order of [`Changes::old_sides`]; `None` where that side has no such file.
    pub old: Vec<Option<Blob>>,
    /// The file now; `None` where it is gone.
    pub new: Option<Blob>,
}
