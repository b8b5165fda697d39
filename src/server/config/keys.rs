//! All keys of the server configuration. A test compares the documentation with this table.

use crate::toml_file::{Tables, nearest};

/// A table of the server configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Top,
    Repository,
    CannotJudge,
    Excuse,
}

/// Key that marks the file as importgate's and gives its format version.
pub(super) const FORMAT: &str = "importgate-server";
/// Key of the log file.
pub(super) const LOG: &str = "log";

const OF_TOP: [(&str, &str); 4] = [
    (FORMAT, "the number 1"),
    ("repository", "a list of tables"),
    ("all-repositories", "`off` or `report`"),
    ("host", "the name of a host"),
];
const OF_REPOSITORY: [(&str, &str); 2] = [("match", "globs"), ("excuse", "tables")];

/// Keys of the table that `cannot-judge` may be; not told of as a place for keys of others.
const OF_CANNOT_JUDGE: [(&str, &str); 3] =
    [("timeout", "`report` or `block`"), ("policy", "`report` or `block`"), ("fault", "`report` or `block`")];

/// Keys of an entry of `excuse`, likewise.
const OF_EXCUSE: [(&str, &str); 4] =
    [("rule", "the name of a rule"), ("until", "a date"), ("owner", "words"), ("reason", "words")];

/// Keys of both tables, in the order of the documentation.
const OF_BOTH: [(&str, &str); 17] = [
    ("policies", "paths, or `repository`"),
    ("shadow", "paths"),
    ("enforce", "`off`, `report` or `block`"),
    ("trusted-refs", "globs"),
    ("refs-not-judged", "globs"),
    ("lender", "`heads` or `none`"),
    ("first-push", "`off`, `report` or `block`"),
    ("protect-policy", "`true` or `false`"),
    ("policy-owners", "names of users"),
    ("cannot-judge", "`report` or `block`, or a table"),
    ("contact", "words"),
    ("deadline", "a duration"),
    ("commit-limit", "a number"),
    ("threads", "a number"),
    ("break-glass", "names of users"),
    ("log", "a path"),
    ("hash-users", "`true` or `false`"),
];

impl Tables for Table {
    fn title(self) -> &'static str {
        match self {
            Self::Top => "the top of the file",
            Self::Repository => "[[repository]]",
            Self::CannotJudge => "cannot-judge",
            Self::Excuse => "an entry of `excuse`",
        }
    }

    fn keys(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let (own, more): (&'static [_], &'static [_]) = match self {
            Self::Top => (&OF_TOP, &OF_BOTH),
            Self::Repository => (&OF_REPOSITORY, &OF_BOTH),
            Self::CannotJudge => (&OF_CANNOT_JUDGE, &[]),
            Self::Excuse => (&OF_EXCUSE, &[]),
        };
        own.iter().chain(more).copied()
    }

    fn nearest(self, name: &str) -> Option<&'static str> {
        // The key's former name has too few letters in common with it.
        if name == "first-import" {
            return Some("first-push");
        }
        // Nearer to `all-repositories` by its letters.
        if name == "repositories" {
            return Some("repository");
        }
        nearest(name, self.keys().map(|(known, _)| known))
    }

    fn of_key(name: &str) -> Option<Self> {
        [Self::Top, Self::Repository].into_iter().find(|table| table.keys().any(|(known, _)| known == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = include_str!("../../../docs/server-config.md");

    #[test]
    fn the_documentation_lists_every_key_and_no_other() {
        for table in [Table::Top, Table::Repository, Table::CannotJudge, Table::Excuse] {
            let heading = format!("\n### {}\n", table.title());
            let after = DOCUMENT.split_once(&heading).map_or("", |(_, after)| after);
            let section = after.split("\n#").next().unwrap_or_default();
            let rows = section.lines().filter(|line| line.starts_with("| `"));
            let listed: Vec<Vec<_>> =
                rows.map(|row| row.trim_matches('|').split('|').map(str::trim).take(2).collect()).collect();
            let known: Vec<_> = table.keys().map(|(name, takes)| vec![format!("`{name}`"), takes.to_owned()]).collect();
            let shared = |row: &Vec<String>| {
                table == Table::Top || OF_BOTH.iter().all(|(name, _)| row[0] != format!("`{name}`"))
            };
            assert_eq!(listed, known.into_iter().filter(shared).collect::<Vec<_>>(), "{}", table.title());
        }
    }
}
