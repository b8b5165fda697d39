//! The bits of a zlib stream as they are read from a file, and the heads of its blocks (RFC 1950 and 1951).

use std::fs::File;

use super::codes::{Code, Codes, DISTANCES, END, LENGTHS, Meaning};
use super::file::read_full;
use super::inflate::Unusual;

/// What is read of the file at once, in bytes; tests come to its end often.
const INPUT: usize = if cfg!(test) { 300 } else { 64 << 10 };
/// What is taken in at once, in bytes, and how many bits there are at least after that.
const WORD: usize = size_of::<u64>();
const FULL: u32 = 56;
/// How many bytes are spelled at once, six by six and one more: most of an id of SHA-1.
pub(super) const SPELLED: usize = 3 * 6 + 1;
/// What a copy takes at most, in bits: two words of 15 bits, 5 bits more of the length and 13 of the distance.
const COPY: u32 = 15 + 5 + 15 + 13;
/// The order in which the lengths of the code of lengths are given (section 3.2.7).
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Where a stream is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    /// Before its first block.
    Head,
    Coded,
    /// With the number of bytes to come.
    Stored(usize),
    /// After its last block.
    Last,
    /// After its checksum.
    Ended,
}

pub(super) struct Stream {
    file: File,
    /// Where the file is read next.
    offset: u64,
    bytes: Vec<u8>,
    /// Where what was read ends; zeros follow where that is the end of the file.
    end: usize,
    is_all: bool,
    /// Whether no block follows.
    is_last: bool,
    /// How many blocks may follow.
    blocks: usize,
    pub bits: Bits,
}

impl Stream {
    /// The stream that starts at the byte `at` of `file`, of so many `blocks` at most.
    pub fn new(file: File, at: u64, blocks: usize) -> Self {
        let bits = Bits::default();
        Self { file, offset: at, bytes: Vec::new(), end: 0, is_all: false, is_last: false, blocks, bits }
    }

    /// What is read, for [`Bits::refill`].
    #[inline(always)]
    pub fn read(&self) -> &[u8] {
        &self.bytes
    }

    /// Reads on, past what `bits` has taken in; of that, it keeps what might be given back.
    #[cold]
    pub fn read_on(&mut self, mut bits: Bits) -> Result<Bits, Unusual> {
        if self.is_all {
            return Err(Unusual);
        }
        let used = bits.at.saturating_sub(WORD);
        self.bytes.copy_within(used..self.end, 0);
        self.end -= used;
        bits.at -= used;
        self.bytes.resize(INPUT, 0);
        let room = self.bytes.get_mut(self.end..).ok_or(Unusual)?;
        // what cannot be read is missed at the end
        let length = read_full(&self.file, room, self.offset).unwrap_or_default();
        self.offset += length as u64;
        self.end += length;
        self.bytes.truncate(self.end);
        if length == 0 {
            self.is_all = true;
            self.bytes.resize(self.end + 2 * WORD, 0);
        }
        Ok(bits)
    }

    fn refill(&mut self) -> Result<(), Unusual> {
        while !self.bits.refill(&self.bytes) {
            self.bits = self.read_on(self.bits)?;
        }
        Ok(())
    }

    /// The next `count` bits, of at most 32.
    fn take(&mut self, count: u32) -> Result<usize, Unusual> {
        self.refill()?;
        Ok(self.bits.take(count))
    }

    /// RFC 1950, section 2.2.
    pub fn zlib_head(&mut self) -> Result<(), Unusual> {
        let (method, flags) = (self.take(8)?, self.take(8)?);
        let is_plain = method & 15 == 8 && method >> 4 <= 7 && flags & 0x20 == 0;
        if is_plain && (method << 8 | flags).is_multiple_of(31) { Ok(()) } else { Err(Unusual) }
    }

    /// The checksum, which must be there whole.
    pub fn end(&mut self, sum: u32) -> Result<(), Unusual> {
        self.bits.align();
        let mut told = 0;
        for _ in 0..4 {
            told = told << 8 | self.take(8)? as u32;
        }
        self.bits.give_back();
        if told == sum && self.bits.at <= self.end { Ok(()) } else { Err(Unusual) }
    }

    /// What follows a block.
    pub fn next_block(&mut self, codes: &mut Codes) -> Result<Block, Unusual> {
        if self.is_last { Ok(Block::Last) } else { self.block_head(codes) }
    }

    /// Section 3.2.3.
    pub fn block_head(&mut self, codes: &mut Codes) -> Result<Block, Unusual> {
        self.blocks = self.blocks.checked_sub(1).ok_or(Unusual)?;
        self.is_last = self.take(1)? == 1;
        match self.take(2)? {
            0 => {
                self.bits.align();
                let (length, complement) = (self.take(16)?, self.take(16)?);
                self.bits.give_back();
                if length ^ complement == 0xffff { Ok(Block::Stored(length)) } else { Err(Unusual) }
            }
            1 => codes.set_fixed().map(|()| Block::Coded).ok_or(Unusual),
            2 => self.read_codes(codes).map(|()| Block::Coded),
            _ => Err(Unusual),
        }
    }

    /// Section 3.2.7.
    fn read_codes(&mut self, codes: &mut Codes) -> Result<(), Unusual> {
        let (literals, distances, lengths) = (self.take(5)? + 257, self.take(5)? + 1, self.take(4)? + 4);
        let mut of_lengths = [0; ORDER.len()];
        for &place in ORDER.iter().take(lengths) {
            *of_lengths.get_mut(place).ok_or(Unusual)? = self.take(3)? as u8;
        }
        let code = Code::of_lengths(&of_lengths).ok_or(Unusual)?;
        if literals > END + 1 + LENGTHS.len() || distances > DISTANCES.len() {
            return Err(Unusual);
        }
        let mut given = [0_u8; END + 1 + LENGTHS.len() + DISTANCES.len()];
        let (mut at, all) = (0, literals + distances);
        let mut bits = self.bits;
        while at < all {
            if bits.are_few() && !bits.refill(&self.bytes) {
                bits = self.read_on(bits)?;
                continue;
            }
            let symbol = bits.number(code.decode(bits.next()));
            let before = at.checked_sub(1).and_then(|before| given.get(before)).copied();
            let (length, count) = match symbol {
                16 => (before.ok_or(Unusual)?, 3 + bits.take(2)),
                17 => (0, 3 + bits.take(3)),
                18 => (0, 11 + bits.take(7)),
                length => (length as u8, 1),
            };
            given.get_mut(at..all).and_then(|rest| rest.get_mut(..count)).ok_or(Unusual)?.fill(length);
            at += count;
        }
        self.bits = bits;
        let (literals, distances) =
            given.get(..all).and_then(|given| given.split_at_checked(literals)).ok_or(Unusual)?;
        codes.set(literals, distances).ok_or(Unusual)
    }

    /// Up to `most` bytes that stand as they are; none only if none are asked for.
    pub fn stored(&mut self, most: usize) -> Result<&[u8], Unusual> {
        if most > 0 && self.bits.at >= self.end {
            self.bits = self.read_on(self.bits)?;
        }
        let rest = self.bytes.get(self.bits.at..self.end).ok_or(Unusual)?;
        let part = rest.get(..most).unwrap_or(rest);
        self.bits.at += part.len();
        Ok(part)
    }
}

/// Bits of a stream, the next one lowest.
#[derive(Clone, Copy, Default)]
pub(super) struct Bits {
    buffer: u64,
    /// How many of them count.
    left: u32,
    /// Where what is read goes on after them.
    at: usize,
}

impl Bits {
    /// Takes in more, so that there are at least `FULL` bits; false where too little is read.
    #[inline(always)]
    pub fn refill(&mut self, read: &[u8]) -> bool {
        let Some(word) = read.get(self.at..).and_then(|rest| rest.first_chunk()) else { return false };
        self.buffer |= u64::from_le_bytes(*word) << self.left;
        // as many whole bytes as there was room for; the bits beyond come again, the same
        self.at += (63 - self.left) as usize / 8;
        self.left |= FULL;
        true
    }

    /// Whether they might not hold the words of a copy and what follows them.
    #[inline(always)]
    pub fn are_few(&self) -> bool {
        self.left < COPY
    }

    #[inline(always)]
    pub fn next(&self) -> u64 {
        self.buffer
    }

    /// There must be so many.
    #[inline(always)]
    pub fn drop(&mut self, count: u32) {
        self.buffer >>= count;
        self.left -= count;
    }

    #[inline(always)]
    fn take(&mut self, count: u32) -> usize {
        let bits = self.buffer & ((1 << count) - 1);
        self.drop(count);
        bits as usize
    }

    /// The number that a word and the bits after it stand for.
    #[inline(always)]
    pub fn number(&mut self, word: Meaning) -> usize {
        let number = word.in_bits(self.buffer);
        self.drop(word.length());
        number
    }

    /// Drops what is left of a byte.
    fn align(&mut self) {
        self.drop(self.left % 8);
    }

    /// Gives back the bytes that were taken in but not used; there must be no bits of another one.
    fn give_back(&mut self) {
        self.at -= self.left as usize / 8;
        (self.buffer, self.left) = (0, 0);
    }

    /// What follows the words of as many of `bytes` as come next and were read, and how many these are: all of them, all
    /// but the last one, or none. Where each word begins is known without the bits, so that no comparison waits for the one
    /// before.
    #[inline(always)]
    pub fn after(self, read: &[u8], bytes: &[u8; SPELLED], codes: &Codes) -> Option<(Self, usize)> {
        let (parts, rest) = bytes.as_chunks();
        let [a, b, c] = parts.first_chunk()?;
        let start = self.at * 8 - self.left as usize;
        let near = read.get(start / 8..)?.first_chunk()?;
        let mut place = start % 8;
        let mut is_next = |bytes| {
            let words = codes.spell(bytes);
            let agrees = words.starts(bits_at(near, place));
            place += words.length() as usize;
            agrees
        };
        if !(is_next(a) && is_next(b) && is_next(c)) {
            return None;
        }
        let (buffer, left) = (bits_at(near, place), FULL - (place % 8) as u32);
        let mut bits = Self { buffer, left, at: start / 8 + place / 8 + WORD - 1 };
        let word = codes.spell_one(*rest.first()?);
        let is_next = word.starts(buffer);
        if is_next {
            bits.drop(word.length());
        }
        Some((bits, SPELLED - 1 + usize::from(is_next)))
    }
}

/// The bits from the bit `place` on, at least `FULL`, which must be among the first 256.
#[inline(always)]
fn bits_at(near: &[u8; 40], place: usize) -> u64 {
    let at = place / 8 % 32;
    let mut word = [0; WORD];
    word.copy_from_slice(&near[at..at + WORD]);
    u64::from_le_bytes(word) >> (place % 8)
}
