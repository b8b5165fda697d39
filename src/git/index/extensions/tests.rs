//! Where the cache-tree stands, against the place where the test has put it.

use gix::hash::Kind as HashKind;
use proptest::prelude::*;

use super::*;
use crate::git::index::file::Index;
use crate::git::index::testing::{self, Row};

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

/// An index with entries of these modes and lengths of paths.
fn index_of(entries: &[(u32, usize)], extensions: &[([u8; 4], Vec<u8>)], noise: u8) -> Index {
    let longest = entries.iter().map(|&(_, length)| length).max().unwrap_or_default();
    let path = vec![b'n'; longest];
    let id = |number: usize| std::array::from_fn(|at| noise.wrapping_add((number * at) as u8));
    let row = |(number, &(mode, length)): (usize, &(u32, usize))| (mode, id(number), &path[..length]);
    let rows: Vec<Row<'_>> = entries.iter().enumerate().map(row).collect();
    testing::index(&rows, extensions, noise)
}

/// The content of a cache-tree with a root of one child, which has `size` bytes.
fn tree(size: usize, noise: u8) -> Vec<u8> {
    let mut content = b"\x007 1\n".to_vec();
    content.extend((0..SHA1 + 1 + size).map(|at| noise.wrapping_mul(at as u8) | 1));
    content
}

/// The content of the cache-tree, as the index tells it.
fn found(index: &Index) -> Option<&[u8]> {
    index.cache_tree().map(|(root, data)| {
        assert_eq!(root.map(|root| root.entries), Some(7));
        data
    })
}

#[test]
fn a_cache_tree_of_any_size_is_found() {
    for size in [0, 1, 100, 4000, 60_000, 900_000] {
        for count in [0, 1, 2, 100, 9000] {
            let content = tree(size, 0x5b);
            let index = index_of(&vec![(0o100_644, 60); count], &[(*b"TREE", content.clone())], 7);
            assert!(found(&index) == Some(&content), "{size} {count}");
        }
    }
}

#[test]
fn a_cache_tree_is_found_behind_entries_of_every_sort() {
    let content = tree(9, 3);
    for entries in [&[(0o100_644, 9), (0o100_644, 4095)][..], &[(0o100_644, 9000)], &[(0o120_000, 40); 500], &[]] {
        assert!(found(&index_of(entries, &[(*b"TREE", content.clone())], 7)) == Some(&content));
    }
    assert!(found(&index_of(&[(0o100_644, 60); 9], &[], 7)).is_none());
}

#[test]
fn a_chain_that_does_not_end_at_the_trailer_is_none() {
    let content = tree(30, 3);
    let rows: &[Row<'_>] = &[(0o100_644, [9; 20], b"a.py")];
    let whole = testing::bytes(rows, &[(*b"TREE", content.clone()), (*b"UNTR", vec![1; 40])], 7);
    let read = |bytes: &[u8]| testing::index_from(bytes).map(|index| found(&index).map(<[u8]>::to_vec));
    assert_eq!(read(&whole).unwrap(), Some(content));
    let trailer = whole.len() - HashKind::Sha1.len_in_bytes();
    for cut in 1..40 + HEAD_BYTES {
        let bytes = [&whole[..trailer - cut], &whole[trailer..]].concat();
        assert_eq!(read(&bytes).unwrap(), None, "{cut} bytes less");
    }
    for more in 1..HEAD_BYTES {
        let bytes = [&whole[..trailer], &vec![0; more], &whole[trailer..]].concat();
        assert_eq!(read(&bytes).unwrap(), None, "{more} bytes more");
    }
}

/// A path, an id and an extension's content can say `TREE` as well.
#[test]
fn the_word_alone_is_no_cache_tree() {
    let mut id = [b'x'; 20];
    id[..4].copy_from_slice(b"TREE");
    let rows: &[Row<'_>] = &[(0o100_644, id, b"TREE"), (0o100_644, id, b"src/TREE/TREE.py")];
    assert!(found(&testing::index(rows, &[], 0)).is_none());
    let noise = b"TREE\0\0\0\x08TREE\0\0\0\0".to_vec();
    assert!(found(&testing::index(rows, &[(*b"UNTR", noise.clone())], 0)).is_none());
    let content = [tree(40, 3), b"TREE\0\0\0\x04TREE".to_vec()].concat();
    let index = testing::index(rows, &[(*b"TREE", content.clone()), (*b"UNTR", noise)], 0);
    assert_eq!(found(&index), Some(&content[..]));
}

proptest! {
    #[test]
    fn it_is_found_where_it_stands(
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
        let expected = extensions.iter().find(|(signature, _)| signature == b"TREE").map(|(_, content)| &content[..]);
        prop_assert_eq!(found(&index), expected);
    }
}
