//! The index's `TREE` extension: which folders of the index are which tree objects.
//!
//! Format: "Cache tree" in git's Documentation/gitformat-index. Each node, in pre-order: name, NUL, number of entries in
//! decimal (negative: invalid), space, number of child nodes, newline, and where valid the id of the tree object.

use std::cmp::Ordering;
use std::ops::Range;

use gix::hash::ObjectId;
use memchr::memrchr;

/// The length of a valid node with a short name; most are longer.
const MIN_NODE_BYTES: usize = 32;

/// The root: the number of entries of the whole index, and its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::git) struct Root {
    pub entries: usize,
    pub id: ObjectId,
}

/// All nodes, in pre-order; the root is number 0.
#[derive(Debug)]
pub(in crate::git) struct Nodes(Vec<Node>);

/// The nodes, with the extension's content, where names and ids stand.
#[derive(Clone, Copy, Debug)]
pub(in crate::git) struct CacheTree<'a> {
    nodes: &'a [Node],
    data: &'a [u8],
    id_len: usize,
}

/// Small, as there are tens of thousands: numbers and offsets in the content, which is under 4 GiB as any index.
#[derive(Debug)]
struct Node {
    name: Range<u32>,
    /// The number after this node's last descendant.
    end: u32,
    /// The number of entries that it stands for, and its id's offset.
    valid: Option<(u32, u32)>,
}

struct Parsed<'a> {
    name: &'a [u8],
    entries: Option<usize>,
    children: usize,
    id: &'a [u8],
}

/// The root alone; `None` if it is malformed, `Some(None)` if it is well-formed but invalid.
///
/// The nodes beneath are not looked at: that would cost a hook more than all the rest of its work on a large index.
pub(in crate::git) fn root(data: &[u8], id_len: usize) -> Option<Option<Root>> {
    let (root, rest) = node(data, id_len)?;
    if !root.name.is_empty() || (root.children == 0) != rest.is_empty() {
        return None;
    }
    Some(root.entries.and_then(|entries| Some(Root { entries, id: ObjectId::try_from(root.id).ok()? })))
}

impl Nodes {
    /// Parses the extension; `None` if it is malformed.
    pub fn parse(data: &[u8], id_len: usize) -> Option<Self> {
        let mut nodes: Vec<Node> = Vec::with_capacity(data.len() / MIN_NODE_BYTES);
        // The nodes above, with the number of their children still to come.
        let mut above: Vec<(usize, usize)> = Vec::new();
        let mut rest = data;
        loop {
            let start = data.len() - rest.len();
            let (parsed, after) = node(rest, id_len)?;
            rest = after;
            let id = data.len() - rest.len() - parsed.id.len();
            let valid = match parsed.entries {
                Some(entries) => Some((u32::try_from(entries).ok()?, u32::try_from(id).ok()?)),
                None => None,
            };
            above.push((nodes.len(), parsed.children));
            let name = u32::try_from(start).ok()?..u32::try_from(start + parsed.name.len()).ok()?;
            nodes.push(Node { name, end: 0, valid });
            while let Some(&(number, 0)) = above.last() {
                above.pop();
                let end = u32::try_from(nodes.len()).ok()?;
                nodes.get_mut(number)?.end = end;
            }
            let Some((_, children)) = above.last_mut() else { break };
            *children -= 1;
        }
        rest.is_empty().then_some(Self(nodes))
    }

    /// The nodes with the extension's content that they were parsed from.
    pub fn of<'a>(&'a self, data: &'a [u8], id_len: usize) -> CacheTree<'a> {
        CacheTree { nodes: &self.0, data, id_len }
    }
}

impl<'a> CacheTree<'a> {
    /// The number of entries that node `number` stands for, if it is valid.
    pub fn count(self, number: usize) -> Option<usize> {
        self.nodes.get(number)?.valid.map(|(entries, _)| entries as usize)
    }

    /// The tree object of node `number`, if it is valid.
    pub fn tree(self, number: usize) -> Option<ObjectId> {
        ObjectId::try_from(self.id_of(number)?).ok()
    }

    fn id_of(self, number: usize) -> Option<&'a [u8]> {
        let (_, id) = self.nodes.get(number)?.valid?;
        self.data.get(id as usize..)?.get(..self.id_len)
    }

    /// The tree object of node `number`, if it is valid and stands for as many entries as `slots`.
    pub fn id(self, number: usize, slots: &Range<usize>) -> Option<&'a [u8]> {
        if self.count(number)? == slots.len() { self.id_of(number) } else { None }
    }

    /// The child nodes of node `number`.
    pub fn children(self, number: usize) -> Children<'a> {
        let mut children = Vec::new();
        let parent_end = self.nodes.get(number).map_or(0, |parent| parent.end as usize);
        let mut child = number + 1;
        while let Some(node) = self.nodes.get(child).filter(|_| child < parent_end) {
            let name = node.name.start as usize..node.name.end as usize;
            children.push((self.data.get(name).unwrap_or_default(), child));
            child = (node.end as usize).max(child + 1);
        }
        let are_in = |order: Order| children.is_sorted_by(|(a, _), (b, _)| order(a, b).is_lt());
        match [by_length, as_in_trees, <[u8]>::cmp].into_iter().find(|&order| are_in(order)) {
            Some(order) => Children { children, order },
            // No program is known to write them so: their folders are compared by their entries.
            None => Children::default(),
        }
    }

    /// The node of the folder at `path`, which ends with a slash; the root's path is empty.
    pub fn find(self, path: &[u8]) -> Option<usize> {
        let names = path.split(|&byte| byte == b'/').filter(|name| !name.is_empty());
        names.into_iter().try_fold(0, |number, name| self.children(number).node(name))
    }

    /// A finder, for looking up many folders.
    pub fn finder(self) -> Finder<'a> {
        Finder { tree: self, above: Vec::new(), children: self.children(0) }
    }
}

/// Looks up one folder after the other. Mostly, they stand in the same one: its nodes are kept.
pub(in crate::git) struct Finder<'a> {
    tree: CacheTree<'a>,
    above: Vec<u8>,
    children: Children<'a>,
}

impl Finder<'_> {
    /// The node of the folder at `path`, as [`CacheTree::find`] has it.
    pub fn find(&mut self, path: &[u8]) -> Option<usize> {
        let Some(path) = path.strip_suffix(b"/") else { return Some(0) };
        let (above, name) = path.split_at(memrchr(b'/', path).map_or(0, |slash| slash + 1));
        if above != self.above {
            self.children = self.tree.find(above).map(|node| self.tree.children(node)).unwrap_or_default();
            self.above = above.to_vec();
        }
        self.children.node(name)
    }
}

/// An order of folders' names.
type Order = fn(&[u8], &[u8]) -> Ordering;

/// As git orders nodes: the shorter ones first (`subtree_name_cmp` in git's cache-tree code).
fn by_length(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// As libgit2 does, which takes nodes from trees. Gix sorts them by their bytes alone.
fn as_in_trees(a: &[u8], b: &[u8]) -> Ordering {
    a.iter().chain(b"/").cmp(b.iter().chain(b"/"))
}

/// Child nodes, with the order of their names.
pub(in crate::git) struct Children<'a> {
    children: Vec<(&'a [u8], usize)>,
    order: Order,
}

impl Default for Children<'_> {
    fn default() -> Self {
        Self { children: Vec::new(), order: by_length }
    }
}

impl Children<'_> {
    /// The number of the child of this name.
    pub fn node(&self, name: &[u8]) -> Option<usize> {
        let at = self.children.binary_search_by(|(child, _)| (self.order)(child, name)).ok()?;
        self.children.get(at).map(|&(_, number)| number)
    }
}

fn node(data: &[u8], id_len: usize) -> Option<(Parsed<'_>, &[u8])> {
    let name_end = data.iter().position(|&byte| byte == 0)?;
    let (name, rest) = (data.get(..name_end)?, data.get(name_end + 1..)?);
    let (entries, rest) = number(rest, b' ')?;
    let (children, rest) = number(rest, b'\n')?;
    let entries = usize::try_from(entries).ok();
    let children = usize::try_from(children).ok()?;
    let (id, rest) = if entries.is_some() { rest.split_at_checked(id_len)? } else { (&[][..], rest) };
    Some((Parsed { name, entries, children, id }, rest))
}

/// A decimal number up to `end`. Ten digits hold every 32-bit number; more are no number.
fn number(data: &[u8], end: u8) -> Option<(i64, &[u8])> {
    let (negative, data) = data.strip_prefix(b"-").map_or((false, data), |rest| (true, rest));
    let mut number = 0;
    for (at, &byte) in data.iter().enumerate().take(11) {
        match byte {
            b'0'..=b'9' => number = number * 10 + i64::from(byte - b'0'),
            byte if byte == end && at > 0 => {
                return Some((if negative { -number } else { number }, data.get(at + 1..)?));
            }
            _ => break,
        }
    }
    None
}

#[cfg(fuzzing)]
pub mod fuzzing;
#[cfg(test)]
mod tests;
