//! State of scanners that backtrack: a literal that never closes is not a literal, and its text is
//! read again as code.

use std::ops::Range;

use super::lex::Quiet;

/// Maximum number of times that a text may be read again.
const MAX_RESCANS: usize = 16;
/// Minimum budget of a text, in bytes, however short it is.
const MIN_BUDGET_BYTES: usize = 64 << 10;

/// Budget of bytes for rescans and failed lookaheads, so that hostile text takes linear time.
pub(super) struct Budget {
    bytes: usize,
}

impl Budget {
    /// Returns the budget of a text.
    pub(super) fn of(text: &[u8]) -> Self {
        Self { bytes: text.len().saturating_mul(MAX_RESCANS) + MIN_BUDGET_BYTES }
    }

    /// Takes `bytes`. Returns whether the budget was large enough; if not, it is spent.
    pub(super) fn affords(&mut self, bytes: usize) -> bool {
        let left = self.bytes.checked_sub(bytes);
        self.bytes = left.unwrap_or(0);
        left.is_some()
    }

    /// Returns whether nothing is left.
    pub(super) fn is_spent(&self) -> bool {
        self.bytes == 0
    }
}

/// Ranges of a text that are not code, which a scanner can take back; kept only for a caller that wants them.
pub(super) struct QuietRanges(Option<Vec<Range<usize>>>);

impl QuietRanges {
    /// Returns a list that discards its ranges.
    pub(super) const fn ignored() -> Self {
        Self(None)
    }

    /// Returns a list that keeps its ranges.
    pub(super) const fn kept() -> Self {
        Self(Some(Vec::new()))
    }

    /// Records a range that is not code.
    pub(super) fn add(&mut self, range: Range<usize>) {
        if let Some(ranges) = &mut self.0 {
            ranges.push(range);
        }
    }

    /// Returns the number of ranges, to go back to with [`Self::truncate`].
    pub(super) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, Vec::len)
    }

    /// Takes back all ranges after the first `len`.
    pub(super) fn truncate(&mut self, len: usize) {
        if let Some(ranges) = &mut self.0 {
            ranges.truncate(len);
        }
    }

    /// Returns the text with the ranges blanked.
    pub(super) fn blank(self, text: &[u8]) -> Vec<u8> {
        let mut quiet = Quiet::blanking(text);
        self.0.into_iter().flatten().for_each(|range| quiet.add(range));
        quiet.into_code()
    }
}
