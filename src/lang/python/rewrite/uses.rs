//! Breakage when `import a.b.m` becomes another path: the names `a.b.m.…` in the code, and those
//! that only worked because the statement bound `a` or loaded `a.b`.

mod scan;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::listing;

/// A module imported without an alias, and the one imported instead.
pub(super) struct Moved<'a> {
    pub old: &'a [String],
    pub new: &'a [&'a str],
}

/// A module that the new statement loads; without a local name it binds the first segment.
pub(super) struct Loaded<'a> {
    pub module: Vec<&'a str>,
    pub local: Option<&'a str>,
}

/// Returns a note on the lines of the code (comments and strings blanked) that must change along
/// with the `statement`.
pub(super) fn note<'a>(
    code: &[u8],
    statement: &Range<usize>,
    moved: &[Moved<'a>],
    loaded: impl Iterator<Item = Loaded<'a>>,
) -> Option<String> {
    let mut names = Names::of(moved);
    for Loaded { module, local } in loaded {
        names.keep(&module, local.is_none());
        if let Some(local) = local {
            names.keep(&[local], true);
        }
    }
    scan::scan(code, statement, &mut names);

    let mut notes: Vec<String> = Vec::new();
    for Moved { old, new } in moved {
        if let Some(lines) = names.lines(old, |name| name.moved) {
            notes.push(format!("change {}.… to {}.…, {lines}", old.join("."), new.join(".")));
        }
    }
    for lost in Names::lost_by(moved) {
        if let Some(lines) = names.lines(lost, |name| !name.moved && !name.kept) {
            notes.push(format!("{} is no longer imported but still used, {lines}", lost.join(".")));
        }
    }
    (!notes.is_empty()).then(|| format!("then {}", notes.join("; ")))
}

/// Tree of the dotted names that matter, so that one pass over the code finds all of them.
struct Names<'a> {
    list: Vec<Name>,
    beneath: HashMap<(usize, &'a str), usize>,
}

#[derive(Default)]
struct Name {
    /// Whether it gives way to another one.
    moved: bool,
    /// Whether the statement no longer binds or loads it.
    lost: bool,
    /// Whether another import binds or loads it.
    kept: bool,
    /// Lines that use it, or something beneath it that is not listed itself.
    lines: Vec<usize>,
}

/// Index of the tree's root: the empty name, with which every other one begins.
const NOTHING: usize = 0;

impl<'a> Names<'a> {
    fn of(moved: &[Moved<'a>]) -> Self {
        let mut names = Self { list: vec![Name::default()], beneath: HashMap::new() };
        for Moved { old, .. } in moved {
            let at = names.insert(old);
            names.list[at].moved = true;
        }
        for lost in Self::lost_by(moved) {
            let at = names.insert(lost);
            names.list[at].lost = true;
        }
        names
    }

    /// Returns the shortest names that the old paths import and the new ones do not, except whole
    /// paths, whose uses are listed already.
    fn lost_by(moved: &[Moved<'a>]) -> impl Iterator<Item = &'a [String]> {
        let mut seen = HashSet::new();
        moved.iter().filter_map(move |Moved { old, new }| {
            let same = old.iter().zip(*new).take_while(|(old, new)| old == new).count();
            let lost = old.get(..=same).filter(|lost| lost.len() < old.len())?;
            seen.insert(lost).then_some(lost)
        })
    }

    fn insert(&mut self, path: &'a [String]) -> usize {
        let mut at = NOTHING;
        for segment in path {
            let end = self.list.len();
            at = *self.beneath.entry((at, segment)).or_insert(end);
            if at == end {
                self.list.push(Name::default());
            }
        }
        at
    }

    fn step(&self, at: usize, segment: &str) -> Option<usize> {
        self.beneath.get(&(at, segment)).copied()
    }

    /// Records that another import loads `path`, and whether it `binds` its first segment. Returns
    /// the node of `path`, if it matters.
    fn keep(&mut self, path: &[impl AsRef<str>], binds: bool) -> Option<usize> {
        let mut at = NOTHING;
        for (index, segment) in path.iter().enumerate() {
            at = self.step(at, segment.as_ref())?;
            self.list[at].kept |= binds || index > 0;
        }
        Some(at)
    }

    /// Records that the code uses `path` on a line.
    fn used(&mut self, path: &[Cow<'_, str>], line: impl Fn() -> usize) {
        let (mut at, mut moved, mut lost) = (NOTHING, None, None);
        for segment in path {
            let Some(next) = self.step(at, segment) else { break };
            at = next;
            if self.list[at].moved {
                moved = Some(at);
            }
            // A lone `a` may be an argument's name or anything else.
            if self.list[at].lost && path.len() > 1 {
                lost = Some(at);
            }
        }
        if let Some(at) = moved.or(lost) {
            let (line, lines) = (line(), &mut self.list[at].lines);
            if lines.last() != Some(&line) {
                lines.push(line);
            }
        }
    }

    fn lines(&self, path: &[String], wanted: impl Fn(&Name) -> bool) -> Option<String> {
        let mut at = NOTHING;
        for segment in path {
            at = self.step(at, segment)?;
        }
        let Name { lines, .. } = self.list.get(at).filter(|name| wanted(name))?;
        listing::lines(lines)
    }
}
