//! Words of a deflate block's code one after the other, as they would stand in its bits.

/// One word of a code: its bits at the top of the number, the first one lowest, and at the bottom how many they are.
#[derive(Clone, Copy)]
pub(super) struct Word(u64);

impl Word {
    /// For what has none: longer than any words that are spelled at once.
    pub const NONE: Self = Self(64);

    /// Of `bits`, the lowest `length` count; there is at least one.
    pub fn new(bits: u16, length: u8) -> Self {
        Self(u64::from(bits) << (u64::BITS - u32::from(length)) | u64::from(length))
    }
}

/// Some words one after the other.
pub(super) struct Spelled {
    /// At the top of the number, the first one lowest.
    bits: u64,
    length: u32,
}

impl Spelled {
    /// How long they may be, in bits: of eight bytes as many are at hand wherever in the first one they start.
    const LONGEST: u32 = 56;

    /// No words.
    pub const EMPTY: Self = Self { bits: 0, length: 0 };

    /// With the word after them.
    #[inline(always)]
    pub fn with(self, Word(word): Word) -> Self {
        // of the count of a shift the lowest six bits are taken
        Self { bits: self.bits.wrapping_shr(word as u32) | word, length: self.length + word as u32 }
    }

    /// In bits.
    #[inline(always)]
    pub fn length(&self) -> u32 {
        self.length
    }

    /// Whether `bits` start with the words.
    #[inline(always)]
    pub fn starts(&self, bits: u64) -> bool {
        // where nothing is meant stand zeros, but for the last word's length
        let differing = bits.wrapping_shl(u64::BITS.wrapping_sub(self.length)) ^ self.bits;
        self.length <= Self::LONGEST && differing >> (u64::BITS - Self::LONGEST) == 0
    }
}
