//! Check of `needs`, the oldest importgate that understands the policy.

use crate::skew::{Newer, VERSION};
use crate::toml_file::{DeValue, Problems, Value, shortened};

/// Parts of a version: major, minor, patch.
const MAX_PARTS: usize = 3;
/// Maximum digits of a part, so that each fits into its number.
const MAX_DIGITS: usize = 9;

/// Returns whether the policy needs a newer importgate, and records that as an error; also records a value that is no
/// version.
pub(super) fn is_newer(value: &Value<'_>, problems: &mut Problems) -> bool {
    let own = parsed(VERSION.split(['-', '+']).next().unwrap_or_default()).unwrap_or_default();
    let DeValue::String(text) = value.get_ref() else {
        let found = value.get_ref().type_str();
        let message = format!("`needs` takes a version in quotes, not a value of type {found}");
        problems.add_with_hint(value.span(), message, "write `needs = \"0.3\"`");
        return false;
    };
    let Some(needed) = parsed(text) else {
        let message = format!("`needs` is no version: `{}`", shortened(text));
        problems.add_with_hint(value.span(), message, "write `needs = \"0.3\"`");
        return false;
    };
    if needed <= own {
        return false;
    }
    let parts = text.split('.').count().max(2);
    let own: Vec<String> = own.iter().take(parts).map(u32::to_string).collect();
    let needs = format!("this policy needs importgate {text}");
    let message = format!("{needs}, this is {}", own.join("."));
    problems.may_be_newer(Newer::Certainly(needs));
    problems.add_with_hint(value.span(), message, "update importgate here, or lower `needs`");
    true
}

/// Returns the parts of a version; missing ones are 0.
fn parsed(text: &str) -> Option<[u32; MAX_PARTS]> {
    let mut version = [0; MAX_PARTS];
    let mut places = version.iter_mut();
    for part in text.split('.') {
        let is_number = (1..=MAX_DIGITS).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        *places.next()? = is_number.then(|| part.parse().ok()).flatten()?;
    }
    Some(version)
}

#[cfg(test)]
mod tests {
    use super::super::tests::errors;
    use super::*;

    #[test]
    fn versions_are_compared_part_by_part() {
        for (lower, higher) in [("0.1", "0.1.1"), ("0.9", "0.10"), ("0.99.9", "1"), ("1.0.0", "1.0.1")] {
            assert!(parsed(lower).unwrap() < parsed(higher).unwrap(), "{lower} {higher}");
        }
        assert_eq!(parsed("1"), parsed("1.0.0"));
    }

    #[test]
    fn a_policy_for_a_newer_program_says_only_that() {
        for (needs, told) in [("99", "99, this is 0."), ("99.1", "99.1, this is 0."), ("99.0.1", "99.0.1, this is 0.")]
        {
            let found = errors(&format!("importgate = 1\nneeds = '{needs}'\nfuture = 1\n[[rule]]\nwhat = 1\n"));
            assert!(found.len() == 1 && found[0].starts_with("2:9 this policy needs importgate"), "{found:?}");
            assert!(found[0].contains(told), "{found:?}");
        }
        let known = "importgate = 1\nneeds = '0.1'\n";
        assert_eq!(errors(known), [""; 0]);
        for value in ["0.3", "'v0.3'", "''", "[1]"] {
            let found = errors(&known.replace("'0.1'", value));
            assert!(found.len() == 1 && found[0].contains("write `needs = \"0.3\"`"), "{found:?}");
        }
    }

    #[test]
    fn what_is_no_version_is_none() {
        for text in ["", ".", "1.", ".1", "v1", "1.2.3.4", ">=0.3", "0.3-dev", " 1", "1_0", "9999999999", "٣"] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }
}
