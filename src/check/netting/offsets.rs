//! What is there under another key than before and is no more than it was: a moved target, another of several targets,
//! another form.

use std::collections::HashSet;

use super::counted::Counted;
use super::counts::{SETS, Weight};
use super::exchange::At;
use super::forms::{self, Starred};
use super::renames::Renames;
use crate::check::context::Context;
use crate::check::occurrence::Key;
use crate::tree::TreeError;

/// Offsets what has risen over all files; gives what a star that only warned may have brought.
pub(super) fn offset(
    context: &Context<'_>,
    counted: &mut Counted<'_>,
    renames: &Renames,
    is_asked_for: impl Fn(&Key) -> bool,
) -> Result<Starred, TreeError> {
    let risen = counted.kin.keys().filter(|key| is_asked_for(key) && counted.counts.has_risen(key));
    let risen: HashSet<Key> = risen.copied().collect();
    if risen.is_empty() {
        return Ok(Starred::new());
    }
    let sides = context.changes.old_sides.len();
    for side in 0..sides {
        moved_targets(counted, side, renames, &risen);
        other_targets(counted, side, &risen);
    }
    imports_written_out(counted, sides, &risen);
    let mut starred = forms::offset(context, counted, &risen)?;
    starred.retain(|_, times| *times == sides);
    Ok(starred)
}

/// Rather in the file itself, then over all files.
fn moved_targets(counted: &mut Counted<'_>, side: usize, renames: &Renames, risen: &HashSet<Key>) {
    for in_file in [true, false] {
        for (file, key) in counted.order.iter().filter(|(_, key)| risen.contains(key)) {
            if let Some(old) = renames.old(side, key) {
                let at = At { side, file: Some(*file).filter(|_| in_file) };
                counted.counts.exchange(at, old, key, usize::MAX);
            }
        }
    }
}

/// An import that a file has lost may be written out there at each place that used it.
fn imports_written_out(counted: &mut Counted<'_>, sides: usize, risen: &HashSet<Key>) {
    let Counted { counts, order, written, .. } = counted;
    for (file, key) in order.iter().filter(|(_, key)| risen.contains(key)) {
        let Some(written) = written.get(&(*file, *key)).filter(|written| written.uses > 0) else { continue };
        for side in 0..sides {
            let (at, mut left) = (At { side, file: Some(*file) }, written.uses);
            for set in SETS {
                let is_lost = |weight: &Weight| written.has_lost(side, *weight);
                let Some(weight) = set.lightest_first().find(is_lost) else { continue };
                let count = counts.more(at, key, set).min(left);
                counts.give(at, key, weight, count);
                left -= count;
            }
        }
    }
}

/// An import of several targets is new only if none of them has room.
fn other_targets(counted: &mut Counted<'_>, side: usize, risen: &HashSet<Key>) {
    for found in counted.ambiguous.iter().filter(|found| found.side.is_none_or(|own| own == side)) {
        let pairs = found
            .others
            .iter()
            .map(|other| if found.side.is_none() { (other, &found.key) } else { (&found.key, other) });
        let pairs: Vec<(&Key, &Key)> = pairs.filter(|(_, gained)| risen.contains(*gained)).collect();
        for file in [Some(found.file), None] {
            if pairs.iter().any(|(lost, gained)| counted.counts.exchange(At { side, file }, lost, gained, 1) > 0) {
                break;
            }
        }
    }
}
