//! The nodes of a cache-tree, for the fuzz targets alone.

use gix::hash::ObjectId;

use super::Nodes;

/// A node, as the reader has it.
pub struct Node<'a> {
    /// The folder's name; empty for the root.
    pub name: &'a [u8],
    /// The number of entries and the tree's id, if the node is valid.
    pub valid: Option<(usize, ObjectId)>,
    /// The number after its last descendant's.
    pub end: usize,
    /// Its number as a look-up by name in its parent finds it; the root's own.
    pub found: Option<usize>,
}

/// All nodes of an extension's content in pre-order; `None` if it is malformed.
pub fn nodes(data: &[u8], id_len: usize) -> Option<Vec<Node<'_>>> {
    let parsed = Nodes::parse(data, id_len)?;
    let tree = parsed.of(data, id_len);
    let node = |(number, node): (usize, &super::Node)| Node {
        name: data.get(node.name.start as usize..node.name.end as usize).unwrap_or_default(),
        valid: tree.count(number).zip(tree.tree(number)),
        end: node.end as usize,
        found: Some(number).filter(|&number| number == 0),
    };
    let mut nodes: Vec<_> = parsed.0.iter().enumerate().map(node).collect();
    for parent in 0..nodes.len() {
        let children = tree.children(parent);
        let mut child = parent + 1;
        while child < nodes[parent].end {
            nodes[child].found = children.node(nodes[child].name);
            child = nodes[child].end;
        }
    }
    Some(nodes)
}
