//! Nodes, and the orders that they come in.

use super::*;

fn sample() -> Vec<u8> {
    let mut data = b"\x003 2\n".to_vec();
    data.extend([1; 20]);
    data.extend(b"a\x00-1 1\nb\x001 0\n");
    data.extend([2; 20]);
    data.extend(b"cc\x001 0\n");
    data.extend([3; 20]);
    data
}

#[test]
fn nodes_nest() {
    let data = sample();
    let root = root(&data, 20).unwrap().unwrap();
    assert_eq!((root.entries, root.id), (3, ObjectId::try_from(&[1; 20][..]).unwrap()));
    let nodes = Nodes::parse(&data, 20).unwrap();
    let tree = nodes.of(&data, 20);
    let top = tree.children(0);
    assert_eq!((top.node(b"a"), top.node(b"cc"), top.node(b"b")), (Some(1), Some(3), None));
    assert_eq!((tree.find(b"a/b/"), tree.find(b""), tree.find(b"a/c/")), (Some(2), Some(0), None));
    let mut finder = tree.finder();
    for path in [&b"a/b/"[..], b"", b"a/c/", b"cc/", b"a/", b"a/b/", b"none/b/", b"none/", b"a/b/c/", b"cc/"] {
        assert_eq!(finder.find(path), tree.find(path), "{path:?}");
    }
    assert!(tree.id(1, &(0..1)).is_none());
    assert!(tree.id(3, &(2..3)).is_some());
    assert!(tree.id(3, &(1..3)).is_none());
}

#[test]
fn children_are_found_in_the_orders_that_programs_write() {
    let names = |names: &[&str]| {
        let mut data = format!("\0{0} {0}\n", names.len()).into_bytes();
        data.extend([1; 20]);
        for name in names {
            data.extend(format!("{name}\x001 0\n").bytes());
            data.extend([2; 20]);
        }
        data
    };
    let found = |data: &[u8], name: &str| Nodes::parse(data, 20).unwrap().of(data, 20).find(name.as_bytes());
    let git = names(&["b", "aa", "zz", "a-b"]);
    let trees = names(&["a-b", "a", "aa", "b"]);
    assert_eq!(["b", "aa", "zz", "a-b", "a"].map(|name| found(&git, name)), [Some(1), Some(2), Some(3), Some(4), None]);
    assert_eq!(
        ["a-b", "a", "aa", "b", "z"].map(|name| found(&trees, name)),
        [Some(1), Some(2), Some(3), Some(4), None]
    );
    let bytes = names(&["a", "a-b", "aa", "b"]);
    assert_eq!(
        ["a", "a-b", "aa", "b", "z"].map(|name| found(&bytes, name)),
        [Some(1), Some(2), Some(3), Some(4), None]
    );
    let neither = names(&["b", "aa", "a"]);
    assert_eq!(["b", "aa", "a"].map(|name| found(&neither, name)), [None; 3]);
}

#[test]
fn every_cut_and_surplus_is_malformed() {
    let data = sample();
    for end in 0..data.len() {
        assert!(root(&data[..end], 20).is_none() || end > 25, "{end}");
        assert!(Nodes::parse(&data[..end], 20).is_none(), "{end}");
    }
    let longer = [&data[..], b"x"].concat();
    assert!(Nodes::parse(&longer, 20).is_none());
}
