//! What is the same at both sides is passed without a look at its lines, by all ways that git writes a tree.

use std::io::Write as _;

use super::*;
use crate::git::index::cache_tree::Nodes;
use crate::git::index::file::Index;
use crate::git::odb::pack::Stored;
use crate::git::testing;

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
    let rows: Vec<_> = files.iter().map(|&(name, mode, seed)| (mode, id(seed), name.as_bytes())).collect();
    let root = [format!("\0{} 0\n", files.len()).as_bytes(), &id(0)].concat();
    testing::index(&rows, &[(*b"TREE", root)], 0)
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
    let cache = index.nodes().unwrap();
    let mut entries = EntriesOf::of(&index, cache, b"").unwrap();
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
    let cache = index.nodes().unwrap();
    for surplus in [-1_isize, 1] {
        let mut lines = lines(&files, 6, surplus);
        let mut entries = EntriesOf::of(&index, cache, b"").unwrap();
        let end = loop {
            match lines.skip_same(&mut entries).and_then(|()| lines.more()) {
                Ok(true) => {}
                end => break end,
            }
        };
        assert!(end.is_err(), "{surplus}");
    }
}

/// A cache-tree of a root, of the folder `b` in it, and of the folder `c` in that.
fn counts(all: usize, b: usize, c: usize) -> Vec<u8> {
    let node = |name: &str, count: usize, children: usize| {
        [name.as_bytes(), format!("\0{count} {children}\n").as_bytes(), &id(9)].concat()
    };
    [node("", all, 1), node("b", b, 1), node("c", c, 0)].concat()
}

#[test]
fn wrong_counts_in_a_cache_tree_are_unusual() {
    let paths = ["a", "b/c/d", "b/c/e", "b/f", "b/g", "h"];
    let rows: Vec<_> = paths.iter().map(|path| (0o100_644, id(1), path.as_bytes())).collect();
    let index = testing::index(&rows, &[], 0);
    let walk = |b: usize, c: usize| {
        let content = counts(rows.len(), b, c);
        let nodes = Nodes::parse(&content, 20).unwrap();
        let mut entries = EntriesOf::of(&index, nodes.of(&content, 20), b"b/").ok_or(Unusual)?;
        let mut names = Vec::new();
        while let Some((item, count)) = entries.peek()? {
            names.push(String::from_utf8(item.name.to_vec()).unwrap());
            entries.pass(count)?;
        }
        entries.into_places().map(|_| names)
    };
    for (b, c) in (0..9).flat_map(|b| (0..9).map(move |c| (b, c))) {
        match walk(b, c) {
            Ok(names) => assert_eq!((b, c, names.join(" ").as_str()), (4, 2, "c f g")),
            Err(Unusual) => assert_ne!((b, c), (4, 2)),
        }
    }
}
