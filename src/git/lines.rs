//! Which lines of a file are new.

use gix_imara_diff::{Algorithm, Diff, InternedInput};

use crate::text::Text;

/// The lines of a text that no old text has in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedLines {
    added: Vec<bool>,
}

impl AddedLines {
    /// Whether line `number`, from 1, is added.
    #[must_use]
    pub fn contains(&self, number: usize) -> bool {
        number.checked_sub(1).and_then(|index| self.added.get(index)).copied().unwrap_or_default()
    }

    /// How many lines are added.
    #[must_use]
    pub fn count(&self) -> usize {
        self.added.iter().filter(|&&added| added).count()
    }
}

/// The lines of `new` that are added against every one of the `old` texts; without old texts that is all of them.
///
/// Lines are compared without their ends, so that converting them adds nothing. The algorithm is the one that git uses
/// by default, so that reports agree with what `git diff` shows.
#[must_use]
pub fn added_lines(old: &[&Text<'_>], new: &Text<'_>) -> AddedLines {
    let lines: Vec<&[u8]> = new.lines().collect();
    let mut added = vec![true; lines.len()];
    for old in old {
        keep_added(old, &lines, &mut added);
    }
    AddedLines { added }
}

/// Clears `added` where `old` has the line.
fn keep_added(old: &Text<'_>, new: &[&[u8]], added: &mut [bool]) {
    let old: Vec<&[u8]> = old.lines().collect();
    let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, rest) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let end = old.iter().rev().zip(rest.iter().rev()).take_while(|(old, new)| old == new).count();
    let old = old.get(..old.len() - end).unwrap_or_default();
    let middle = rest.get(..rest.len() - end).unwrap_or_default();
    let (before, changed) = added.split_at_mut(start);
    let (changed, after) = changed.split_at_mut(middle.len());
    before.fill(false);
    after.fill(false);
    if old.is_empty() || middle.is_empty() {
        return;
    }
    let mut input = InternedInput::default();
    input.update_before(old.iter().copied());
    input.update_after(middle.iter().copied());
    let diff = Diff::compute(Algorithm::Myers, &input);
    for (number, added) in (0u32..).zip(changed) {
        *added &= diff.is_added(number);
    }
}
