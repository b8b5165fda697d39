//! Line diff: which lines of a file are added.

use std::collections::HashMap;

use gix_imara_diff::{Algorithm, Diff, InternedInput};

use crate::text::Text;

/// The most lines, old and new, that are compared as a whole: the algorithm's time grows faster than its input.
const MAX_WHOLE_LINES: usize = 50_000;
/// Beyond that, the most lines that are compared between two anchors.
const MAX_STRETCH_LINES: usize = 4_000;
/// The most lines of which a list is made; of more, all between the first and the last difference is added. A file of
/// 8 MiB may have millions.
const MAX_LISTED_LINES: usize = 400_000;

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

    /// The number of added lines.
    #[must_use]
    pub fn count(&self) -> usize {
        self.added.iter().filter(|&&added| added).count()
    }
}

/// The lines of `new` that are added against every one of the `old` texts; without old texts that is all of them.
///
/// Lines are compared without their ends, so that converting them adds nothing. The algorithm is the one that git uses
/// by default, so that reports agree with what `git diff` shows; files of very many lines are cut first at lines that are
/// there once on both sides, and where a long stretch has none, all of it is added. So time stays near linear.
#[must_use]
pub fn added_lines(old: &[&Text<'_>], new: &Text<'_>) -> AddedLines {
    let mut added = vec![true; new.line_count()];
    for old in old {
        keep_added(old, new, &mut added);
    }
    AddedLines { added }
}

/// Clears `added` where `old` has the line.
fn keep_added(old: &Text<'_>, new: &Text<'_>, added: &mut [bool]) {
    let (old_count, new_count) = (old.line_count(), new.line_count());
    let shorter = old_count.min(new_count);
    let start = (1..=shorter).take_while(|&number| old.line(number) == new.line(number)).count();
    let same = |&back: &usize| old.line(old_count - back) == new.line(new_count - back);
    let end = (0..shorter - start).take_while(same).count();
    let middle = start..new_count - end;
    for (number, added) in added.iter_mut().enumerate() {
        *added &= middle.contains(&number);
    }
    if old_count + new_count - 2 * (start + end) > MAX_LISTED_LINES {
        return;
    }
    let before: Vec<&[u8]> = (start + 1..=old_count - end).map(|number| old.line(number)).collect();
    let after: Vec<&[u8]> = (start + 1..=new_count - end).map(|number| new.line(number)).collect();
    let Some(added) = added.get_mut(middle) else { return };
    if before.len() + after.len() <= MAX_WHOLE_LINES {
        compare(&before, &after, added);
    } else {
        compare_between(&anchors(&before, &after), &before, &after, added);
    }
}

/// Both texts without the lines that they have in common at either end, and where the rest starts.
fn trim<'t, 'a>(old: &'t [&'a [u8]], new: &'t [&'a [u8]]) -> (&'t [&'a [u8]], &'t [&'a [u8]], usize) {
    let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let cut = |lines: &'t [&'a [u8]]| lines.get(..lines.len() - end).unwrap_or_default();
    (cut(old), cut(new), start)
}

/// Clears `added` where the shortest edit, or nearly that, keeps a line.
fn compare(old: &[&[u8]], new: &[&[u8]], added: &mut [bool]) {
    if old.is_empty() || new.is_empty() {
        return;
    }
    let mut input = InternedInput::default();
    input.update_before(old.iter().copied());
    input.update_after(new.iter().copied());
    let diff = Diff::compute(Algorithm::Myers, &input);
    for (number, added) in (0u32..).zip(added) {
        *added &= diff.is_added(number);
    }
}

/// Compares the lines between `anchors`, lines that stay. A long stretch without any is added as a whole.
fn compare_between(anchors: &[(usize, usize)], old: &[&[u8]], new: &[&[u8]], added: &mut [bool]) {
    let (mut old_start, mut new_start) = (0, 0);
    for &(old_end, new_end) in anchors.iter().chain(&[(old.len(), new.len())]) {
        let stretch = old.get(old_start..old_end).zip(new.get(new_start..new_end));
        if let Some(((before, after, start), added)) =
            stretch.map(|(old, new)| trim(old, new)).zip(added.get_mut(new_start..new_end))
        {
            let end = start + after.len();
            added.iter_mut().take(start).for_each(|added| *added = false);
            added.iter_mut().skip(end).for_each(|added| *added = false);
            if before.len() + after.len() <= MAX_STRETCH_LINES {
                compare(before, after, added.get_mut(start..end).unwrap_or_default());
            }
        }
        if let Some(anchor) = added.get_mut(new_end) {
            *anchor = false;
        }
        (old_start, new_start) = (old_end + 1, new_end + 1);
    }
}

/// The longest run of lines that are there exactly once on either side, in the same order on both: the places in
/// `old` and `new`.
fn anchors(old: &[&[u8]], new: &[&[u8]]) -> Vec<(usize, usize)> {
    #[derive(Default)]
    struct Places {
        old: usize,
        new: usize,
        old_count: usize,
        new_count: usize,
    }
    let mut places: HashMap<&[u8], Places> = HashMap::with_capacity(old.len());
    for (at, line) in old.iter().enumerate() {
        let place = places.entry(line).or_default();
        (place.old, place.old_count) = (at, place.old_count + 1);
    }
    for (at, line) in new.iter().enumerate() {
        if let Some(place) = places.get_mut(line) {
            (place.new, place.new_count) = (at, place.new_count + 1);
        }
    }
    let once = places.into_values().filter(|place| place.old_count == 1 && place.new_count == 1);
    let mut pairs: Vec<(usize, usize)> = once.map(|place| (place.old, place.new)).collect();
    pairs.sort_unstable_by_key(|&(_, new)| new);
    // Longest increasing run: the last pair of the best run of each length, and each pair's one before.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (number, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| pairs.get(end).is_some_and(|end| end.0 < pair.0));
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter)).copied());
        match ends.get_mut(length) {
            Some(end) => *end = number,
            None => ends.push(number),
        }
    }
    let mut run = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(number) = next {
        run.extend(pairs.get(number));
        next = before.get(number).copied().flatten();
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(old: &[&str], new: &str) -> Vec<usize> {
        let old: Vec<Text<'_>> = old.iter().map(|old| Text::decode(old.as_bytes())).collect();
        let new = Text::decode(new.as_bytes());
        let lines = added_lines(&old.iter().collect::<Vec<_>>(), &new);
        let numbers: Vec<usize> = (0..=new.line_count() + 1).filter(|&number| lines.contains(number)).collect();
        assert_eq!(numbers.len(), lines.count());
        numbers
    }

    #[test]
    fn lines_in_their_place_are_not_added() {
        assert_eq!(added(&["a\nb\nc\n"], "a\nx\nb\nc\ny\n"), [2, 5]);
        assert_eq!(added(&["a\nb\n"], "a\nb\n"), [0; 0]);
        assert_eq!(added(&["a\nb\n"], ""), [0; 0]);
        assert_eq!(added(&[""], "a\nb"), [1, 2]);
        assert_eq!(added(&["a"], "a\n"), [0; 0], "a line end at the end of a file");
        assert_eq!(added(&["a\na\n"], "a\na\na\n").len(), 1);
    }

    #[test]
    fn without_an_old_text_all_is_added() {
        assert_eq!(added(&[], "a\nb\n"), [1, 2]);
    }

    #[test]
    fn a_merge_adds_what_no_parent_has() {
        assert_eq!(added(&["a\nb\n", "a\nc\n"], "a\nb\nc\nd\n"), [4]);
    }

    #[test]
    fn line_ends_add_nothing() {
        assert_eq!(added(&["a\nb\n"], "a\r\nb\r\n"), [0; 0]);
        assert_eq!(added(&["a\r\nb\r\n"], "a\nnew\nb\n"), [2]);
    }

    /// Text long enough to be cut: the same answer as for a short one.
    #[test]
    fn long_texts_are_cut_where_lines_stay() {
        let old: String = (0..60_000).map(|n| format!("{n}\n")).collect();
        let new =
            format!("first\n{}last\n", old.replace("\n777\n", "\n777\nadded\n").replace("\n50000\n", "\nother\n"));
        assert_eq!(added(&[&old], &new), [1, 780, 50_003, 60_003]);
        let (mut old, mut new) = (old, new);
        (old, new) = (old.replace('7', "x\n"), new.replace('7', "x\n"));
        assert_eq!(added(&[&old], &new).len(), 4);
    }

    #[test]
    fn very_many_lines_are_not_told_apart() {
        let old = "a\nb\n".repeat(150_000);
        let new = format!("first\n{old}last\n");
        assert_eq!(added(&[&old], &format!("{old}last\n")), [300_001]);
        assert_eq!(added(&[&old], &new).len(), 300_002);
    }

    /// Texts that quadratic and recursive algorithms choke on; unbounded, these take minutes.
    #[test]
    fn hostile_texts_take_no_time() {
        let lines = 150_000;
        let join = |line: &dyn Fn(usize) -> String| (0..lines).map(line).collect::<String>();
        let cases = [
            (join(&|n| format!("{n}\n")), join(&|n| format!("{}\n", lines - n))),
            (join(&|n| format!("c{n}\nx{n}\n")), join(&|n| format!("c{n}\ny{n}\n"))),
            (join(&|n| format!("{}\n", n % 7)), join(&|n| format!("{}\n", n % 5))),
            (join(&|n| format!("{}\n", n * n % 1009)), join(&|n| format!("{}\n", n * n * n % 1013))),
            (join(&|n| format!("{n}\n")), join(&|n| format!("{}\n", n * 7919 % lines))),
        ];
        let start = std::time::Instant::now();
        for (old, new) in &cases {
            assert!(!added(&[old], new).is_empty());
        }
        assert!(start.elapsed() < std::time::Duration::from_secs(30), "{:?}", start.elapsed());
    }
}
