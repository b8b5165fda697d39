//! Inflates a zlib stream (RFC 1950 and 1951) of which nearly all is foreseen: a tree of tens of thousands of files that
//! an index lists as well. Ids, which encoders can seldom copy from elsewhere, are spelled in the stream's code and compared
//! with the stream's bits, many bytes at once, where decoding must find the end of each word before it finds the next.
//!
//! Whatever is unusual, a broken stream above all, is left to the library that inflates everything else.

use std::fs::File;

use adler32furious::Adler32;

use super::codes::{Codes, Kind};
use super::stream::{Block, SPELLED, Stream};

/// How far back copies reach, and how long they are at most, in bytes.
pub(super) const HISTORY: usize = 32 << 10;
pub(super) const LONGEST_COPY: usize = 258;
const WORD: usize = size_of::<u64>();
/// Behind how many bytes of an id the others may be spelled at once: copies of what stands around ids take a byte of them,
/// where by chance it is the same.
const BEHIND: usize = 1;
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
struct Window<'w, 'e> {
    bytes: &'w mut [u8],
    at: usize,
    /// Up to where what is foreseen stands in it.
    foreseen: usize,
    /// Where ids start that are yet to come.
    ids: &'e [usize],
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
        self.run(Window { bytes: window, at, foreseen: at, ids: &[] }, enough).map(|progress| progress.at)
    }

    /// The same where `window` has what is foreseen, up to `foreseen`: ends there, or after the first thing that is not
    /// as foreseen. Where `ids` start in it, it is likely not to be copied from what stands before.
    pub fn follow(
        &mut self,
        window: &mut [u8],
        at: usize,
        foreseen: usize,
        ids: &[usize],
    ) -> Result<Progress, Unusual> {
        self.run(Window { bytes: window, at, foreseen, ids }, foreseen)
    }

    fn run(&mut self, mut window: Window<'_, '_>, enough: usize) -> Result<Progress, Unusual> {
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
    fn coded(&mut self, window: &mut Window<'_, '_>, enough: usize) -> Result<(), Unusual> {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("bmi2") {
            // SAFETY: the processor has what the function needs.
            #[allow(unsafe_code)]
            return unsafe { self.coded_by_bmi2(window, enough) };
        }
        self.coded_by_any(window, enough)
    }

    /// Half of the work is shifts by what was looked up, which take one step here rather than three.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "bmi2")]
    fn coded_by_bmi2(&mut self, window: &mut Window<'_, '_>, enough: usize) -> Result<(), Unusual> {
        self.coded_by_any(window, enough)
    }

    #[inline(always)]
    fn coded_by_any(&mut self, window: &mut Window<'_, '_>, enough: usize) -> Result<(), Unusual> {
        let foreseen = window.foreseen;
        // Not behind references: each round waits for what the one before made of them.
        let (mut bits, mut at) = (self.stream.bits, window.at);
        let (mut passed, mut id) = (0, window.id(0));
        let mut is_over = false;
        while at < enough {
            if at >= id {
                let is_here = at - id <= BEHIND;
                passed += 1;
                id = window.id(passed);
                if is_here
                    && let Some(bytes) = window.to_spell(at)
                    && let Some((after, count)) = bits.after(self.stream.read(), bytes, &self.codes)
                {
                    (bits, at) = (after, at + count);
                    continue;
                }
            }
            if bits.are_few() && !bits.refill(self.stream.read()) {
                bits = self.stream.read_on(bits)?;
                continue;
            }
            let word = self.codes.literals.decode(bits.next());
            match word.kind() {
                Kind::Number => {
                    let length = bits.number(word);
                    let word = self.codes.distances.decode(bits.next());
                    if word.kind() != Kind::Number {
                        return Err(Unusual);
                    }
                    let distance = bits.number(word);
                    if window.has_copied(at, distance, length) {
                        at += length;
                        continue;
                    }
                    window.copy(at, distance, length)?;
                    at += length;
                }
                Kind::Literal(byte) => {
                    bits.drop(word.length());
                    if window.bytes.get(at) == Some(&byte) {
                        at += 1;
                        continue;
                    }
                    window.put(at, byte)?;
                    at += 1;
                }
                Kind::End => {
                    bits.drop(word.length());
                    is_over = true;
                    break;
                }
                Kind::None => return Err(Unusual),
            }
            if window.foreseen != foreseen {
                break;
            }
        }
        self.stream.bits = bits;
        window.at = at;
        window.ids = window.ids.get(passed..).unwrap_or_default();
        if is_over {
            self.block = self.stream.next_block(&mut self.codes)?;
        }
        Ok(())
    }
}

impl Window<'_, '_> {
    /// Where the id of this number starts.
    #[inline(always)]
    fn id(&self, number: usize) -> usize {
        self.ids.get(number).copied().unwrap_or(usize::MAX)
    }

    /// The bytes from `at` on. Where they go on beyond what is foreseen, they are still right if the stream agrees.
    #[inline(always)]
    fn to_spell(&self, at: usize) -> Option<&[u8; SPELLED]> {
        self.bytes.get(at..)?.first_chunk()
    }

    fn put(&mut self, at: usize, byte: u8) -> Result<(), Unusual> {
        *self.bytes.get_mut(at).ok_or(Unusual)? = byte;
        self.foreseen = self.foreseen.min(at);
        Ok(())
    }

    /// Whether what stands `distance` bytes before `at` stands there already, as foreseen or by chance. The copy may overlap
    /// itself: if it is right so far, so is what it copies next.
    #[inline(always)]
    fn has_copied(&self, at: usize, distance: usize, length: usize) -> bool {
        let from = |start: usize| self.bytes.get(start..)?.first_chunk::<{ 3 * WORD }>();
        let (Some(one), Some(other)) = (from(at.wrapping_sub(distance)), from(at)) else { return false };
        let differing = |word: usize| {
            let word =
                |bytes: &[u8; 3 * WORD]| bytes.as_chunks().0.get(word).map_or(0, |&word| u64::from_le_bytes(word));
            word(one) ^ word(other)
        };
        match length {
            1..=8 => differing(0) << (8 * (8 - length)) == 0,
            9..=16 => differing(0) | differing(1) << (8 * (16 - length)) == 0,
            17..=24 => differing(0) | differing(1) | differing(2) << (8 * (24 - length)) == 0,
            _ => false,
        }
    }

    /// Takes bytes that stand in the stream as they are.
    fn put_all(&mut self, bytes: &[u8]) -> Result<(), Unusual> {
        let end = self.at + bytes.len();
        let checked = self.foreseen.min(end).saturating_sub(self.at);
        let place = self.bytes.get_mut(self.at..end).ok_or(Unusual)?;
        let agrees = place.get(..checked) == bytes.get(..checked);
        place.copy_from_slice(bytes);
        if !agrees {
            self.foreseen = self.at;
        }
        self.at = end;
        Ok(())
    }

    /// Copies what stands `distance` bytes before `at`.
    fn copy(&mut self, at: usize, distance: usize, length: usize) -> Result<(), Unusual> {
        let (start, end) = (at.checked_sub(distance).ok_or(Unusual)?, at + length);
        let checked = self.foreseen.min(end).saturating_sub(at);
        let agrees = self.bytes.get(start..start + checked) == self.bytes.get(at..at + checked);
        if agrees && checked == length {
            return Ok(());
        }
        let bytes = self.bytes.get_mut(start..end).ok_or(Unusual)?;
        let mut done = distance;
        while done < bytes.len() {
            let part = distance.min(bytes.len() - done);
            bytes.copy_within(done - distance..done - distance + part, done);
            done += part;
        }
        if !agrees {
            self.foreseen = at;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
