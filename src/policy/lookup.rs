//! From a path to the entries that match it: one tree of segments for each language.
//!
//! A lookup costs a step for each segment of the path, however many entries there are; a path whose first segment no
//! entry begins with costs one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::path::{PathPattern, Segment};
use super::prefilter::Prefilter;

/// The entries of every rule, by their paths.
#[derive(Debug, Default)]
pub(super) struct Index {
    tries: Vec<(&'static str, Trie)>,
}

/// Where an entry stands: its rule, and its place among the rule's entries.
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

/// Entries by their segments.
#[derive(Debug)]
pub(super) struct Trie {
    nodes: Vec<Node>,
    /// Words that a text must have to name a path of these entries.
    pub(super) prefilter: Prefilter,
    /// How many nodes stand for `**`.
    any_count: usize,
}

#[derive(Debug, Default)]
struct Node {
    literal: BTreeMap<String, usize>,
    one: Option<usize>,
    any: Option<Any>,
    ends: Vec<EntryAt>,
}

/// The node behind a `**`, and its number among those.
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

    /// Hands out every entry that matches the path, with how many leading segments it matched; where it matches several
    /// lengths, the shortest comes first.
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

    /// Whether an entry could match a path that begins with this segment.
    pub(super) fn begins(&self, segment: &str) -> bool {
        let first = self.nodes.first();
        first.is_some_and(|node| node.literal.contains_key(segment) || node.one.is_some() || node.any.is_some())
    }

    /// Whether an entry could match something beneath the path.
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

    /// The entries without globs whose direct parent is the path, one group for each forbidden name that is `wanted`.
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

/// The nodes that a path has led to so far.
struct Walk<'t> {
    trie: &'t Trie,
    now: Vec<usize>,
    next: Vec<usize>,
    open: Vec<usize>,
    /// By the number of each `**`: whether it is open.
    seen: Vec<bool>,
}

impl Walk<'_> {
    /// Follows one segment, the path's number `matched`.
    fn step(&mut self, segment: &str, matched: usize, found: &mut impl FnMut(EntryAt, usize)) {
        std::mem::swap(&mut self.now, &mut self.next);
        self.next.clear();
        // What a `**` opened stays open, since it takes any further segment.
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
            // A `**` may stand for nothing, so what follows it is reached at once.
            here = node.any.filter(|any| self.open(*any)).and_then(|any| self.trie.nodes.get(any.node));
        }
    }

    /// Opens a `**`; false where it is open already.
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
