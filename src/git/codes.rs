//! The codes of a deflate block: from the lengths of their words (RFC 1951, section 3.2.2) to tables for both ways, as
//! what is foreseen is spelled in the code rather than decoded from it.

/// The longest word of a code, in bits.
const LONGEST: usize = 15;
/// What is looked up at once, in bits; few words are longer.
const FAST: usize = 9;
/// The symbol at a block's end.
pub(super) const END: usize = 256;
/// Lengths and distances of copies, by symbol: the least, and how many bits more there are (section 3.2.5).
pub(super) const LENGTHS: [(u16, u8); 29] = steps(3, 4, Some(258));
pub(super) const DISTANCES: [(u16, u8); 30] = steps(1, 2, None);

/// The codes of a block.
pub(super) struct Codes {
    /// Of literals, the end of the block, and lengths.
    pub literals: Code<288>,
    pub distances: Code<32>,
    /// How each byte is written.
    words: [Word; 256],
}

/// One word of a code: how many bits it has, and above that number the bits, the first one lowest.
#[derive(Clone, Copy)]
pub(super) struct Word(u32);

impl Word {
    /// For what has none: longer than any buffer.
    const NONE: Self = Self(64);

    #[inline(always)]
    pub fn bits(self) -> u64 {
        u64::from(self.0 >> 16)
    }

    /// In bits; of it, shifts take the lowest six bits.
    #[inline(always)]
    pub fn length(self) -> u32 {
        self.0
    }
}

/// A canonical prefix code of up to `N` symbols.
pub(super) struct Code<const N: usize> {
    /// For the next bits; where no word is so short, [`Meaning::NONE`].
    fast: [Meaning; 1 << FAST],
    /// How many words there are of each length.
    counts: [u16; LONGEST + 1],
    /// What the words mean, in their order.
    meanings: [Meaning; N],
}

/// What a word stands for: from the lowest bit on, how many bits it has with those that follow, eight bits; how many it
/// has itself, six bits; two flags; and a number to which the bits that follow are to be added.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning(u32);

impl Meaning {
    const LITERAL: u32 = 1 << 15;
    const END: u32 = 1 << 14;
    /// No word, or one that stands for nothing.
    const NONE: Self = Self(Self::LITERAL | Self::END);

    /// A number, and how many bits to add to it.
    pub const fn number(least: u16, more: u8) -> Self {
        Self((least as u32) << 16 | more as u32)
    }

    /// What the symbol of the code of literals stands for.
    fn of_literal(symbol: usize) -> Self {
        match u8::try_from(symbol) {
            Ok(byte) => Self(u32::from(byte) << 16 | Self::LITERAL),
            Err(_) if symbol == END => Self(Self::END),
            Err(_) => LENGTHS.get(symbol - END - 1).map_or(Self::NONE, |&(least, more)| Self::number(least, more)),
        }
    }

    fn of_distance(symbol: usize) -> Self {
        DISTANCES.get(symbol).map_or(Self::NONE, |&(least, more)| Self::number(least, more))
    }

    /// For a word of so many bits.
    fn of_word(self, length: u8) -> Self {
        Self(self.0 + u32::from(length) * 0x101)
    }

    #[inline(always)]
    pub fn kind(self) -> Kind {
        if self.0 & Self::NONE.0 == 0 {
            Kind::Number
        } else if self.0 & Self::END == 0 {
            Kind::Literal((self.0 >> 16) as u8)
        } else {
            self.rare()
        }
    }

    #[cold]
    fn rare(self) -> Kind {
        if self.0 & Self::LITERAL == 0 { Kind::End } else { Kind::None }
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
        let words = &mut self.words;
        words.fill(Word::NONE);
        let is_whole = self.literals.set(literals, Meaning::of_literal, |symbol, word| {
            if let Some(place) = words.get_mut(symbol) {
                *place = word;
            }
        })?;
        // Where there is one distance at most, its word has one bit, and the other is of no use.
        let is_one = distances.iter().map(|&length| u32::from(length)).sum::<u32>() <= 1;
        (is_whole && (self.distances.set(distances, Meaning::of_distance, |_, _| {})? || is_one)).then_some(())
    }

    /// How the byte is written.
    #[inline(always)]
    pub fn word(&self, byte: u8) -> Word {
        self.words[usize::from(byte)]
    }
}

impl<const N: usize> Code<N> {
    pub const fn new() -> Self {
        let none = Meaning::NONE;
        Self { fast: [none; 1 << FAST], counts: [0; LONGEST + 1], meanings: [none; N] }
    }

    /// Takes the lengths of the words of all symbols, and tells each word. Says whether every bit string starts with one;
    /// `None` if some start with two.
    pub fn set(
        &mut self,
        lengths: &[u8],
        meaning: impl Fn(usize) -> Meaning,
        mut tell: impl FnMut(usize, Word),
    ) -> Option<bool> {
        self.counts = [0; LONGEST + 1];
        for &length in lengths {
            *self.counts.get_mut(usize::from(length))? += 1;
        }
        self.counts[0] = 0;
        // The first word of each length, and its place among all.
        let (mut words, mut places) = ([0_u16; LONGEST + 1], [0_u16; LONGEST + 1]);
        let (mut word, mut place, mut unused) = (0_u16, 0_u16, 1_i32);
        for (length, &count) in self.counts.iter().enumerate().skip(1) {
            word <<= 1;
            unused = unused * 2 - i32::from(count);
            if unused < 0 {
                return None;
            }
            (words[length], places[length]) = (word, place);
            // the last word of all is all ones: one more has no room in its bits
            word = word.wrapping_add(count);
            place += count;
        }
        self.fast = [Meaning::NONE; 1 << FAST];
        for (symbol, &length) in lengths.iter().enumerate().filter(|&(_, &length)| length > 0) {
            let bits = usize::from(length);
            let (word, place) = (words.get_mut(bits)?, places.get_mut(bits)?);
            let reversed = word.reverse_bits() >> (16 - bits);
            let meaning = meaning(symbol).of_word(length);
            *self.meanings.get_mut(usize::from(*place))? = meaning;
            (*word, *place) = (word.wrapping_add(1), *place + 1);
            tell(symbol, Word(u32::from(reversed) << 16 | u32::from(length)));
            let mut start = usize::from(reversed);
            while bits <= FAST
                && let Some(fast) = self.fast.get_mut(start)
            {
                *fast = meaning;
                start += 1 << bits;
            }
        }
        Some(unused == 0)
    }

    /// What the word that `bits` start with stands for.
    #[inline(always)]
    pub fn decode(&self, bits: u64) -> Meaning {
        let meaning = self.fast[bits as usize % (1 << FAST)];
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
