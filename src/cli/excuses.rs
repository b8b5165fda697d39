//! The doctor's checks of rules that the admin's file excuses.

use crate::hooks::Check;
use crate::policy::{Date, RuleName};
use crate::report::escape;
use crate::server::config::{Config, Excused};
use crate::toml_file::nearest;

const FIX: &str = "mend it, or remove it from `excuse` in the admin's file";

/// Checks that each excuse means a rule, and that its day is not over. `rules` are those of all policies; `None` if some
/// policy could not be read.
pub(super) fn checks(config: &Config, rules: Option<&[RuleName]>, today: Date) -> Vec<Check> {
    config.excuses.iter().map(|own| check(own, rules, today)).collect()
}

fn check(Excused { rule, excuse }: &Excused, rules: Option<&[RuleName]>, today: Date) -> Check {
    if let Some(rules) = rules.filter(|rules| rules.iter().all(|known| known.told() != rule)) {
        let same_id = rules.iter().find(|known| known.id() == rule).map(RuleName::told);
        let near = same_id.or_else(|| nearest(rule, rules.iter().map(RuleName::told)));
        let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        let found = format!("excuse: no policy here has a rule {rule}, so nothing is excused{hint}");
        return Check::warning(escape::text(&found), FIX);
    }
    let (until, owner) = (excuse.until, &excuse.owner);
    if until < today {
        let found = format!("excuse: {rule} was excused until {until} ({owner}), and blocks again");
        return Check::warning(escape::text(&found), "remove it from `excuse` in the admin's file");
    }
    Check::ok(escape::text(&format!("excuse: {rule} until {until} ({owner})")))
}
