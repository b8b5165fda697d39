//! Lookup of the entries that match a path: one trie of segments per language.
//!
//! A lookup costs one step per segment of the path, however many entries there are; a path whose first segment begins no
//! entry costs one step.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::path::{PathPattern, Segment};
use super::prefilter::Prefilter;

/// Entries of all rules, by path.
#[derive(Debug, Default)]
pub(super) struct Index {
    tries: Vec<(&'static str, Trie)>,
}

/// Position of an entry: index of its rule, and index within the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EntryAt {
    pub(super) rule: usize,
    pub(super) entry: usize,
}

impl Index {
    pub(super) fn add(&mut self, language: &'static str, pattern: &PathPattern, at: EntryAt, exception: bool) {
        let known = self.tries.iter().position(|(name, _)| *name == language);
        let known = known.unwrap_or_else(|| {
            self.tries.push((language, Trie::default()));
            self.tries.len() - 1
        });
        if let Some((_, trie)) = self.tries.get_mut(known) {
            trie.add(pattern, at);
            if !exception {
                trie.prefilter.add(pattern);
            }
        }
    }

    pub(super) fn of_language(&self, language: &str) -> Option<&Trie> {
        self.tries.iter().find(|(name, _)| *name == language).map(|(_, trie)| trie)
    }
}

/// Trie of entries, by segments.
#[derive(Debug)]
pub(super) struct Trie {
    nodes: Vec<Node>,
    /// Words of which a text must contain one to name a path of these entries.
    pub(super) prefilter: Prefilter,
    /// Number of `**` nodes.
    any_count: usize,
}

#[derive(Debug, Default)]
struct Node {
    literal: BTreeMap<String, usize>,
    one: Option<usize>,
    any: Option<Any>,
    ends: Vec<EntryAt>,
}

/// Node that follows a `**`, and its index among all `**` nodes.
#[derive(Clone, Copy, Debug)]
struct Any {
    node: usize,
    number: usize,
}

impl Default for Trie {
    fn default() -> Self {
        Self { nodes: vec![Node::default()], prefilter: Prefilter::default(), any_count: 0 }
    }
}

impl Trie {
    fn add(&mut self, pattern: &PathPattern, at: EntryAt) {
        let mut here = 0;
        for segment in &pattern.segments {
            let next = self.nodes.len();
            let any_count = self.any_count;
            let Some(node) = self.nodes.get_mut(here) else { return };
            here = match segment {
                Segment::Literal(text) => match node.literal.get(text) {
                    Some(&known) => known,
                    None => {
                        node.literal.insert(text.clone(), next);
                        next
                    }
                },
                Segment::One => *node.one.get_or_insert(next),
                Segment::Any => node.any.get_or_insert(Any { node: next, number: any_count }).node,
            };
            if here == next {
                self.nodes.push(Node::default());
                self.any_count += usize::from(*segment == Segment::Any);
            }
        }
        if let Some(node) = self.nodes.get_mut(here) {
            node.ends.push(at);
        }
    }

    /// Calls `found` with every entry that matches the path and the number of leading segments matched; if an entry matches
    /// several lengths, the shortest comes first.
    pub(super) fn matches(&self, path: &[Cow<'_, str>], mut found: impl FnMut(EntryAt, usize)) {
        let mut walk = Walk { trie: self, now: Vec::new(), next: Vec::new(), open: Vec::new(), seen: Vec::new() };
        walk.enter(0, 0, &mut found);
        for (at, segment) in path.iter().enumerate() {
            if walk.next.is_empty() && walk.open.is_empty() {
                return;
            }
            walk.step(segment, at + 1, &mut found);
        }
    }

    /// Returns whether an entry could match a path that begins with this segment.
    pub(super) fn begins(&self, segment: &str) -> bool {
        let first = self.nodes.first();
        first.is_some_and(|node| node.literal.contains_key(segment) || node.one.is_some() || node.any.is_some())
    }

    /// Returns whether an entry could match something beneath the path.
    pub(super) fn leads(&self, path: &[Cow<'_, str>]) -> bool {
        let mut walk = Walk { trie: self, now: Vec::new(), next: Vec::new(), open: Vec::new(), seen: Vec::new() };
        walk.enter(0, 0, &mut |_, _| {});
        for segment in path {
            walk.step(segment, 0, &mut |_, _| {});
            if walk.next.is_empty() && walk.open.is_empty() {
                return false;
            }
        }
        let goes_on = |&node: &usize| {
            self.nodes
                .get(node)
                .is_some_and(|node| !node.literal.is_empty() || node.one.is_some() || node.any.is_some())
        };
        !walk.open.is_empty() || walk.next.iter().any(goes_on)
    }

    /// Returns the entries without globs whose direct parent is the path, one group for each `wanted` name.
    pub(super) fn children(
        &self,
        path: &[Cow<'_, str>],
        wanted: &dyn Fn(&str) -> bool,
    ) -> impl Iterator<Item = &[EntryAt]> {
        let mut here = self.nodes.first();
        for segment in path {
            here = here.and_then(|node| self.nodes.get(*node.literal.get(segment.as_ref())?));
        }
        let children = here.into_iter().flat_map(|node| &node.literal).filter(|(segment, _)| wanted(segment));
        children.filter_map(|(_, &child)| self.nodes.get(child)).map(|child| child.ends.as_slice())
    }
}

/// State of a lookup: the nodes reached so far.
struct Walk<'t> {
    trie: &'t Trie,
    now: Vec<usize>,
    next: Vec<usize>,
    open: Vec<usize>,
    /// Whether each `**` node is open, by its index.
    seen: Vec<bool>,
}

impl Walk<'_> {
    /// Follows one segment, the `matched`th of the path.
    fn step(&mut self, segment: &str, matched: usize, found: &mut impl FnMut(EntryAt, usize)) {
        std::mem::swap(&mut self.now, &mut self.next);
        self.next.clear();
        // An open `**` stays open, because it matches any further segment.
        let open = self.open.len();
        for place in 0..self.now.len() + open {
            let here = match self.now.get(place) {
                Some(&node) => node,
                None => self.open[place - self.now.len()],
            };
            let Some(node) = self.trie.nodes.get(here) else { continue };
            if let Some(&child) = node.literal.get(segment) {
                self.enter(child, matched, found);
            }
            if let Some(child) = node.one {
                self.enter(child, matched, found);
            }
        }
    }

    fn enter(&mut self, node: usize, matched: usize, found: &mut impl FnMut(EntryAt, usize)) {
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
