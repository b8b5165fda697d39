//! The codes of a deflate block: from the lengths of their words (RFC 1951, section 3.2.2) to tables for both ways, as
//! what is foreseen is spelled in the code rather than decoded from it.

use super::spelled::{Spelled, Word};

/// The longest word of a code, in bits.
const LONGEST: usize = 15;
/// How many strings of bits are looked up at once; few words are longer than these.
const FAST: usize = 1 << 9;
/// In the code of lengths, none is.
const ALL_GIVEN: usize = 1 << 7;
/// The symbol at a block's end.
pub(super) const END: usize = 256;
/// Lengths and distances of copies, by symbol: the least, and how many bits more there are (section 3.2.5).
pub(super) const LENGTHS: [(u16, u8); 29] = steps(3, 4, Some(258));
pub(super) const DISTANCES: [(u16, u8); 30] = steps(1, 2, None);

/// What each symbol stands for.
static OF_LITERALS: [Meaning; 288] = Meaning::of_literals();
static OF_DISTANCES: [Meaning; 32] = Meaning::of_numbers(&DISTANCES, 0);
/// Of the code that lengths of words are given in, by which each stands for itself.
static OF_GIVEN: [Meaning; 19] = Meaning::of_themselves();

/// The codes of a block.
pub(super) struct Codes {
    /// Of literals, the end of the block, and lengths.
    pub literals: Code<288, FAST>,
    pub distances: Code<32, FAST>,
    /// How each byte is written.
    words: [Word; 256],
}

/// A canonical prefix code of up to `N` symbols.
pub(super) struct Code<const N: usize, const FAST: usize> {
    /// For the next bits; where no word is so short, [`Meaning::NONE`].
    fast: [Meaning; FAST],
    /// How many words there are of each length.
    counts: [u16; LONGEST + 1],
    /// What the words mean, in their order.
    meanings: [Meaning; N],
}

/// What a word stands for: from the lowest bit on, how many bits it has with those that follow, eight bits; how many it
/// has itself, six bits; two flags; and a number to which the bits that follow are to be added. Without flags it is none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning(u32);

impl Meaning {
    const NUMBER: u32 = 1 << 15;
    const LITERAL: u32 = 1 << 14;
    const FLAGS: u32 = Self::NUMBER | Self::LITERAL;
    const END: Self = Self(Self::FLAGS);
    /// No word; all zeros, of which a table is soon full.
    const NONE: Self = Self(0);

    /// A number, and how many bits to add to it.
    const fn number(least: u16, more: u8) -> Self {
        Self((least as u32) << 16 | Self::NUMBER | more as u32)
    }

    /// What the symbols of the code of literals stand for.
    const fn of_literals() -> [Self; 288] {
        let mut all = Self::of_numbers(&LENGTHS, END + 1);
        let mut byte = 0;
        while byte < END {
            all[byte] = Self((byte as u32) << 16 | Self::LITERAL);
            byte += 1;
        }
        all[END] = Self::END;
        all
    }

    /// Numbers as given, from the symbol `first` on.
    const fn of_numbers<const N: usize>(given: &[(u16, u8)], first: usize) -> [Self; N] {
        let mut all = [Self::NONE; N];
        let mut number = 0;
        while number < given.len() {
            let (least, more) = given[number];
            all[first + number] = Self::number(least, more);
            number += 1;
        }
        all
    }

    const fn of_themselves<const N: usize>() -> [Self; N] {
        let mut all = [Self::NONE; N];
        let mut symbol = 0;
        while symbol < N {
            all[symbol] = Self::number(symbol as u16, 0);
            symbol += 1;
        }
        all
    }

    /// For a word of so many bits.
    const fn of_word(self, length: u8) -> Self {
        Self(self.0 + length as u32 * 0x101)
    }

    #[inline(always)]
    pub fn kind(self) -> Kind {
        match self.0 & Self::FLAGS {
            Self::NUMBER => Kind::Number,
            Self::LITERAL => Kind::Literal((self.0 >> 16) as u8),
            0 => Kind::None,
            _ => Kind::End,
        }
    }

    /// How many bits the word has, with those that follow.
    #[inline(always)]
    pub fn length(self) -> u32 {
        self.0 & 0xff
    }

    /// The number, where `bits` start with the word.
    #[inline(always)]
    pub fn in_bits(self, bits: u64) -> usize {
        let following = (bits & ((1 << self.length()) - 1)).wrapping_shr(self.0 >> 8);
        (self.0 >> 16) as usize + following as usize
    }
}

/// Which of them it is.
#[derive(PartialEq, Eq)]
pub(super) enum Kind {
    Literal(u8),
    Number,
    End,
    None,
}

impl Codes {
    pub fn new() -> Box<Self> {
        Box::new(Self { literals: Code::new(), distances: Code::new(), words: [Word::NONE; 256] })
    }

    /// The codes that blocks without codes of their own have (section 3.2.6).
    pub fn set_fixed(&mut self) -> Option<()> {
        let mut lengths = [8; 288];
        lengths.get_mut(144..256)?.fill(9);
        lengths.get_mut(256..280)?.fill(7);
        self.set(&lengths, &[5; 32])
    }

    /// Takes the lengths of all words; `None` if they make no whole code.
    pub fn set(&mut self, literals: &[u8], distances: &[u8]) -> Option<()> {
        let is_whole = self.literals.set(literals, &OF_LITERALS, &mut self.words)?;
        // Where there is one distance at most, its word has one bit, and the other is of no use.
        let is_one = distances.iter().map(|&length| u32::from(length)).sum::<u32>() <= 1;
        (is_whole && (self.distances.set(distances, &OF_DISTANCES, &mut [])? || is_one)).then_some(())
    }

    /// How the bytes are written.
    #[inline(always)]
    pub fn spell(&self, &[a, b, c, d, e, f]: &[u8; 6]) -> Spelled {
        let word = |byte| self.words[usize::from(byte)];
        Spelled::EMPTY.with(word(a)).with(word(b)).with(word(c)).with(word(d)).with(word(e)).with(word(f))
    }

    /// How the byte is written.
    #[inline(always)]
    pub fn spell_one(&self, byte: u8) -> Spelled {
        Spelled::EMPTY.with(self.words[usize::from(byte)])
    }
}

impl Code<19, ALL_GIVEN> {
    /// The code of lengths; `None` if it is no whole one.
    pub fn of_lengths(lengths: &[u8; 19]) -> Option<Self> {
        let mut code = Self::new();
        code.set(lengths, &OF_GIVEN, &mut [])?.then_some(code)
    }
}

impl<const N: usize, const FAST: usize> Code<N, FAST> {
    const fn new() -> Self {
        let none = Meaning::NONE;
        Self { fast: [none; FAST], counts: [0; LONGEST + 1], meanings: [none; N] }
    }

    /// Takes the lengths of the words of all symbols, with what these stand for, and writes down the `words` of the first
    /// ones, of which there must be as many: of literals there always are. Says whether every bit string starts with a
    /// word; `None` if some start with two.
    fn set(&mut self, lengths: &[u8], all: &[Meaning; N], words: &mut [Word]) -> Option<bool> {
        self.counts = [0; LONGEST + 1];
        for &length in lengths {
            *self.counts.get_mut(usize::from(length))? += 1;
        }
        self.counts[0] = 0;
        // The first word of each length, and its place among all.
        let (mut nexts, mut places) = ([0_u16; LONGEST + 1], [0_u16; LONGEST + 1]);
        let (mut word, mut place, mut unused) = (0_u16, 0_u16, 1_i32);
        for (length, &count) in self.counts.iter().enumerate().skip(1) {
            word <<= 1;
            unused = unused * 2 - i32::from(count);
            if unused < 0 {
                return None;
            }
            (nexts[length], places[length]) = (word, place);
            // the last word of all is all ones: one more has no room in its bits
            word = word.wrapping_add(count);
            place += count;
        }
        self.fast = [Meaning::NONE; FAST];
        for ((symbol, &length), meaning) in lengths.iter().enumerate().zip(all) {
            if length == 0 {
                words.get_mut(symbol).into_iter().for_each(|word| *word = Word::NONE);
                continue;
            }
            let bits = usize::from(length);
            let (next, place) = (nexts.get_mut(bits)?, places.get_mut(bits)?);
            let reversed = next.reverse_bits() >> (16 - bits);
            let meaning = meaning.of_word(length);
            *self.meanings.get_mut(usize::from(*place))? = meaning;
            (*next, *place) = (next.wrapping_add(1), *place + 1);
            if let Some(word) = words.get_mut(symbol) {
                *word = Word::new(reversed, length);
            }
            if 1 << bits <= FAST {
                let starting = self.fast.get_mut(usize::from(reversed)..)?;
                starting.iter_mut().step_by(1 << bits).for_each(|fast| *fast = meaning);
            }
        }
        Some(unused == 0)
    }

    /// What the word that `bits` start with stands for.
    #[inline(always)]
    pub fn decode(&self, bits: u64) -> Meaning {
        let meaning = self.fast[bits as usize % FAST];
        if meaning == Meaning::NONE { self.decode_long(bits) } else { meaning }
    }

    /// Bit by bit: words of one length are numbers that follow each other, after all that are shorter.
    #[cold]
    fn decode_long(&self, bits: u64) -> Meaning {
        let (mut word, mut first, mut place) = (0, 0, 0);
        for (at, &count) in self.counts.iter().skip(1).enumerate() {
            let count = u32::from(count);
            word = word << 1 | (bits >> at & 1) as u32;
            first <<= 1;
            if (first..first + count).contains(&word) {
                return self.meanings.get((place + word - first) as usize).copied().unwrap_or(Meaning::NONE);
            }
            first += count;
            place += count;
        }
        Meaning::NONE
    }
}

/// Values that follow each other: of the first `2 * same` each stands for itself, and of each further `same` for twice as
/// many as of those before, told apart by one bit more.
const fn steps<const N: usize>(first: u16, same: usize, last: Option<u16>) -> [(u16, u8); N] {
    let mut all = [(0, 0); N];
    let (mut value, mut at) = (first, 0);
    while at < N {
        let more = if at < 2 * same { 0 } else { at / same - 1 };
        all[at] = (value, more as u8);
        value = value.wrapping_add(1 << more);
        at += 1;
    }
    if let Some(last) = last {
        all[N - 1] = (last, 0);
    }
    all
}
