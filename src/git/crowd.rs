//! A folder of tens of thousands of files: its old tree is compared with the index's entries while it is inflated, so
//! that neither ever stands in memory as a whole, and is inflated as what the entries foresee.

mod entries;
mod lines;

use std::cell::OnceCell;
use std::cmp::Ordering;

use gix::hash::ObjectId;

pub(super) use entries::EntriesOf;
pub(super) use lines::Lines;

use super::diff::collect::Task;
use super::diff::tree_iter::Item;
use super::diff::trees::TreeDiff;
use super::error::Error;
use super::inflate::Unusual;
use super::places::Places;

/// The folder, before and now.
pub(super) struct Crowd<'a> {
    pub old: ObjectId,
    pub new: ObjectId,
    pub lines: Lines,
    pub entries: EntriesOf<'a>,
    /// Filled once all entries were walked over.
    pub places: &'a OnceCell<Places>,
}

impl TreeDiff<'_> {
    /// Compares a folder in parts; false where that cannot be done.
    pub fn crowd(&mut self, task: &Task, crowd: Crowd<'_>) -> Result<bool, Error> {
        let Crowd { mut lines, mut entries, places, .. } = crowd;
        let first_task = self.collected.tasks.len();
        loop {
            if lines.skip_same(&mut entries).is_err() {
                return Ok(false);
            }
            let Ok(new) = entries.peek() else { return Ok(false) };
            let Some((old, length)) = lines.peek() else {
                match lines.more() {
                    Ok(true) => continue,
                    Ok(false) => {}
                    Err(Unusual) => return Ok(false),
                }
                let Some((new, count)) = new else { break };
                self.row(task, None, Some(&new))?;
                if entries.pass(count).is_err() {
                    return Ok(false);
                }
                continue;
            };
            let order = new.as_ref().map_or(Ordering::Less, |(new, _)| old.order(new));
            let new = new.filter(|_| order.is_ge());
            let old = Some(old).filter(|_| order.is_le());
            let (new, count) = new.unzip();
            self.row(task, old.as_ref(), new.as_ref())?;
            if old.is_some() {
                lines.skip(length);
            }
            if count.is_some_and(|count| entries.pass(count).is_err()) {
                return Ok(false);
            }
        }
        self.collected.tasks.get_mut(first_task..).unwrap_or_default().reverse();
        let Ok(found) = entries.into_places() else { return Ok(false) };
        let _ = places.set(found);
        Ok(true)
    }

    fn row(&mut self, task: &Task, old: Option<&Item<'_>>, new: Option<&Item<'_>>) -> Result<(), Error> {
        let Some(least) = old.or(new) else { return Ok(()) };
        // A folder here is a tree object at both sides.
        self.collected.take(task, least, &[old.cloned()], new, || None)
    }
}

#[cfg(test)]
mod tests;
