//! Comparison of `kinds`, and of the kinds that caps name.

use crate::kind::Kind;
use crate::policy::kinds::KindWord;
use crate::policy::severity::Cap;
use crate::policy::{Rule, Severity};

/// Returns whether `new` may leave out written forms that `old` judges.
pub(super) fn is_narrower(old: &Rule, new: &Rule) -> bool {
    // What is local may be a star.
    let judges_local = [Kind::Import, Kind::Wildcard].into_iter().all(|kind| new.kinds.contains(&KindWord::Of(kind)));
    let judged = |word: KindWord| new.kinds.contains(&word) || (word == KindWord::Local && judges_local);
    let of_imports = || KindWord::all().filter(|word| *word != KindWord::Of(Kind::Line));
    !new.kinds.is_empty()
        && if old.kinds.is_empty() { !of_imports().all(judged) } else { !old.kinds.iter().copied().all(judged) }
}

/// Returns whether no import has a written form that both judge.
pub(super) fn are_apart(one: &Rule, two: &Rule) -> bool {
    let is_met = |word: &KindWord| two.kinds.iter().any(|other| word.overlaps(*other));
    !one.kinds.is_empty() && !two.kinds.is_empty() && !one.kinds.iter().any(is_met)
}

pub(super) fn warns_at_most(word: KindWord) -> bool {
    matches!(word, KindWord::Of(kind) if kind.warns_at_most())
}

/// Returns the kind of a cap that may judge a star which an entry matches whole less severely than one that may bring a
/// forbidden name: the first is of the statement's own kind, the other a `wildcard`.
pub(super) fn eases_whole_stars(rule: &Rule) -> Option<KindWord> {
    let is_of_statement = |word: &&KindWord| match word {
        KindWord::Local => true,
        KindWord::Of(kind) => matches!(kind, Kind::Import | Kind::TypeOnly | Kind::Dynamic),
    };
    let lifts = |cap: &Cap| cap.kinds.contains(&KindWord::Of(Kind::Wildcard)) && cap.severity > Severity::Warn;
    let are_lifted = rule.caps.iter().any(lifts);
    let eases = |cap: &&Cap| cap.severity < Severity::Warn || (are_lifted && cap.severity < Severity::Block);
    rule.caps.iter().filter(eases).find_map(|cap| cap.kinds.iter().find(is_of_statement).copied())
}

/// Returns whether a cap may apply to what the word names: one of `import` to what is `local`, unless another names that.
pub(super) fn may_name(cap: &Cap, word: KindWord) -> bool {
    let covers = || word == KindWord::Local && cap.kinds.contains(&KindWord::Of(Kind::Import));
    cap.kinds.is_empty() || cap.kinds.contains(&word) || covers()
}

/// Returns whether a cap of the rule certainly applies to what the word names.
pub(super) fn names(rule: &Rule, cap: &Cap, word: KindWord) -> bool {
    let is_named_alone = || word == KindWord::Local && names_local(rule);
    may_name(cap, word) && (cap.kinds.is_empty() || cap.kinds.contains(&word) || !is_named_alone())
}

fn names_local(rule: &Rule) -> bool {
    rule.caps.iter().any(|cap| cap.kinds.contains(&KindWord::Local))
}

/// Returns the words for what rules of this type can find; `local` only if a cap tells it from `import`.
pub(super) fn of(old: &Rule, new: &Rule) -> impl Iterator<Item = KindWord> {
    let on_lines = old.pattern().is_some();
    let tells_local = names_local(old) || names_local(new);
    KindWord::all().filter(move |word| match word {
        KindWord::Of(kind) => (*kind == Kind::Line) == on_lines,
        KindWord::Local => tells_local,
    })
}
