//! Inflates a zlib stream (RFC 1950 and 1951) of which nearly all is foreseen: a tree of tens of thousands of files that
//! an index lists as well. What is foreseen is spelled in the stream's code and compared with the stream's bits, six
//! bytes at once, where decoding must find the end of each word before it finds the next.
//!
//! Whatever is unusual, a broken stream above all, is left to the library that inflates everything else.

use std::fs::File;

use adler32furious::Adler32;

use super::codes::{Codes, Kind};
use super::stream::{Block, Stream};

/// How far back copies reach, and how long they are at most, in bytes.
pub(super) const HISTORY: usize = 32 << 10;
pub(super) const LONGEST_COPY: usize = 258;
const WORD: usize = size_of::<u64>();
/// Each block costs the making of its tables. Encoders make them as large as they can, of 16,383 words as a rule (zlib's
/// `lit_bufsize`); smaller ones on average, but for a few, are made to cost time.
const LEAST_BLOCK: usize = 1 << 10;
const FEW_BLOCKS: usize = 16;

/// Something cannot be read in this way.
#[derive(Debug)]
pub(super) struct Unusual;

/// How far a run came.
pub(super) struct Progress {
    /// Where what was foreseen is first wrong, or what was checked ends.
    pub right: usize,
    /// Where what is inflated ends.
    pub at: usize,
}

pub(super) struct Inflater {
    stream: Stream,
    codes: Box<Codes>,
    block: Block,
    sum: Adler32,
}

/// The window that is inflated into.
struct Window<'w> {
    bytes: &'w mut [u8],
    at: usize,
    /// Up to where what is foreseen stands in it.
    foreseen: usize,
}

impl Inflater {
    /// The stream that starts at the byte `at` of `file` and holds `size` bytes.
    pub fn new(file: File, at: u64, size: usize) -> Self {
        let blocks = FEW_BLOCKS + size / LEAST_BLOCK;
        Self { stream: Stream::new(file, at, blocks), codes: Codes::new(), block: Block::Head, sum: Adler32::new() }
    }

    /// Whether the stream was inflated to its end, and its checksum is right.
    pub fn has_ended(&self) -> bool {
        self.block == Block::Ended
    }

    /// Inflates into `window` from `at` on, to `enough` or a little further, or to the end, and says how far. There must
    /// stand before `at` what was inflated last, `HISTORY` bytes of it, and there must be room for `LONGEST_COPY` bytes
    /// after `enough`.
    ///
    /// # Errors
    /// When the stream is not one that git would write, or cannot be read.
    pub fn inflate(&mut self, window: &mut [u8], at: usize, enough: usize) -> Result<usize, Unusual> {
        self.run(Window { bytes: window, at, foreseen: at }, enough).map(|progress| progress.at)
    }

    /// The same where `window` has what is foreseen, up to `foreseen`: ends there, or after the first thing that is not
    /// as foreseen.
    pub fn follow(&mut self, window: &mut [u8], at: usize, foreseen: usize) -> Result<Progress, Unusual> {
        self.run(Window { bytes: window, at, foreseen }, foreseen)
    }

    fn run(&mut self, mut window: Window<'_>, enough: usize) -> Result<Progress, Unusual> {
        let (start, foreseen) = (window.at, window.foreseen);
        while window.at < enough && window.foreseen == foreseen {
            match self.block {
                Block::Head => {
                    self.stream.zlib_head()?;
                    self.block = self.stream.block_head(&mut self.codes)?;
                }
                Block::Coded => self.coded(&mut window, enough)?,
                Block::Stored(left) => {
                    let part = self.stream.stored(left.min(enough - window.at))?;
                    window.put_all(part)?;
                    self.block = Block::Stored(left - part.len());
                    if part.len() == left {
                        self.block = self.stream.next_block(&mut self.codes)?;
                    }
                }
                Block::Last | Block::Ended => break,
            }
        }
        self.sum.update(window.bytes.get(start..window.at).ok_or(Unusual)?);
        if self.block == Block::Last {
            self.stream.end(self.sum.checksum())?;
            self.block = Block::Ended;
        }
        Ok(Progress { right: window.foreseen.min(window.at), at: window.at })
    }

    /// Goes through a coded block until there is enough, or what was foreseen is wrong.
    fn coded(&mut self, window: &mut Window<'_>, enough: usize) -> Result<(), Unusual> {
        let foreseen = window.foreseen;
        // Not behind references: each round waits for what the one before made of them.
        let mut bits = self.stream.bits;
        let mut own = Window { bytes: window.bytes, at: window.at, foreseen };
        let mut is_over = false;
        while own.at < enough && own.foreseen == foreseen {
            if !bits.refill(self.stream.read()) {
                bits = self.stream.read_on(bits)?;
                continue;
            }
            if let Some(&[a, b, c, d, e, f]) = own.six() {
                let word = |byte| self.codes.word(byte);
                if bits.agree([word(a), word(b), word(c), word(d), word(e), word(f)]) {
                    own.at += 6;
                    continue;
                }
                if bits.agree_with(word(a).bits(), word(a).length()) {
                    own.at += 1;
                    if !bits.refill(self.stream.read()) {
                        continue;
                    }
                }
            }
            let word = self.codes.literals.decode(bits.next());
            match word.kind() {
                Kind::Number => {
                    let length = bits.number(word);
                    let word = self.codes.distances.decode(bits.next());
                    if word.kind() != Kind::Number {
                        return Err(Unusual);
                    }
                    own.copy(bits.number(word), length)?;
                }
                Kind::Literal(byte) => {
                    bits.drop(word.length());
                    own.put(byte)?;
                }
                Kind::End => {
                    bits.drop(word.length());
                    is_over = true;
                    break;
                }
                Kind::None => return Err(Unusual),
            }
        }
        self.stream.bits = bits;
        (window.at, window.foreseen) = (own.at, own.foreseen);
        if is_over {
            self.block = self.stream.next_block(&mut self.codes)?;
        }
        Ok(())
    }
}

impl Window<'_> {
    /// The next bytes that are foreseen, if there are as many.
    #[inline(always)]
    fn six(&self) -> Option<&[u8; 6]> {
        self.bytes.get(self.at..self.foreseen)?.first_chunk()
    }

    #[inline(always)]
    fn put(&mut self, byte: u8) -> Result<(), Unusual> {
        let place = self.bytes.get_mut(self.at).ok_or(Unusual)?;
        if *place != byte {
            *place = byte;
            self.foreseen = self.foreseen.min(self.at);
        }
        self.at += 1;
        Ok(())
    }

    /// Takes bytes that stand in the stream as they are.
    fn put_all(&mut self, bytes: &[u8]) -> Result<(), Unusual> {
        let end = self.at + bytes.len();
        let checked = self.foreseen.min(end).saturating_sub(self.at);
        let place = self.bytes.get_mut(self.at..end).ok_or(Unusual)?;
        let agrees = place.get(..checked) == bytes.get(..checked);
        place.copy_from_slice(bytes);
        self.passed(agrees, end);
        Ok(())
    }

    /// Copies what stands `distance` bytes before.
    #[inline(always)]
    fn copy(&mut self, distance: usize, length: usize) -> Result<(), Unusual> {
        let (start, end) = (self.at.checked_sub(distance).ok_or(Unusual)?, self.at + length);
        // The copy may overlap itself: if it is right so far, so is what it copies next.
        if end <= self.foreseen && self.is_same(start, length).ok_or(Unusual)? {
            self.at = end;
            return Ok(());
        }
        self.copy_other(start, end)
    }

    /// The same for what is not as foreseen, or not all of it.
    fn copy_other(&mut self, start: usize, end: usize) -> Result<(), Unusual> {
        let (distance, checked) = (self.at - start, self.foreseen.min(end).saturating_sub(self.at));
        let agrees = self.bytes.get(start..start + checked) == self.bytes.get(self.at..self.at + checked);
        let bytes = self.bytes.get_mut(start..end).ok_or(Unusual)?;
        let mut done = distance;
        while done < bytes.len() {
            let part = distance.min(bytes.len() - done);
            bytes.copy_within(done - distance..done - distance + part, done);
            done += part;
        }
        self.passed(agrees, end);
        Ok(())
    }

    fn passed(&mut self, agrees: bool, end: usize) {
        if !agrees {
            self.foreseen = self.at;
        }
        self.at = end;
    }

    /// Whether `length` bytes from `start` on are what is foreseen next. Most are few, so they are compared without a call
    /// or a loop: word by word, some bytes twice.
    #[inline(always)]
    fn is_same(&self, start: usize, length: usize) -> Option<bool> {
        let (one, other) = (self.bytes.get(start..)?, self.bytes.get(self.at..)?);
        let differing = |at: usize| {
            let word = |bytes: &[u8]| Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
            Some(word(one)? ^ word(other)?)
        };
        Some(match length {
            0 => true,
            1..WORD => differing(0)? << (8 * (WORD - length)) == 0,
            WORD..=24 => differing(0)? | differing(WORD.min(length - WORD))? | differing(length - WORD)? == 0,
            _ => one.get(..length)? == other.get(..length)?,
        })
    }
}

#[cfg(test)]
mod tests;
