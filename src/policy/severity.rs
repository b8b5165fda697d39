//! Severity of findings, by date, importing file and kind.

use jiff::civil::Date;

use super::kinds::{KindWord, Reported};
use crate::globs::{GlobId, PathGlobs};

/// Effect of a finding, from none to blocking the commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The rule is disabled.
    Off,
    /// Counted, but not shown at commit.
    Track,
    /// Shown as a warning.
    Warn,
    /// Shown, and the commit or push is blocked.
    Block,
}

impl Severity {
    /// All severities, lowest first.
    pub const ALL: [Self; 4] = [Self::Off, Self::Track, Self::Warn, Self::Block];

    /// Name in policies and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Track => "track",
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }

    /// Returns the severity with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// Upper limit of the severity in some files, for some kinds, or both.
#[derive(Debug)]
pub(super) struct Cap {
    /// Files it applies to; empty for all.
    pub(super) files: Vec<GlobId>,
    /// Kinds it applies to; empty for all.
    pub(super) kinds: Vec<KindWord>,
    pub(super) severity: Severity,
}

/// Returns the severity on a date, before caps. Dates are inclusive; `off` stays off.
pub(super) fn on_day(severity: Severity, warn_from: Option<Date>, block_from: Option<Date>, today: Date) -> Severity {
    let reached = |from: Option<Date>| from.is_some_and(|from| from <= today);
    if severity == Severity::Off {
        Severity::Off
    } else if reached(block_from) {
        Severity::Block
    } else if reached(warn_from) {
        severity.max(Severity::Warn)
    } else {
        severity
    }
}

/// Returns the severity after caps and the kind's own limit, which a cap that names the kind replaces. Where a cap names
/// `local`, those that name only `import` do not apply to imports inside functions.
pub(super) fn capped(severity: Severity, caps: &[Cap], reported: Reported, file: &PathGlobs<'_>) -> Severity {
    let is_here = |cap: &&Cap| cap.files.is_empty() || file.any(&cap.files);
    let names_local = |cap: &Cap| cap.kinds.contains(&KindWord::Local);
    let is_by_local = reported.local && caps.iter().filter(is_here).any(names_local);
    let word = if is_by_local { KindWord::Local } else { KindWord::Of(reported.kind) };
    let mut effective = severity;
    let mut limited = reported.kind.warns_at_most();
    for cap in caps.iter().filter(is_here) {
        if cap.kinds.is_empty() || cap.kinds.contains(&word) {
            effective = effective.min(cap.severity);
            limited &= cap.kinds.is_empty();
        }
    }
    if limited { effective.min(Severity::Warn) } else { effective }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Severity::{Block, Off, Track, Warn};
    use jiff::civil::date;

    #[test]
    fn days_raise_and_off_stays_off() {
        let (warn, block) = (Some(date(2026, 3, 1)), Some(date(2026, 6, 1)));
        let cases = [
            (Track, date(2026, 2, 28), Track),
            (Track, date(2026, 3, 1), Warn),
            (Track, date(2026, 5, 31), Warn),
            (Track, date(2026, 6, 1), Block),
            (Block, date(2026, 3, 1), Block),
            (Off, date(2027, 1, 1), Off),
        ];
        for (severity, today, expected) in cases {
            assert_eq!(on_day(severity, warn, block, today), expected, "{severity:?} on {today}");
        }
        assert_eq!(on_day(Track, None, block, date(2026, 6, 1)), Block);
    }

    #[test]
    fn words_name_severities() {
        for severity in Severity::ALL {
            assert_eq!(Severity::from_name(severity.name()), Some(severity));
        }
        assert!(Off < Track && Track < Warn && Warn < Block);
        assert_eq!(Severity::from_name("error"), None);
    }
}
