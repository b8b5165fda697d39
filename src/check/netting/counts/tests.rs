//! Which of several occurrences are picked as new, on random counts.

use proptest::prelude::*;

use super::*;

/// A file, a weight, and whether the line is added.
type Row = (usize, u8, bool);

fn rows(most: usize) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((0..4_usize, 0..6_u8, prop::bool::weighted(0.8)), 0..most)
}

/// How many of the new rows have no old one that may offset them, in the best of all pairings.
fn unpaired(new: &[Row], old: &[Row]) -> usize {
    let offsets = |old: u8, new: u8| old / 2 <= new / 2 && old % 2 <= new % 2;
    let mut owner: Vec<Option<usize>> = vec![None; old.len()];
    let mut paired = 0;
    for at in 0..new.len() {
        // Shortest paths that free an old one: Kuhn's algorithm, with a list in place of recursion.
        let mut from: Vec<Option<(usize, usize)>> = vec![None; old.len()];
        let mut open = vec![at];
        let end = loop {
            let Some(one) = open.pop() else { break None };
            let free =
                (0..old.len()).filter(|&to| from[to].is_none() && offsets(old[to].1, new[one].1)).collect::<Vec<_>>();
            for to in &free {
                from[*to] = Some((one, at));
                open.extend(owner[*to]);
            }
            if let Some(end) = free.into_iter().find(|&to| owner[to].is_none()) {
                break Some(end);
            }
        };
        let Some(mut end) = end else { continue };
        paired += 1;
        while let Some((one, _)) = from[end] {
            let before = owner.iter().position(|owner| *owner == Some(one));
            owner[end] = Some(one);
            let Some(before) = before.filter(|_| one != at) else { break };
            end = before;
        }
    }
    new.len() - paired
}

fn picked(new: &[Row], old: &[Row], added: &[Row]) -> (Counts, Key, Picked) {
    let key = Key::new(0, b"a");
    let mut counts = Counts::new(1);
    let mut candidates = Vec::new();
    for (ordinal, &(file, weight, on_added_line)) in new.iter().enumerate() {
        counts.add(file, None, key, Weight(weight));
        let fresh = Fresh { file, ordinal, on_added_line, eased: None };
        candidates.push(Candidate { fresh, weight: Weight(weight) });
    }
    for &(file, weight, _) in old {
        counts.add(file, Some(0), key, Weight(weight));
    }
    for &(file, weight, is_known) in added {
        counts.added.add(Some(file).filter(|_| is_known), key, Weight(weight));
    }
    let picked = counts.pick(&key, candidates);
    (counts, key, picked)
}

proptest! {
    #[test]
    fn no_more_is_there_than_before_once_the_new_ones_are_gone(new in rows(14), old in rows(14), added in rows(5)) {
        let (counts, key, picked) = picked(&new, &old, &added);
        // What replaced commits had added offsets as much as what is there.
        let old = [old, added].concat();
        let kept: Vec<Row> = new.iter().enumerate()
            .filter(|(at, _)| picked.new.iter().all(|fresh| fresh.ordinal != *at)).map(|(_, row)| *row).collect();
        prop_assert_eq!(unpaired(&kept, &old), 0);
        prop_assert_eq!(picked.new.is_empty(), unpaired(&new, &old) == 0);
        prop_assert_eq!(picked.new.is_empty(), !counts.has_risen(&key));
        for fresh in &picked.spare {
            prop_assert!(!picked.new.contains(fresh));
        }
    }

    #[test]
    fn of_one_weight_as_many_are_new_as_there_are_more(new in rows(14), old in rows(14), weight in 0..6_u8) {
        let of_one = |rows: Vec<Row>| rows.into_iter().map(|(file, _, added)| (file, weight, added)).collect::<Vec<_>>();
        let (new, old) = (of_one(new), of_one(old));
        let (_, _, picked) = picked(&new, &old, &[]);
        prop_assert_eq!(picked.new.len(), new.len().saturating_sub(old.len()));
        // In no file more than it has got.
        for file in 0..4 {
            let count = |rows: &[Row]| rows.iter().filter(|row| row.0 == file).count();
            let told = picked.new.iter().filter(|fresh| fresh.file == file).count();
            prop_assert!(told <= count(&new).saturating_sub(count(&old)));
        }
    }
}
