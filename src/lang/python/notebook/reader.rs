//! JSON of a notebook: which of its strings are code.

use std::ops::Range;

use super::super::bytes::{byte, line_end};

/// A string of a code cell.
pub(super) struct Source {
    /// Range between its quotes.
    pub(super) content: Range<usize>,
    /// Number of its cell.
    pub(super) cell: usize,
    /// Number of its side of a merge conflict; strings join only if cell and side are the same.
    pub(super) side: usize,
}

/// Keys that matter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    CellType,
    Source,
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
            b"source" | b"input" => Self::Source,
            b"language" => Self::Language,
            b"name" => Self::Name,
            b"outputs" | b"execution_count" | b"prompt_number" => Self::Run,
            b"kernelspec" => Self::Kernel,
            b"language_info" => Self::LanguageInfo,
            _ => Self::Other,
        }
    }
}

/// An open object or list.
#[derive(Clone)]
struct Frame {
    is_object: bool,
    /// Key of which it is the value.
    key: Key,
    /// Last key in it, until its value follows.
    pending: Option<Key>,
    /// Whether it has the type of a code cell, or a key that only those have.
    is_code: bool,
    /// Whether it has the type of another cell, or another language.
    is_foreign: bool,
    /// Number of sources before it.
    sources: usize,
    cell: usize,
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
        self.frames.push(Frame { is_object, key, pending: None, is_code: false, is_foreign: false, sources, cell });
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

    fn leave(&mut self, frame: &Frame) {
        if frame.is_object && (!frame.is_code || frame.is_foreign) {
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
        let content = self.text.get(at..end).unwrap_or_default();
        let Some(frame) = self.frames.last_mut().filter(|_| self.deeper == 0) else { return next };
        if closed && byte(self.text, colon) == b':' {
            let key = Key::of(content);
            frame.is_code |= key == Key::Run;
            frame.pending = Some(key);
            return colon + 1;
        }
        let pending = frame.pending.take();
        let in_list = !frame.is_object && frame.key == Key::Source;
        let is_python = || {
            let name = content.to_ascii_lowercase();
            name.starts_with(b"python") || name.starts_with(b"ipython")
        };
        match (pending, frame.key) {
            (Some(Key::Language), Key::Kernel) | (Some(Key::Name), Key::LanguageInfo) => {
                self.named = true;
                self.python |= is_python();
            }
            (Some(Key::Language), _) => frame.is_foreign |= !is_python(),
            (Some(Key::CellType), _) => match content {
                b"code" => frame.is_code = true,
                b"markdown" | b"raw" | b"heading" | b"html" => frame.is_foreign = true,
                _ => {}
            },
            (Some(Key::Source), _) => self.sources.push(Source { content: at..end, cell: frame.cell, side: self.side }),
            (None, _) if in_list => self.sources.push(Source { content: at..end, cell: frame.cell, side: self.side }),
            // It has lost its list, and joins no other string.
            (None, _) if frame.is_object && frame.is_code && closed => {
                self.side += 1;
                self.sources.push(Source { content: at..end, cell: frame.cell, side: self.side });
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
