//! The steps of a lookup through the trie.

use super::{Any, Bindings, EntryAt, Node, Trie};
use crate::policy::part::is_name;

/// State of a lookup: the nodes reached so far.
#[derive(Clone)]
pub(super) struct Walk<'t> {
    trie: &'t Trie,
    bindings: &'t Bindings,
    now: Vec<usize>,
    next: Vec<usize>,
    pub(super) open: Vec<usize>,
    /// Whether each `**` node is open, by its index.
    seen: Vec<bool>,
    /// Number of nodes visited.
    #[cfg(test)]
    pub(super) steps: usize,
}

impl<'t> Walk<'t> {
    pub(super) fn new(trie: &'t Trie, bindings: &'t Bindings) -> Self {
        let (now, next, open, seen) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self {
            trie,
            bindings,
            now,
            next,
            open,
            seen,
            #[cfg(test)]
            steps: 0,
        }
    }

    /// Returns whether no entry can match a longer path.
    pub(super) fn is_over(&self) -> bool {
        self.next.is_empty() && self.open.is_empty()
    }

    /// The nodes that match exactly the segments so far, those behind an open `**` apart.
    pub(super) fn reached(&self) -> impl Iterator<Item = &'t Node> {
        self.next.iter().filter_map(|&node| self.trie.nodes.get(node))
    }

    /// Follows one segment, the `matched`th of the path.
    pub(super) fn step(&mut self, segment: &str, matched: usize, found: &mut impl FnMut(EntryAt, usize)) {
        std::mem::swap(&mut self.now, &mut self.next);
        self.next.clear();
        let trie = self.trie;
        let is_module = !trie.names_apart || !is_name(segment);
        // An open `**` stays open, because it matches any further segment.
        let open = self.open.len();
        for place in 0..self.now.len() + open {
            let here = match self.now.get(place) {
                Some(&node) => node,
                None => self.open[place - self.now.len()],
            };
            let Some(node) = trie.nodes.get(here) else { continue };
            if let Some(&child) = node.literal.get(segment) {
                self.enter(child, matched, found);
            }
            for child in self.bindings.bound(node, segment) {
                self.enter(child, matched, found);
            }
            node.parts.matching(segment, trie.names_apart, &mut |child| self.enter(child, matched, found));
            if let Some(child) = node.one.filter(|_| is_module) {
                self.enter(child, matched, found);
            }
        }
    }

    pub(super) fn enter(&mut self, node: usize, matched: usize, found: &mut impl FnMut(EntryAt, usize)) {
        #[cfg(test)]
        {
            self.steps += 1;
        }
        self.next.push(node);
        let mut here = self.trie.nodes.get(node);
        while let Some(node) = here {
            for &at in &node.ends {
                found(at, matched);
            }
            // A `**` may match no segment, so the node after it is reached at once.
            here = node.any.filter(|any| self.open(*any)).and_then(|any| self.trie.nodes.get(any.node));
        }
    }

    /// Opens a `**`; returns false if it is already open.
    fn open(&mut self, any: Any) -> bool {
        if self.seen.is_empty() {
            self.seen = vec![false; self.trie.any_count];
        }
        match self.seen.get_mut(any.number) {
            Some(seen) if !*seen => {
                *seen = true;
                self.open.push(any.node);
                true
            }
            _ => false,
        }
    }
}
