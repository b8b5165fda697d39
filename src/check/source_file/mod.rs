//! A source file: its bytes, text and imports, each made once however often they are asked for.
//!
//! Nothing here knows the policy. [`SourceFiles`] holds the files of a run.

mod store;

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use super::occurrence::Scan;
use crate::finding::Reads;
use crate::git::{Blob, SnapshotId};
use crate::lang::{self, File, Import, Language, own_imports};
use crate::text::Text;

pub use store::{Further, Opened, SourceFiles};

/// The starts of lines take a byte for about so many bytes of text.
const BYTES_A_LINE_START: usize = 8;

/// A blob as the file at a path.
pub struct SourceFile {
    path: Rc<[u8]>,
    blob: Blob,
    language: Option<&'static dyn Language>,
    /// The text as its byte order mark decodes it.
    raw: Text<'static>,
    /// The text as its language decodes it, where that differs.
    decoded: Option<Text<'static>>,
    imports: OnceCell<Vec<Import<'static>>>,
    /// For each import, whether it stands inside a function.
    in_functions: OnceCell<Vec<bool>>,
    /// The scans that were made of it, by the snapshot that it stood in.
    scans: RefCell<Vec<(SnapshotId, Rc<Scan>)>>,
    reads: Rc<Cell<Reads>>,
}

impl SourceFile {
    /// `further` is the language of the file, where neither its path nor its first line tells one.
    fn new(path: &[u8], blob: Blob, bytes: Vec<u8>, further: Further<'_>, reads: Rc<Cell<Reads>>) -> Self {
        let raw = Text::of_blob(bytes);
        let of_script = || lang::may_be_script(path).then(|| lang::of_script(raw.bytes())).flatten();
        let language = lang::of_path(path).or_else(of_script).or_else(|| further(path));
        let decoded = language.and_then(|language| language.decode(File { path, text: raw.bytes() })).map(Text::new);
        let (imports, in_functions, scans) = (OnceCell::new(), OnceCell::new(), RefCell::default());
        Self { path: path.into(), blob, language, raw, decoded, imports, in_functions, scans, reads }
    }

    /// The path, as git has it.
    #[must_use]
    pub fn path(&self) -> &[u8] {
        &self.path
    }

    /// The object that holds its bytes.
    #[must_use]
    pub fn blob(&self) -> Blob {
        self.blob
    }

    /// The language, by the path; of a script, by its first line.
    #[must_use]
    pub fn language(&self) -> Option<&'static dyn Language> {
        self.language
    }

    /// The content, decoded as its language has it.
    #[must_use]
    pub fn text(&self) -> &Text<'static> {
        self.decoded.as_ref().unwrap_or(&self.raw)
    }

    /// The content, decoded as if it stood in place of `other`, so that lines of both can be compared.
    #[must_use]
    pub fn text_in_place_of(&self, other: &Self) -> Cow<'_, Text<'static>> {
        if self.path == other.path && self.language.map(name) == other.language.map(name) {
            return Cow::Borrowed(self.text());
        }
        let file = File { path: &other.path, text: self.raw.bytes() };
        match other.language.and_then(|language| language.decode(file)) {
            Some(decoded) => Cow::Owned(Text::new(decoded)),
            None => Cow::Borrowed(&self.raw),
        }
    }

    /// The file as its scanner sees it.
    #[must_use]
    pub fn file(&self) -> File<'_> {
        File { path: &self.path, text: self.text().bytes() }
    }

    /// Every import of the file, kept from the first call on.
    #[must_use]
    pub fn imports(&self) -> &[Import<'static>] {
        self.imports.get_or_init(|| own_imports(self.scan_imports()))
    }

    /// Every import of the file: the kept ones, else the scanner's, which [`Self::keep_imports`] may be given.
    #[must_use]
    pub(super) fn borrow_imports(&self) -> Cow<'_, [Import<'_>]> {
        match self.imports.get() {
            Some(imports) => Cow::Borrowed(imports),
            None => Cow::Owned(self.scan_imports()),
        }
    }

    /// Keeps imports of [`Self::borrow_imports`] that the scanner made.
    pub(super) fn keep_imports(&self, imports: Cow<'_, [Import<'_>]>) {
        if let Cow::Owned(imports) = imports {
            let _ = self.imports.set(own_imports(imports));
        }
    }

    /// For each of `imports`, which are all of the file's, whether it stands inside a function; kept from the first call on.
    pub(super) fn in_functions(&self, imports: &[Import<'_>]) -> &[bool] {
        let read = || self.language.map_or_else(Vec::new, |language| language.in_functions(self.file(), imports));
        self.in_functions.get_or_init(read)
    }

    fn scan_imports(&self) -> Vec<Import<'_>> {
        let Some(language) = self.language else { return Vec::new() };
        Reads::add(&self.reads, |reads| reads.scanned += 1);
        language.imports(self.file())
    }

    /// The scan of the file in a snapshot, if it was made.
    pub(super) fn scan_in(&self, snapshot: SnapshotId) -> Option<Rc<Scan>> {
        self.scans.borrow().iter().find(|(known, _)| *known == snapshot).map(|(_, scan)| Rc::clone(scan))
    }

    /// Keeps the scan of the file in a snapshot.
    pub(super) fn keep_scan(&self, snapshot: SnapshotId, scan: &Rc<Scan>) {
        self.scans.borrow_mut().push((snapshot, Rc::clone(scan)));
    }

    /// Counts a comparison with old texts.
    pub(super) fn count_comparison(&self) {
        Reads::add(&self.reads, |reads| reads.compared += 1);
    }

    /// The bytes of memory that it takes, nearly.
    fn size(&self) -> usize {
        let imports = self.imports.get().map_or(0, |imports| imports.iter().map(Import::size).sum());
        let scans: usize = self.scans.borrow().iter().map(|(_, scan)| scan.size()).sum();
        let decoded = self.decoded.as_ref().map_or(0, |text| text.bytes().len());
        let text = self.raw.bytes().len() + decoded;
        let in_functions = self.in_functions.get().map_or(0, Vec::len);
        size_of::<Self>() + self.path.len() + text + text / BYTES_A_LINE_START + imports + in_functions + scans
    }
}

fn name(language: &dyn Language) -> &'static str {
    language.notation().language
}
