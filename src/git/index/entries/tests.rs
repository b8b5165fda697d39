//! Indexes with paths that no file system has, and such that end too early.

use std::io::Write as _;

use super::*;
use crate::git::index::testing::{index, index_from};

#[test]
fn paths_longer_than_what_is_read_at_once_are_read() {
    let long = |length: usize| [b"l/".to_vec(), vec![b'x'; length]].concat();
    let paths: Vec<_> = (0..3000)
        .map(|number| format!("a/{number:04}.py").into_bytes())
        .chain([50_000, 150_000, 300_000, 4093, 4094].map(long))
        .chain((0..3000).map(|number| format!("z/{number:04}.py").into_bytes()))
        .collect();
    let id = |number: usize| [(number % 251) as u8; 20];
    let rows: Vec<_> = paths.iter().enumerate().map(|(number, path)| (0o100_644, id(number), &path[..])).collect();
    let entries = Entries::read(index(&rows, &[], 0xff)).unwrap();
    assert_eq!(entries.all(), 0..paths.len());
    for (place, path) in paths.iter().enumerate() {
        assert!(entries.path(place) == path && entries.id(place) == id(place), "{place}");
    }
}

#[test]
fn an_index_that_ends_within_its_padding_is_cut_short() {
    for path in [10, 50_000, 110_000, 150_001] {
        for padding in 1..9 {
            let mut bytes = b"DIRC\0\0\0\x02\0\0\0\x02".to_vec();
            bytes.extend([0; MODE_OFFSET]);
            bytes.extend(0o100_644_u32.to_be_bytes());
            bytes.extend([0; 32]);
            bytes.extend((path.min(0xfff) as u16).to_be_bytes());
            bytes.extend(vec![b'x'; path]);
            bytes.extend(vec![0; padding + 20]);
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(&bytes).unwrap();
            let read = Index::open(file.path(), gix::hash::Kind::Sha1).and_then(Entries::read);
            let error = read.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains("cut short"), "{path} {padding}: {error}");
        }
    }
}

#[test]
fn an_entry_with_flags_that_git_does_not_know_is_refused() {
    for (extended, is_known) in [(0x2000, true), (0x4000, true), (0x6000, true), (0x8000, false), (0x40c8, false)] {
        let mut bytes = b"DIRC\0\0\0\x03\0\0\0\x01".to_vec();
        bytes.extend([0; 24]);
        bytes.extend(0o100_644_u32.to_be_bytes());
        bytes.extend([0; 32]);
        bytes.extend(0x4003_u16.to_be_bytes());
        bytes.extend(u16::to_be_bytes(extended));
        bytes.extend(b"a.c");
        bytes.extend([0; 5 + 20]);
        let read = index_from(&bytes).and_then(Entries::read).map(|entries| entries.all().len());
        assert_eq!(read.is_ok(), is_known, "{extended:x}: {read:?}");
    }
}
