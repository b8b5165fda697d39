//! Which function a call calls: the chain of names before its bracket, and what import statements say
//! of them.

use std::ops::Range;

use super::bytes::identifier;
use super::callees::{Callee, known};
use super::renamed::Renamed;
use super::statement::is_keyword;
use super::trivia::Trivia;

/// Maximum number of brackets around a callee.
const MAX_BRACKETS: usize = 8;

/// A function whose call opens.
pub(super) struct Called {
    pub(super) callee: Callee,
    /// Start of its chain of names.
    pub(super) start: usize,
    /// Word that an import statement made a name of the function or of its module.
    pub(super) local: Option<Range<usize>>,
}

/// Returns the function whose bracket is at `at`. Brackets around the callee change nothing.
pub(super) fn called(text: &[u8], at: usize, trivia: &Trivia, renamed: &Renamed) -> Option<Called> {
    let (mut end, mut brackets) = (at, 0);
    let last = loop {
        if let Some(last) = trivia.word_before(text, end) {
            break last;
        }
        end = trivia.sign_before(text, end, b')').filter(|_| brackets < MAX_BRACKETS)?;
        brackets += 1;
    };
    let by_name = known(&text[last.clone()]);
    if by_name.is_none() && renamed.is_empty() {
        return None;
    }
    let (mut start, mut parent) = (last.start, None);
    while let Some(dot) = trivia.sign_before(text, start, b'.') {
        let word = trivia.word_before(text, dot);
        parent = parent.or(Some(word.clone().unwrap_or(dot..dot)));
        let Some(word) = word else { break };
        start = word.start;
    }
    let (callee, local) = match &parent {
        None => by_local_name(text, &last, by_name, renamed)?,
        Some(parent) => by_parent(text, parent, by_name?, renamed, parent.start == start)?,
    };
    for _ in 0..brackets {
        start = trivia.sign_before(text, start, b'(')?;
    }
    let before = trivia.word_before(text, start).map(|word| &text[word]);
    let other = match before {
        // `f(patch)("a.b")` calls the result of `f`.
        Some(word) if brackets > 0 => !is_keyword(word),
        Some(word) => parent.is_none() && matches!(word, b"class" | b"def" | b"case"),
        None => brackets > 0 && trivia.is_after_value(text, start),
    };
    (!other).then_some(Called { callee, start, local })
}

/// Returns the function that a word means by itself, and the word if an import statement says so.
fn by_local_name(
    text: &[u8],
    word: &Range<usize>,
    by_name: Option<Callee>,
    renamed: &Renamed,
) -> Option<(Callee, Option<Range<usize>>)> {
    if let Some((callee, at_home)) = renamed.function(&text[word.clone()]) {
        return (at_home || callee.is_member_of(None)).then(|| (callee, Some(word.clone())));
    }
    by_name.filter(|callee| callee.is_member_of(None)).map(|callee| (callee, None))
}

/// Returns the function if it is a member of `parent`, and that word if an import statement says so.
fn by_parent(
    text: &[u8],
    parent: &Range<usize>,
    callee: Callee,
    renamed: &Renamed,
    is_root: bool,
) -> Option<(Callee, Option<Range<usize>>)> {
    let word = &text[parent.clone()];
    match renamed.parent(word).filter(|_| is_root) {
        Some(original) if callee.is_member_of(Some(original)) => Some((callee, Some(parent.clone()))),
        Some(_) => None,
        None => callee.is_member_of(Some(identifier(word).as_bytes())).then_some((callee, None)),
    }
}
