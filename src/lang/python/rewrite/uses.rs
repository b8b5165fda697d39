//! What breaks when `import a.b.m` becomes another path: the names `a.b.m.…` in the code, and those that only worked
//! because the statement bound `a` or loaded `a.b`.

mod scan;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// More lines than this are only counted.
const MAX_NAMED_LINES: usize = 10;

/// A module that is imported without a name of its own, and the one imported instead.
pub(super) struct Moved<'a> {
    pub old: &'a [String],
    pub new: &'a [&'a str],
}

/// A module that the new statement loads; without a local name it binds the first segment.
pub(super) struct Loaded<'a> {
    pub module: Vec<&'a str>,
    pub local: Option<&'a str>,
}

/// Says which lines of the code (comments and strings blanked) need a change along with the `statement`.
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

/// The dotted names that matter, as a tree: one pass over the code asks for all of them at once.
struct Names<'a> {
    list: Vec<Name>,
    beneath: HashMap<(usize, &'a str), usize>,
}

#[derive(Default)]
struct Name {
    /// It is given up for another one.
    moved: bool,
    /// The statement no longer binds or loads it.
    lost: bool,
    /// Another import binds or loads it.
    kept: bool,
    /// The lines where it is used, or something beneath that is not listed itself.
    lines: Vec<usize>,
}

/// The tree's root: the name that every other one begins with.
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

    /// The shortest names that the old paths import and the new ones do not; where that is the whole path, its uses are
    /// named already.
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

    /// Another import loads `path`, and `binds` its first segment or does not; returns where it ends, if that matters.
    fn keep(&mut self, path: &[impl AsRef<str>], binds: bool) -> Option<usize> {
        let mut at = NOTHING;
        for (index, segment) in path.iter().enumerate() {
            at = self.step(at, segment.as_ref())?;
            self.list[at].kept |= binds || index > 0;
        }
        Some(at)
    }

    /// The code uses `path` on a line.
    fn used(&mut self, path: &[Cow<'_, str>], line: impl Fn() -> usize) {
        let (mut at, mut moved, mut lost) = (NOTHING, None, None);
        for segment in path {
            let Some(next) = self.step(at, segment) else { break };
            at = next;
            if self.list[at].moved {
                moved = Some(at);
            }
            // a lone `a` may be an argument's name or any other
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
        let named: Vec<_> = lines.iter().take(MAX_NAMED_LINES).map(usize::to_string).collect();
        let more = lines.len() - named.len();
        match named.as_slice() {
            [] => None,
            [line] => Some(format!("line {line}")),
            _ if more > 0 => Some(format!("lines {} and {more} more", named.join(", "))),
            _ => Some(format!("lines {}", named.join(", "))),
        }
    }
}
