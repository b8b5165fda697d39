//! Judging by several policies: each on its own, and the strictest verdict wins.

use crate::check::once::Once;
use crate::finding::Finding;
use crate::git::Repository;
use crate::kind::Kind;
use crate::locate::Located;
use crate::policy::Date;
use crate::report::{Fault, Report};
use crate::{Change, Terms, by_located};

/// Judges a change by each policy on its own; files are counted once.
///
/// # Errors
/// When the repository cannot be read.
pub fn each(
    repository: &Repository,
    change: Change<'_>,
    located: &[Located],
    today: Date,
    terms: Terms<'_>,
) -> Result<Vec<Report>, Fault> {
    let once = Once::default();
    let terms = Terms { once: Some(&once).filter(|_| located.len() > 1), ..terms };
    let reports = located.iter().map(|located| by_located(repository, change, located, today, terms));
    let mut reports = reports.collect::<Result<Vec<_>, _>>()?;
    if let [first, others @ ..] = reports.as_mut_slice() {
        // What one policy ignores, another may judge.
        for other in others {
            first.checked.ignored = first.checked.ignored.saturating_sub(other.checked.files);
            other.checked.ignored = 0;
        }
    }
    Ok(reports)
}

/// Joins what several policies find, in the order of the files.
#[must_use]
pub fn joined(reports: Vec<Report>) -> Report {
    let is_one = reports.len() == 1;
    let joined = reports.into_iter().reduce(|mut joined, other| {
        let (one, two) = (joined.checked.reads, other.checked.reads);
        joined.join(other);
        joined.checked.reads = one.and(two);
        joined
    });
    let mut joined = joined.unwrap_or_default();
    if !is_one {
        // The names of a statement stay together, whatever else stands on its lines.
        let form = |finding: &Finding| (finding.kind == Kind::Module, finding.kind == Kind::Line);
        joined.findings.sort_by(|one, two| {
            let place = |own: &Finding| (own.statement, own.end, form(own), own.place);
            one.path.cmp(&two.path).then_with(|| place(one).cmp(&place(two)))
        });
    }
    joined
}
