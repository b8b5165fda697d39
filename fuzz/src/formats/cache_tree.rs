//! The cache-tree: compared with gix's reading of the extension's content, node by node and name.
//!
//! Input: a byte for the hash, then the content.

use gix::index::extension::{Tree, tree};

use crate::git::fuzzing::index::{Node, nodes};
use crate::input;

pub fn run(input: &[u8]) {
    let Some((&flags, data)) = input.split_first() else { return };
    let hash = input::hash(flags);
    let ours = nodes(data, hash.len_in_bytes());
    let theirs = tree::decode(data, hash, None);
    match (&ours, &theirs) {
        (Some(ours), Some(theirs)) => compare(ours, theirs),
        (Some(ours), None) => {
            assert!(has_twins(ours) || counts_beyond_gix(ours) || has_minus_zero(data), "only gix refuses it")
        }
        (None, Some(_)) => assert!(has_unusual_numbers(data), "only gix reads it"),
        (None, None) => {}
    }
}

/// Compares by name, as gix sorts children and importgate keeps their order.
fn compare(ours: &[Node<'_>], theirs: &Tree) {
    let mut seen = 0;
    let mut waiting = vec![(0, theirs)];
    while let Some((number, theirs)) = waiting.pop() {
        let node = &ours[number];
        seen += 1;
        assert_eq!(node.name, theirs.name.as_slice());
        assert_eq!(node.valid, theirs.num_entries.map(|entries| (entries as usize, theirs.id)));
        let children = children(ours, number);
        assert_eq!(children.len(), theirs.children.len());
        // Either all children are found by name or, in an order that no program writes, none.
        assert!(children.iter().all(|&child| ours[child].found.is_none_or(|found| found == child)));
        let found = children.iter().filter(|&&child| ours[child].found.is_some()).count();
        assert!(found == 0 || found == children.len());
        assert!(found > 0 || children.len() != 1);
        for child in children {
            let at = theirs.children.binary_search_by(|other| other.name.as_slice().cmp(ours[child].name));
            waiting.push((child, &theirs.children[at.expect("a child of this name")]));
        }
    }
    assert_eq!(seen, ours.len());
}

fn children(nodes: &[Node<'_>], parent: usize) -> Vec<usize> {
    let within = |child: &usize| *child < nodes[parent].end;
    std::iter::successors(Some(parent + 1).filter(within), |&child| Some(nodes[child].end).filter(within)).collect()
}

/// Returns whether a node has two children of one name: gix refuses the extension, importgate
/// finds none of that node's children.
fn has_twins(nodes: &[Node<'_>]) -> bool {
    (0..nodes.len()).any(|parent| {
        let children = children(nodes, parent);
        let mut names: Vec<_> = children.iter().map(|&child| nodes[child].name).collect();
        names.sort_unstable();
        let twins = names.windows(2).any(|pair| pair[0] == pair[1]);
        twins && {
            assert!(children.iter().all(|&child| nodes[child].found.is_none()));
            true
        }
    })
}

/// Returns whether a node has more entries than gix's numbers hold. No index has so many, so that
/// such a node does not matter.
fn counts_beyond_gix(nodes: &[Node<'_>]) -> bool {
    nodes.iter().any(|node| node.valid.is_some_and(|(entries, _)| i32::try_from(entries).is_err()))
}

/// Returns whether a count may be "-0", which gix refuses; git reads numbers as C does.
fn has_minus_zero(data: &[u8]) -> bool {
    data.windows(3).any(|window| window == b" -0")
}

/// Returns whether a number may have a plus sign or leading zeros, which gix reads, but no program
/// writes.
fn has_unusual_numbers(data: &[u8]) -> bool {
    data.contains(&b'+') || data.windows(11).any(|digits| digits.iter().all(u8::is_ascii_digit))
}
