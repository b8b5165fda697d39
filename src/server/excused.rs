//! What `allow-in` and caps let pass, counted for the log: the push is judged as if there were none.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::input::{Push, changes_at};
use super::judging::Walk;
use crate::check::limits::Limits;
use crate::git::Repository;
use crate::policy::{RuleName, Severity};
use crate::report::{Fault, Report};
use crate::{Change, by_policy_in_steps, finding};

/// Path, rule and position of a finding.
pub(super) type Place = (Arc<[u8]>, RuleName, finding::Place);

/// What one policy found in a tip, before commits were known.
pub(super) struct Seen {
    /// Index of the tip among those that were judged together.
    pub(super) tip: usize,
    /// Index of the policy.
    pub(super) policy: usize,
    pub(super) places: HashMap<Place, Severity>,
}

/// Returns the severities of a report's findings.
pub(super) fn severities(report: &Report) -> HashMap<Place, Severity> {
    let places = report
        .findings
        .iter()
        .map(|finding| ((Arc::clone(&finding.path), finding.rule.name.clone(), finding.place), finding.severity));
    places.collect()
}

/// Counts by rule what is new and what `allow-in` or a cap made milder or let pass, beside what was `seen`.
///
/// # Errors
/// When the repository cannot be read.
pub(super) fn excused(
    repository: &Repository,
    push: &Push<'_>,
    walks: &[Walk<'_, '_>],
) -> Result<BTreeMap<String, usize>, Fault> {
    let mut excused: HashMap<Place, Severity> = HashMap::new();
    for (walk, seen) in walks.iter().flat_map(|walk| walk.seen.iter().map(move |seen| (walk, seen))) {
        let policy = walk.lane.authority.policies.get(seen.policy);
        let Some((tip, policy)) = walk.settled.get(seen.tip).zip(policy) else { continue };
        let changes = changes_at(repository, &walk.new_commits, tip)?;
        let change = Change::of_tip(&changes, &walk.new_commits, tip.0);
        let bare = policy.at(push.today).without_excuses();
        let report = by_policy_in_steps(repository, change, &bare, push.terms(), Some(&mut |_| false))?;
        let is_more = |(place, severity): &(Place, Severity)| {
            seen.places.get(place).is_none_or(|known| known < severity) && *severity >= Severity::Warn
        };
        excused.extend(severities(&report).into_iter().filter(is_more));
        if excused.len() > Limits::PUSH.findings {
            break;
        }
    }
    let mut counts = BTreeMap::new();
    for (_, rule, _) in excused.into_keys() {
        *counts.entry(rule.told().to_owned()).or_default() += 1;
    }
    Ok(counts)
}
