//! Exceptions that follow from what a rule recommends.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::policy::path::{PathPattern, Segment};
use crate::policy::{Bindings, Entry, EntryAt, Index, Instead};

/// Maximum number of entries that are compared with each other; building an index takes longer for so few.
const MAX_COMPARED_ENTRIES: usize = 8;

/// Adds an exception for each recommended path that the rule itself forbids: what is beneath a forbidden path can be
/// recommended (`math/rand/v2` for `math/rand`). An entry of the same path wins.
pub(super) fn except_recommended(entries: &mut Vec<Entry>) {
    let forbidden = if entries.len() <= MAX_COMPARED_ENTRIES { compared(entries) } else { looked_up(entries) };
    if forbidden.is_empty() {
        return;
    }
    let mut known: HashSet<(&str, Vec<Segment>)> =
        entries.iter().map(|own| (own.language, own.pattern.segments.clone())).collect();
    let mut exceptions = Vec::new();
    for (own, instead) in forbidden.iter().filter_map(|&at| recommending(entries.get(at)?)) {
        let segments: Vec<_> = instead.segments.iter().cloned().map(Segment::Literal).collect();
        if known.insert((own.language, segments.clone())) {
            let pattern = PathPattern { segments, names_apart: own.pattern.names_apart, beneath: true };
            let (path, language) = (format!("!{}", instead.path), own.language);
            exceptions.push(Entry { path, language, use_instead: None, own: None, exception: true, pattern });
        }
    }
    entries.append(&mut exceptions);
}

/// Returns the entry with what it recommends, if it does.
fn recommending(entry: &Entry) -> Option<(&Entry, &Instead)> {
    Some((entry, entry.use_instead.as_deref()?))
}

fn path(instead: &Instead) -> Vec<Cow<'_, str>> {
    instead.segments.iter().map(Cow::from).collect()
}

/// Returns the entries whose recommended path another one forbids, out of comparing each with each.
fn compared(entries: &[Entry]) -> Vec<usize> {
    let is_forbidden = |(own, instead): (&Entry, &Instead)| {
        let path = path(instead);
        let others = entries.iter().filter(|other| !other.exception && other.language == own.language);
        others.into_iter().any(|other| other.pattern.may_match(&path))
    };
    (0..entries.len()).filter(|&at| entries.get(at).and_then(recommending).is_some_and(is_forbidden)).collect()
}

/// Returns the same out of an index.
fn looked_up(entries: &[Entry]) -> Vec<usize> {
    if entries.iter().all(|entry| entry.use_instead.is_none()) {
        return Vec::new();
    }
    let mut index = Index::default();
    for (at, own) in entries.iter().enumerate().filter(|(_, own)| !own.exception) {
        // A capture may stand for any folder.
        let any_folder = own.pattern.segments.iter().map(|segment| match segment {
            Segment::Capture(_) => Segment::One,
            segment => segment.clone(),
        });
        let pattern = PathPattern { segments: any_folder.collect(), ..own.pattern };
        index.add(own.language, &pattern, EntryAt { rule: 0, entry: at }, true);
    }
    let is_forbidden = |(own, instead): (&Entry, &Instead)| {
        let mut forbidden = false;
        if let Some(trie) = index.of_language(own.language) {
            trie.matches(&path(instead), &Bindings::default(), |_, _| forbidden = true);
        }
        forbidden
    };
    (0..entries.len()).filter(|&at| entries.get(at).and_then(recommending).is_some_and(is_forbidden)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::notation::Names;

    fn entry(language: &'static str, text: &str, instead: &str) -> Entry {
        let (path, exception) = (text.trim_start_matches('!'), text.starts_with('!'));
        let segments = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
        let mut pattern = PathPattern::new(segments(path), Names::Apart, exception).unwrap();
        for segment in &mut pattern.segments {
            if *segment == Segment::Literal("<f>".to_owned()) {
                *segment = Segment::Capture("f".to_owned());
            }
        }
        let instead = Some(instead).filter(|path| !path.is_empty() && !exception);
        let use_instead = instead.map(|path| Arc::new(Instead { path: path.to_owned(), segments: segments(path) }));
        Entry { path: text.to_owned(), language, use_instead, own: None, exception, pattern }
    }

    #[test]
    fn a_recommended_path_beneath_a_forbidden_one_is_excepted() {
        let mut entries = vec![entry("x", "a/*/c", "a/b/c/d"), entry("y", "a/b", "a/b/c/d"), entry("x", "z", "q")];
        except_recommended(&mut entries);
        let shown: Vec<_> = entries.iter().skip(3).map(|own| (own.language, own.path.as_str())).collect();
        assert_eq!(shown, [("x", "!a/b/c/d"), ("y", "!a/b/c/d")]);
    }

    proptest! {
        #[test]
        fn comparing_is_looking_up(
            own in prop::collection::vec(("[xy]", "!?([ab*]|\\*\\*|<f>|a\\*|#a)(/([ab*]|\\*\\*|<f>|\\*b|#\\*|#b)){0,3}", "([ab](/[ab]){0,2}(/#[ab])?)?"), 0..8),
        ) {
            let language = |name: &str| if name == "x" { "x" } else { "y" };
            let entries: Vec<_> = own.iter().map(|(name, text, instead)| entry(language(name), text, instead)).collect();
            prop_assert_eq!(compared(&entries), looked_up(&entries), "{:?}", own);
        }
    }
}
