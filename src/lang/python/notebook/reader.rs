//! JSON of a notebook: which of its strings are code.

use std::borrow::Cow;
use std::ops::Range;

use super::super::bytes::{byte, line_end};
use super::decoded;

/// A string of a code cell.
pub(super) struct Source {
    /// Range between its quotes.
    pub(super) content: Range<usize>,
    /// Number of its cell.
    pub(super) cell: usize,
    /// Number of its side of a merge conflict; strings join only if cell and side are the same.
    pub(super) side: usize,
    /// Whether it is of version 3.
    is_input: bool,
}

/// Keys that matter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    CellType,
    Source,
    /// The source in version 3.
    Input,
    Language,
    Name,
    /// Key that only code cells have.
    Run,
    Kernel,
    LanguageInfo,
    Other,
}

impl Key {
    fn of(name: &[u8]) -> Self {
        match name {
            b"cell_type" => Self::CellType,
            b"source" => Self::Source,
            b"input" => Self::Input,
            b"language" => Self::Language,
            b"name" => Self::Name,
            b"outputs" | b"execution_count" | b"prompt_number" => Self::Run,
            b"kernelspec" => Self::Kernel,
            b"language_info" => Self::LanguageInfo,
            _ => Self::Other,
        }
    }
}

/// What `cell_type` says of a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CellType {
    Unknown,
    Code,
    Other,
}

/// An open object or list. Of repeated keys the last one counts.
#[derive(Clone)]
struct Frame {
    is_object: bool,
    /// Key of which it is the value.
    key: Key,
    /// Last key in it, until its value follows.
    pending: Option<Key>,
    cell_type: CellType,
    /// Whether it has a key that only code cells have.
    has_run: bool,
    /// Whether it has another language.
    is_foreign: bool,
    /// Number of sources before it.
    sources: usize,
    cell: usize,
}

impl Frame {
    fn is_code(&self) -> bool {
        match self.cell_type {
            CellType::Code => true,
            CellType::Unknown => self.has_run,
            CellType::Other => false,
        }
    }
}

/// Maximum depth, in levels of nesting. Notebooks nest a dozen levels; deeper values hold no cells.
const MAX_DEPTH: usize = 32;
/// Maximum number of merge conflicts that are understood in a file.
const MAX_CONFLICTS: usize = 1000;

/// Returns the strings of the code cells, in text order; none if it is in another language.
pub(super) fn sources(text: &[u8]) -> Vec<Source> {
    let mut reader = Reader {
        text,
        frames: Vec::new(),
        deeper: 0,
        sources: Vec::new(),
        cells: 0,
        named: false,
        python: false,
        conflicts: 0,
        side: 0,
        ours: None,
    };
    reader.run();
    if reader.named && !reader.python { Vec::new() } else { reader.sources }
}

struct Reader<'a> {
    text: &'a [u8],
    frames: Vec<Frame>,
    deeper: usize,
    sources: Vec<Source>,
    cells: usize,
    /// Whether the notebook names its language, and whether that is Python.
    named: bool,
    python: bool,
    conflicts: usize,
    /// Number of conflict markers so far, plus strings that have lost their list.
    side: usize,
    /// Open frames, and deeper levels, at the start of a conflict: its other sides start there too.
    ours: Option<(Vec<Frame>, usize)>,
}

impl Reader<'_> {
    fn run(&mut self) {
        let mut at = self.line(0);
        while let Some(&next) = self.text.get(at) {
            at = match next {
                b'"' => self.string(at + 1),
                b'{' | b'[' => {
                    self.open(next == b'{');
                    at + 1
                }
                b'}' | b']' => {
                    self.close(next == b'}');
                    at + 1
                }
                b'\n' | b'\r' => self.line(at + 1),
                b',' => {
                    if let Some(frame) = self.frames.last_mut().filter(|_| self.deeper == 0) {
                        frame.pending = None;
                    }
                    at + 1
                }
                _ => at + 1,
            };
        }
        while let Some(frame) = self.frames.pop() {
            self.leave(&frame);
        }
    }

    /// Starts a line; a conflict marker tells which side the following lines are on.
    fn line(&mut self, at: usize) -> usize {
        let sign = byte(self.text, at);
        let is_marker = matches!(sign, b'<' | b'=' | b'>' | b'|')
            && self.text.get(at..at + 7).is_some_and(|signs| signs.iter().all(|&next| next == sign));
        if !is_marker {
            return at;
        }
        self.side += 1;
        match sign {
            b'<' if self.conflicts < MAX_CONFLICTS => {
                self.conflicts += 1;
                self.ours = Some((self.frames.clone(), self.deeper));
            }
            b'>' => self.ours = None,
            _ => {
                if let Some((frames, deeper)) = &self.ours {
                    self.frames.clone_from(frames);
                    self.deeper = *deeper;
                }
            }
        }
        line_end(self.text, at)
    }

    fn open(&mut self, is_object: bool) {
        if self.deeper > 0 || self.frames.len() >= MAX_DEPTH {
            self.deeper += 1;
            return;
        }
        let key = self.frames.last_mut().and_then(|frame| frame.pending.take()).unwrap_or(Key::Other);
        let cell = if is_object {
            self.cells += 1;
            self.cells
        } else {
            self.frames.last().map_or(0, |frame| frame.cell)
        };
        let sources = self.sources.len();
        if matches!(key, Key::Source | Key::Input) {
            self.repeated(cell, key);
        }
        let (cell_type, has_run, is_foreign) = (CellType::Unknown, false, false);
        self.frames.push(Frame { is_object, key, pending: None, cell_type, has_run, is_foreign, sources, cell });
    }

    /// Closes the last bracket of this kind, and all that was left open in it.
    fn close(&mut self, is_object: bool) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        if !self.frames.iter().any(|frame| frame.is_object == is_object) {
            return;
        }
        while let Some(frame) = self.frames.pop() {
            self.leave(&frame);
            if frame.is_object == is_object {
                return;
            }
        }
    }

    /// Drops the source that a cell had already under this key, on the same side of a conflict.
    fn repeated(&mut self, cell: usize, key: Key) {
        let (side, is_input) = (self.side, key == Key::Input);
        let is_same = |source: &mut Source| source.cell == cell && source.side == side && source.is_input == is_input;
        while self.sources.pop_if(is_same).is_some() {}
    }

    fn source(&mut self, content: Range<usize>, cell: usize, key: Key) {
        self.sources.push(Source { content, cell, side: self.side, is_input: key == Key::Input });
    }

    fn leave(&mut self, frame: &Frame) {
        if frame.is_object && (!frame.is_code() || frame.is_foreign) {
            let number = frame.cell;
            while self.sources.len() > frame.sources && self.sources.pop_if(|source| source.cell == number).is_some() {}
        }
    }

    /// Reads the string whose content starts at `at`; returns where the next token may start.
    fn string(&mut self, at: usize) -> usize {
        let end = string_end(self.text, at);
        let closed = byte(self.text, end) == b'"';
        let next = if closed { end + 1 } else { end };
        let colon = next + self.text.get(next..).unwrap_or_default().iter().take_while(|&&byte| byte == b' ').count();
        let written = self.text.get(at..end).unwrap_or_default();
        let Some(frame) = self.frames.last_mut().filter(|_| self.deeper == 0) else { return next };
        if closed && byte(self.text, colon) == b':' {
            let key = Key::of(&decoded(written));
            frame.has_run |= key == Key::Run;
            frame.pending = Some(key);
            return colon + 1;
        }
        let (pending, cell) = (frame.pending.take(), frame.cell);
        let in_list = !frame.is_object && matches!(frame.key, Key::Source | Key::Input);
        let is_python = |name: Cow<'_, [u8]>| {
            let name = name.to_ascii_lowercase();
            name.starts_with(b"python") || name.starts_with(b"ipython")
        };
        match (pending, frame.key) {
            (Some(Key::Language), Key::Kernel) | (Some(Key::Name), Key::LanguageInfo) => {
                self.named = true;
                self.python |= is_python(decoded(written));
            }
            (Some(Key::Language), _) => frame.is_foreign = !is_python(decoded(written)),
            (Some(Key::CellType), _) => {
                frame.cell_type = match &*decoded(written) {
                    b"code" => CellType::Code,
                    b"markdown" | b"raw" | b"heading" | b"html" => CellType::Other,
                    _ => CellType::Unknown,
                };
            }
            (Some(key @ (Key::Source | Key::Input)), _) => {
                self.repeated(cell, key);
                self.source(at..end, cell, key);
            }
            (None, key) if in_list => self.source(at..end, cell, key),
            // It has lost its list, and joins no other string.
            (None, key) if frame.is_object && frame.is_code() && closed => {
                self.side += 1;
                self.source(at..end, cell, key);
            }
            _ => {}
        }
        next
    }
}

/// Returns the end of the string around `at`: its quote, or its line's end, as in JSON.
fn string_end(text: &[u8], mut at: usize) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let Some(length) = rest.iter().position(|&byte| matches!(byte, b'"' | b'\\' | b'\n' | b'\r')) else {
            return text.len();
        };
        at += length;
        if byte(text, at) != b'\\' {
            return at;
        }
        at = if matches!(byte(text, at + 1), b'\n' | b'\r') { at + 1 } else { at + 2 };
    }
}
