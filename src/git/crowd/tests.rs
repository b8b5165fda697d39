//! What is the same at both sides is passed without a look at its lines, by all ways that git writes a tree.

use std::io::Write as _;

use gix::hash::Kind as HashKind;

use super::*;

/// A name, a mode, and what the id is made of.
type File<'a> = (&'a str, u32, u64);

fn id(seed: u64) -> [u8; 20] {
    let mut state = seed;
    [(); 20].map(|()| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    })
}

fn tree(files: &[File<'_>]) -> Vec<u8> {
    let line = |&(name, mode, seed): &File<'_>| [format!("{mode:o} {name}\0").as_bytes(), &id(seed)].concat();
    files.iter().flat_map(line).collect()
}

fn index(files: &[File<'_>]) -> Index {
    let mut bytes = b"DIRC\0\0\0\x02".to_vec();
    bytes.extend((files.len() as u32).to_be_bytes());
    for &(name, mode, seed) in files {
        let start = bytes.len();
        bytes.extend([0; 24]);
        bytes.extend(mode.to_be_bytes());
        bytes.extend([0; 12]);
        bytes.extend(id(seed));
        bytes.extend((name.len() as u16).to_be_bytes());
        bytes.extend(name.as_bytes());
        bytes.resize(start + ((bytes.len() - start + 8) & !7), 0);
    }
    let root = [format!("\0{} 0\n", files.len()).as_bytes(), &id(0)].concat();
    bytes.extend(b"TREE");
    bytes.extend((root.len() as u32).to_be_bytes());
    bytes.extend(root);
    bytes.extend([0; 20]);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&bytes).unwrap();
    Index::open(file.path(), HashKind::Sha1).unwrap()
}

fn lines(files: &[File<'_>], level: u8, surplus: isize) -> Lines {
    let tree = tree(files);
    let head = format!("tree {}\0", tree.len());
    let mut file = tempfile::tempfile().unwrap();
    let stream = miniz_oxide::deflate::compress_to_vec_zlib(&[head.as_bytes(), &tree].concat(), level);
    file.write_all(&stream).unwrap();
    Lines::new(Stored { file, at: 0, skip: head.len(), size: tree.len().checked_add_signed(surplus).unwrap() }, 20)
}

/// The names of the lines that were looked at, where the same names are at both sides.
fn looked_at(old: &[File<'_>], new: &[File<'_>], level: u8) -> Vec<String> {
    let (index, mut lines) = (index(new), lines(old, level, 0));
    let (_, content) = index.cache_tree().unwrap();
    let cache = CacheTree::parse(content, 20).unwrap();
    let mut entries = EntriesOf::of(&index, &cache, b"").unwrap();
    let mut looked_at = Vec::new();
    loop {
        lines.skip_same(&mut entries).unwrap();
        let Some((line, length)) = lines.peek() else {
            if lines.more().unwrap() {
                continue;
            }
            break;
        };
        looked_at.push(String::from_utf8(line.name.to_vec()).unwrap());
        lines.skip(length);
        entries.pass(1).unwrap();
    }
    assert!(entries.peek().unwrap().is_none());
    looked_at
}

#[test]
fn only_what_differs_is_looked_at() {
    let names: Vec<_> = (0..9_000).map(|number| format!("file_{number:05}{}.py", "_x".repeat(number % 23))).collect();
    let modes = [0o100_644, 0o100_644, 0o100_755, 0o120_000, 0o160_000];
    let old: Vec<File<'_>> = (1..).zip(&names).map(|(at, name)| (name.as_str(), modes[at as usize % 5], at)).collect();
    for level in [0, 1, 6, 9] {
        assert!(looked_at(&old, &old, level).is_empty(), "{level}");
        for changed in [&[0][..], &[8_999], &[0, 1, 2, 3, 17, 4_000, 4_001, 8_998, 8_999]] {
            let mut new = old.clone();
            for &at in changed {
                new[at].2 += 100_000;
                // a kind that a folder does not have
                new[at].1 = 0o100_755;
            }
            let expected: Vec<_> = changed.iter().map(|&at| names[at].clone()).collect();
            assert_eq!(looked_at(&old, &new, level), expected, "{level}");
        }
    }
    assert!(looked_at(&old[..1], &old[..1], 6).is_empty());
}

#[test]
fn another_size_or_a_broken_end_is_unusual() {
    let names: Vec<_> = (0..2_000).map(|number| format!("file_{number:05}")).collect();
    let files: Vec<File<'_>> = (0..).zip(&names).map(|(at, name)| (name.as_str(), 0o100_644, at)).collect();
    let index = index(&files);
    let (_, content) = index.cache_tree().unwrap();
    let cache = CacheTree::parse(content, 20).unwrap();
    for surplus in [-1_isize, 1] {
        let mut lines = lines(&files, 6, surplus);
        let mut entries = EntriesOf::of(&index, &cache, b"").unwrap();
        let end = loop {
            match lines.skip_same(&mut entries).and_then(|()| lines.more()) {
                Ok(true) => {}
                end => break end,
            }
        };
        assert!(end.is_err(), "{surplus}");
    }
}
