//! Where the cache-tree stands in an index, told from a few places of its tail.
//!
//! Format: git's Documentation/gitformat-index. Extensions follow the entries, and nothing but their chain says where the
//! first one starts: each has its size, and the last ends where the trailer starts.

use std::ops::Range;

use super::cache_tree::{self, Root};
use super::file::{EXTENSION_HEAD, Index, MODE};

/// So many bytes of entries hold a whole one, but for the longest of paths.
const WINDOW: usize = 1 << 10;
/// So close is the last entry looked for by halves.
const NEAR: usize = 4 << 10;
/// The most entries that may follow the last one of a regular file: links and submodules.
const MANY: usize = 64;

/// The root of the cache-tree, and where the extension's content stands.
type Tree = (Option<Root>, Range<usize>);

/// The cache-tree, if there is one with a well-formed root.
pub(in crate::git) fn find_cache_tree(index: &Index) -> Option<Tree> {
    by_halves(index).unwrap_or_else(|| backwards(index))
}

/// Looks where the entries end, as modes of regular files stand among entries and not among extensions; `None` where
/// that is not seen. Bytes that only look like a mode do no harm: what follows the entries must be a chain.
fn by_halves(index: &Index) -> Option<Option<Tree>> {
    let entries = index.entries()?;
    let body = index.body();
    let (mut low, mut high) = (index.entries_start(), body.len());
    // Extensions are a small part of most indexes.
    let mut step = NEAR;
    while high - low > NEAR {
        let middle = high - step.min((high - low) / 2);
        step *= 4;
        match last_mode(body.get(middle..body.len().min(middle + WINDOW))?) {
            Some(_) => low = middle,
            None => high = middle,
        }
    }
    let mut at = low + last_mode(body.get(low..body.len().min(high + WINDOW))?)?.checked_sub(MODE)?;
    for _ in 0..MANY {
        at = entries.at(at)?.next;
        if let Some(tree) = of_chain(index, at) {
            return Some(tree);
        }
    }
    None
}

/// Looks for the last `TREE` that starts a chain.
fn backwards(index: &Index) -> Option<Tree> {
    let body = index.body();
    let least = index.entries_start() + index.count * index.min_entry();
    let mut end = body.len();
    while let Some(at) = find_back(body, b"TREE", least, end) {
        if let Some(tree @ Some(_)) = of_chain(index, at) {
            return tree;
        }
        end = at;
    }
    None
}

/// The cache-tree in the chain of extensions that starts at `start`. `None` where no chain starts there, `Some(None)`
/// where it has no cache-tree, or a malformed one.
fn of_chain(index: &Index, start: usize) -> Option<Option<Tree>> {
    let mut tree = None;
    let mut at = start;
    while at < index.body().len() {
        let extension = index.extension(at)?;
        if extension.signature == *b"TREE" {
            let content = at + EXTENSION_HEAD..extension.next;
            tree = cache_tree::root(extension.data, index.hash.len_in_bytes()).map(|root| (root, content));
        }
        at = extension.next;
    }
    (at == index.body().len()).then_some(tree)
}

/// Where the mode of a regular file stands last.
fn last_mode(data: &[u8]) -> Option<usize> {
    memchr::memrchr_iter(0x81, data).find_map(|at| {
        let start = at.checked_sub(2)?;
        matches!(data.get(start..)?, [0, 0, _, 0xa4 | 0xed, ..]).then_some(start)
    })
}

/// The last occurrence of `wanted` that lies within `start..end`. There may be a megabyte of ids to get past; its first
/// byte is the rarest there.
fn find_back(data: &[u8], wanted: &[u8; 4], start: usize, end: usize) -> Option<usize> {
    let window = data.get(start..end)?;
    let mut last = window.len();
    while let Some(at) = memchr::memrchr(wanted[0], window.get(..last)?) {
        if window.get(at..)?.starts_with(wanted) {
            return Some(start + at);
        }
        last = at;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::git::testing::{self, Row};

    const SHA1: usize = 20;

    #[test]
    fn the_last_occurrence_is_found_at_every_offset() {
        for length in (0..24).chain([63, 64, 65, 130]) {
            for at in 0..length {
                let mut data = vec![b'T'; length];
                if let Some(place) = data.get_mut(at..at + 4) {
                    place.copy_from_slice(b"TREE");
                    assert_eq!(find_back(&data, b"TREE", 0, length), Some(at), "{length} {at}");
                    assert_eq!(find_back(&data, b"TREE", 0, at + 3), None, "{length} {at}");
                    assert_eq!(find_back(&data, b"TREE", at + 1, length), None, "{length} {at}");
                }
            }
        }
        assert_eq!(find_back(b"TREExTREEx", b"TREE", 0, 10), Some(5));
    }

    /// An index with these modes and lengths of paths.
    fn index_of(entries: &[(u32, usize)], extensions: &[([u8; 4], Vec<u8>)], noise: u8) -> Index {
        let longest = entries.iter().map(|&(_, length)| length).max().unwrap_or_default();
        let path = vec![b'n'; longest];
        let id = |number: usize| std::array::from_fn(|at| noise.wrapping_add((number * at) as u8));
        let row = |(number, &(mode, length)): (usize, &(u32, usize))| (mode, id(number), &path[..length]);
        let rows: Vec<Row<'_>> = entries.iter().enumerate().map(row).collect();
        testing::index(&rows, extensions, noise)
    }

    fn tree(size: usize, noise: u8) -> Vec<u8> {
        let mut content = b"\x007 1\n".to_vec();
        content.extend((0..SHA1 + 1 + size).map(|at| noise.wrapping_mul(at as u8) | 1));
        content
    }

    #[test]
    fn a_large_cache_tree_is_found_by_halves() {
        for size in [0, 1, 100, NEAR - 100, NEAR, 60_000, 900_000] {
            for count in [1, 2, 100, 9000] {
                let index = index_of(&vec![(0o100_644, 60); count], &[(*b"TREE", tree(size, 0x5b))], 7);
                let found = by_halves(&index).unwrap();
                assert!(found.is_some() && found == backwards(&index), "{size} {count}");
            }
        }
    }

    #[test]
    fn what_is_no_chain_is_not_seen() {
        let mut bare = index_of(&[(0o100_644, 60); 9], &[], 7);
        assert_eq!(by_halves(&bare), Some(None));
        bare.version = 4;
        assert_eq!(by_halves(&bare), None);
        assert_eq!(by_halves(&index_of(&[], &[(*b"TREE", tree(9, 3))], 7)), None);
        assert!(find_cache_tree(&index_of(&[], &[(*b"TREE", tree(9, 3))], 7)).is_some());
        // A path too long for its length to be told, and one so long that no window has a mode.
        for name in [4095, 9000] {
            let index = index_of(&[(0o100_644, 9), (0o100_644, name)], &[(*b"TREE", tree(9, 3))], 7);
            assert_eq!(by_halves(&index), None, "{name}");
            assert!(find_cache_tree(&index).is_some(), "{name}");
        }
        let links = index_of(&[(0o120_000, 40); 500], &[(*b"TREE", tree(9, 3))], 7);
        assert!(by_halves(&links).is_none() && find_cache_tree(&links).is_some());
    }

    proptest! {
        #[test]
        fn both_ways_find_the_same(
            entries in proptest::collection::vec(
                (prop_oneof![Just(0o100_644), Just(0o100_755), Just(0o120_000), Just(0o160_000)], 1_usize..300), 0..200,
            ),
            sizes in proptest::collection::vec((0_usize..4, 0_usize..9000), 0..4),
            noise in any::<u8>(),
        ) {
            let signatures = [*b"TREE", *b"UNTR", *b"FSMN", *b"EOIE"];
            let mut extensions = Vec::new();
            for (which, size) in sizes {
                if extensions.iter().all(|(signature, _)| *signature != signatures[which]) {
                    extensions.push((signatures[which], tree(size, noise)));
                }
            }
            let index = index_of(&entries, &extensions, noise);
            if let Some(tree) = by_halves(&index) {
                prop_assert_eq!(tree, backwards(&index));
            }
        }
    }
}
