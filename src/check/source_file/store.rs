//! The files of a run: each blob is opened once while there is room to hold it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::SourceFile;
use crate::finding::Reads;
use crate::git::{Blob, Content, Error, Repository};
use crate::lang::Language;

/// Memory for files that are held, their imports and scans included.
const MAX_HELD_BYTES: usize = 16 << 20;

/// Returns the language of the file at a path whose name tells none.
pub type Further<'r> = &'r dyn Fn(&[u8]) -> Option<&'static dyn Language>;

/// A file by its blob and path: the path tells the language.
type Id = (Blob, Rc<[u8]>);

/// Opens files, and holds those that are asked for again.
pub struct SourceFiles<'r> {
    repository: &'r Repository,
    further: Further<'r>,
    holds_all: bool,
    held: RefCell<HashMap<Id, Held>>,
    held_bytes: Cell<usize>,
    is_full: Cell<bool>,
    reads: Rc<Cell<Reads>>,
}

/// A file, and the bytes that are counted for it.
struct Held {
    file: Rc<SourceFile>,
    size: usize,
}

/// A blob, opened.
pub enum Opened {
    /// The file.
    File(Rc<SourceFile>),
    /// Its size in bytes, which is over the limit; nothing else was read.
    TooLarge(u64),
    /// Nothing: a partial clone has not fetched it.
    NotFetched,
}

impl Opened {
    /// The file, where it was read.
    #[must_use]
    pub fn file(self) -> Option<Rc<SourceFile>> {
        match self {
            Self::File(file) => Some(file),
            Self::TooLarge(_) | Self::NotFetched => None,
        }
    }
}

impl<'r> SourceFiles<'r> {
    /// No file yet. With `holds_all`, files in which nothing is forbidden are held too: commits or reports ask for them again.
    #[must_use]
    pub fn new(repository: &'r Repository, further: Further<'r>, holds_all: bool) -> Self {
        let (held, held_bytes, is_full, reads) = Default::default();
        Self { repository, further, holds_all, held, held_bytes, is_full, reads }
    }

    /// The file that `blob` is at `path`.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn open(&self, path: &[u8], blob: Blob) -> Result<Opened, Error> {
        if let Some(file) = self.held(path, blob) {
            return Ok(Opened::File(file));
        }
        let content = self.repository.read(blob)?;
        Reads::add(&self.reads, |reads| reads.opened += 1);
        let bytes = match content {
            Content::Bytes(bytes) => bytes,
            Content::TooLarge(size) => return Ok(Opened::TooLarge(size)),
            Content::NotFetched => return Ok(Opened::NotFetched),
        };
        let file = Rc::new(SourceFile::new(path, blob, bytes, self.further, Rc::clone(&self.reads)));
        if self.holds_all {
            self.hold([&file]);
        }
        Ok(Opened::File(file))
    }

    fn held(&self, path: &[u8], blob: Blob) -> Option<Rc<SourceFile>> {
        let held = self.held.borrow();
        if held.is_empty() {
            return None;
        }
        held.get(&(blob, path.into())).map(|held| Rc::clone(&held.file))
    }

    /// Whether every file is to be held.
    #[must_use]
    pub fn holds_all(&self) -> bool {
        self.holds_all
    }

    /// Holds files with all that was made of them, if there is room for all of them together; says whether there was.
    pub fn hold<'f>(&self, files: impl IntoIterator<Item = &'f Rc<SourceFile>> + Clone) -> bool {
        let mut held = self.held.borrow_mut();
        let id = |file: &SourceFile| (file.blob, Rc::clone(&file.path));
        let more = files.clone().into_iter().filter(|file| !held.contains_key(&id(file))).map(|file| file.size());
        if self.held_bytes.get() + more.sum::<usize>() > MAX_HELD_BYTES {
            self.is_full.set(true);
            return false;
        }
        for file in files {
            let place = held.entry(id(file)).or_insert_with(|| Held { file: Rc::clone(file), size: 0 });
            let size = place.file.size();
            self.held_bytes.update(|bytes| bytes + size - place.size);
            place.size = size;
        }
        true
    }

    /// Once there was no room for a file: lets go of all but those that are `needed`.
    pub fn make_room(&self, needed: impl Fn(&SourceFile) -> bool) {
        if self.is_full.replace(false) {
            let mut held = self.held.borrow_mut();
            held.retain(|_, held| needed(&held.file));
            self.held_bytes.set(held.values().map(|held| held.size).sum());
        }
    }

    /// Counts what others have read.
    pub fn count(&self, reads: Reads) {
        self.reads.update(|own| own.and(reads));
    }

    /// How often files were opened, scanned and compared.
    #[must_use]
    pub fn reads(&self) -> Reads {
        self.reads.get()
    }
}
