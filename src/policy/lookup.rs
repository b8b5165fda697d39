//! Lookup of the entries that match a path: one trie of segments per language.
//!
//! A lookup costs one step per segment of the path and entry that matches so far, however many entries there are; a path
//! whose first segment begins no entry costs one step.

#[cfg(test)]
mod tests;
mod walk;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::part::{Parts, is_name};
use super::path::{PathPattern, Segment};
use super::prefilter::Prefilter;
use walk::Walk;

type Tries = Vec<(&'static str, Trie)>;

/// Entries of all rules, by path.
#[derive(Debug, Default)]
pub(super) struct Index {
    tries: Tries,
    /// The same without the rules that judge stars alone, for what is written without a star; `None` where no rule does.
    starless: Option<Tries>,
    /// Numbers of the captures that entries have, by rule and name.
    captures: BTreeMap<(usize, String), usize>,
}

/// What captures stand for in one importing file.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    /// Numbers of captures by the folder name that they stand for.
    by_name: BTreeMap<String, Vec<usize>>,
}

/// Position of an entry: index of its rule, and index within the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EntryAt {
    pub(super) rule: usize,
    pub(super) entry: usize,
}

impl Index {
    /// Adds an entry. One that is `sought` makes a text matter that has its words but no star.
    pub(super) fn add(&mut self, language: &'static str, pattern: &PathPattern, at: EntryAt, sought: bool) {
        add_to(&mut self.tries, &mut self.captures, (language, pattern), at, sought);
    }

    /// Gives what is written without a star a lookup of its own, which has these entries.
    pub(super) fn part_stars<'p>(&mut self, entries: impl Iterator<Item = (&'static str, &'p PathPattern, EntryAt)>) {
        // A language of stars alone has an empty one: nothing is forbidden there.
        let mut tries = self.tries.iter().map(|(language, _)| (*language, Trie::default())).collect();
        entries
            .for_each(|(language, pattern, at)| add_to(&mut tries, &mut self.captures, (language, pattern), at, true));
        self.starless = Some(tries);
    }

    pub(super) fn of_language(&self, language: &str) -> Option<&Trie> {
        of_language(&self.tries, language)
    }

    /// Returns the entries of a language by which what is written without a star is judged.
    pub(super) fn of_starless(&self, language: &str) -> Option<&Trie> {
        of_language(self.starless.as_ref().unwrap_or(&self.tries), language)
    }

    /// Notes that a capture of a rule stands for a folder's name.
    pub(super) fn bind(&self, rule: usize, capture: &str, folder: &[u8], bindings: &mut Bindings) {
        let number = self.captures.get(&(rule, capture.to_owned()));
        // A folder may be named like a star, but no star is its own.
        let folder = str::from_utf8(folder).ok().filter(|folder| !folder.ends_with('*'));
        if let (Some(&number), Some(folder)) = (number, folder) {
            bindings.by_name.entry(folder.to_owned()).or_default().push(number);
        }
    }
}

fn of_language<'t>(tries: &'t [(&'static str, Trie)], language: &str) -> Option<&'t Trie> {
    tries.iter().find(|(name, _)| *name == language).map(|(_, trie)| trie)
}

fn add_to(
    tries: &mut Tries,
    captures: &mut BTreeMap<(usize, String), usize>,
    (language, pattern): (&'static str, &PathPattern),
    at: EntryAt,
    sought: bool,
) {
    let known = tries.iter().position(|(name, _)| *name == language);
    let known = known.unwrap_or_else(|| {
        tries.push((language, Trie::default()));
        tries.len() - 1
    });
    let mut number = |capture: &String| {
        let next = captures.len();
        *captures.entry((at.rule, capture.clone())).or_insert(next)
    };
    if let Some((_, trie)) = tries.get_mut(known) {
        trie.add(pattern, at, &mut number);
        trie.prefilter.add(pattern, sought);
    }
}

impl Bindings {
    /// The nodes behind those captures of a node that stand for the segment.
    fn bound<'n>(&'n self, node: &'n Node, segment: &str) -> impl Iterator<Item = usize> + 'n {
        let known = if node.captures.is_empty() { None } else { self.by_name.get(segment) };
        known.into_iter().flatten().filter_map(|number| node.captures.get(number).copied())
    }

    /// The names that captures of a node stand for, with the nodes behind these.
    fn names<'n>(&'n self, node: &'n Node) -> impl Iterator<Item = (&'n str, usize)> + 'n {
        let names = if node.captures.is_empty() { None } else { Some(&self.by_name) };
        let numbers = move |(name, numbers): (&'n String, &'n Vec<usize>)| {
            numbers.iter().filter_map(move |number| Some((name.as_str(), *node.captures.get(number)?)))
        };
        names.into_iter().flatten().flat_map(numbers)
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
    /// Whether names are segments of their own sort (`#name`), which `*` does not match.
    names_apart: bool,
}

#[derive(Debug, Default)]
struct Node {
    literal: BTreeMap<String, usize>,
    /// By the number of the capture.
    captures: BTreeMap<usize, usize>,
    parts: Parts,
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
        Self { nodes: vec![Node::default()], prefilter: Prefilter::default(), any_count: 0, names_apart: false }
    }
}

impl Trie {
    fn add(&mut self, pattern: &PathPattern, at: EntryAt, number: &mut dyn FnMut(&String) -> usize) {
        self.names_apart |= pattern.names_apart;
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
                Segment::Capture(name) => *node.captures.entry(number(name)).or_insert(next),
                Segment::Part(part) => node.parts.get_or_insert(part, next),
                // Everything beneath is meant anyway.
                Segment::One | Segment::Modules => *node.one.get_or_insert(next),
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
    pub(super) fn matches(&self, path: &[Cow<'_, str>], bindings: &Bindings, mut found: impl FnMut(EntryAt, usize)) {
        self.walk(path, bindings, &mut found);
    }

    /// Returns whether an entry could match a path that begins with this segment.
    pub(super) fn begins(&self, segment: &str, bindings: &Bindings) -> bool {
        let is_module = !self.names_apart || !is_name(segment);
        let matches = |node: &Node| {
            let mut found =
                node.any.is_some() || node.literal.contains_key(segment) || (is_module && node.one.is_some());
            node.parts.matching(segment, self.names_apart, &mut |_| found = true);
            found || bindings.bound(node, segment).next().is_some()
        };
        self.nodes.first().is_some_and(matches)
    }

    /// Returns whether an entry writes this segment out as its first, or a capture stands for it.
    pub(super) fn writes(&self, segment: &str, bindings: &Bindings) -> bool {
        let writes = |node: &Node| node.literal.contains_key(segment) || bindings.bound(node, segment).next().is_some();
        self.nodes.first().is_some_and(writes)
    }

    /// Returns whether an entry matches the path, one above it, or could match one beneath it.
    pub(super) fn reaches(&self, path: &[Cow<'_, str>], bindings: &Bindings) -> bool {
        let mut matches = false;
        let walk = self.walk(path, bindings, &mut |_, _| matches = true);
        matches || !walk.is_over()
    }

    /// Returns whether an entry could match something beneath the path; with `only_names`, a name taken from its module.
    pub(super) fn leads(&self, path: &[Cow<'_, str>], bindings: &Bindings, only_names: bool) -> bool {
        let walk = self.walk(path, bindings, &mut |_, _| {});
        let names = (Bound::Included("#"), Bound::Excluded("$"));
        let goes_on = |node: &Node| {
            let is_written = match only_names {
                true => node.literal.range::<str, _>(names).next().is_some(),
                false => !node.literal.is_empty(),
            };
            let is_named = is_written || !node.captures.is_empty() || !node.parts.is_empty();
            is_named || node.one.is_some() || node.any.is_some()
        };
        !walk.open.is_empty() || walk.reached().any(goes_on)
    }

    /// Calls `found` with each `wanted` name that the last segment of an entry right beneath the path writes or binds, and
    /// with all entries that match this name there. A `**` before the name does not count, because any path is its parent.
    pub(super) fn children<'t>(
        &'t self,
        path: &[Cow<'_, str>],
        bindings: &'t Bindings,
        wanted: &dyn Fn(&str) -> bool,
        mut found: impl FnMut(&str, &[(EntryAt, usize)]),
    ) {
        let mut hits = Vec::new();
        let walk = self.walk(path, bindings, &mut |at, matched| hits.push((at, matched)));
        let ends = |child: usize| self.nodes.get(child).is_some_and(|node| !node.ends.is_empty());
        let literal = |node: &'t Node| node.literal.iter().map(|(name, child)| (name.as_str(), *child));
        let last = walk.reached().flat_map(|node| literal(node).chain(bindings.names(node)));
        let last = last.filter(|(name, child)| ends(*child) && wanted(name));
        let names: BTreeSet<&str> = last.map(|(name, _)| name).collect();
        let above = hits.len();
        for name in names {
            hits.truncate(above);
            walk.clone().step(name, path.len() + 1, &mut |at, matched| hits.push((at, matched)));
            found(name, &hits);
        }
    }

    /// Follows the path as far as entries go.
    fn walk<'t>(
        &'t self,
        path: &[Cow<'_, str>],
        bindings: &'t Bindings,
        found: &mut impl FnMut(EntryAt, usize),
    ) -> Walk<'t> {
        let mut walk = Walk::new(self, bindings);
        walk.enter(0, 0, found);
        for (at, segment) in path.iter().enumerate() {
            walk.step(segment, at + 1, found);
            if walk.is_over() {
                break;
            }
        }
        walk
    }
}
