//! All keys of a policy file. A test compares the documentation with this table.

use crate::toml_file::Tables;

/// A table of a policy file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Table {
    Top,
    Settings,
    Rule,
    Forbid,
    AllowIn,
    Cap,
}

impl Tables for Table {
    fn title(self) -> &'static str {
        match self {
            Self::Top => "the top of the file",
            Self::Settings => "[settings]",
            Self::Rule => "[[rule]]",
            Self::Forbid => "an entry of `forbid`",
            Self::AllowIn => "an entry of `allow-in`",
            Self::Cap => "an entry of `cap`",
        }
    }

    fn keys(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        of(self).map(|key| (key.name, key.takes))
    }

    fn of_key(name: &str) -> Option<Self> {
        KEYS.iter().find(|key| key.name == name).map(|key| key.table)
    }
}

/// Kinds of rules that a key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Rules {
    /// Import rules and line rules.
    Both,
    /// Import rules, with `forbid`.
    Forbid,
    /// Line rules, with `pattern`.
    Pattern,
}

/// A key: its table, and a description of its value.
#[derive(Clone, Copy, Debug)]
pub(in crate::policy) struct Key {
    pub(in crate::policy) table: Table,
    pub(in crate::policy) name: &'static str,
    pub(in crate::policy) takes: &'static str,
    pub(in crate::policy) rules: Rules,
}

const fn key(table: Table, name: &'static str, takes: &'static str) -> Key {
    Key { table, name, takes, rules: Rules::Both }
}

const fn forbid(key: Key) -> Key {
    Key { rules: Rules::Forbid, ..key }
}

const fn pattern(key: Key) -> Key {
    Key { rules: Rules::Pattern, ..key }
}

/// All keys, in the order of the documentation.
pub(in crate::policy) static KEYS: [Key; 40] = {
    use Table::{AllowIn, Cap, Forbid, Rule, Settings, Top};
    [
        key(Top, "importgate", "the number 1"),
        key(Top, "needs", "a version"),
        key(Top, "settings", "a table"),
        key(Top, "rule", "a list of tables"),
        key(Settings, "roots", "globs"),
        key(Settings, "ignore", "globs"),
        key(Settings, "tests", "globs"),
        key(Settings, "files", "a table of globs"),
        key(Settings, "own-policy", "globs of branches"),
        key(Settings, "too-large", "`pass`, `warn` or `block`"),
        key(Rule, "id", "a name in kebab-case"),
        key(Rule, "language", "languages"),
        forbid(key(Rule, "forbid", "paths or tables")),
        pattern(key(Rule, "pattern", "a regular expression")),
        pattern(key(Rule, "in", "`code` or `text`")),
        forbid(key(Rule, "use-instead", "a path")),
        key(Rule, "advice", "text"),
        key(Rule, "reason", "text"),
        key(Rule, "see", "text"),
        key(Rule, "owner", "text"),
        key(Rule, "severity", "`off`, `track`, `warn` or `block`"),
        key(Rule, "warn-from", "a day"),
        key(Rule, "block-from", "a day"),
        forbid(key(Rule, "counts", "`names` or `files`")),
        key(Rule, "paths", "globs"),
        forbid(key(Rule, "kinds", "kinds")),
        key(Rule, "allow-in", "globs or tables"),
        key(Rule, "cap", "tables"),
        key(Forbid, "path", "a path"),
        key(Forbid, "use-instead", "a path"),
        key(Forbid, "beneath", "`true` or `false`"),
        key(Forbid, "advice", "text"),
        key(Forbid, "reason", "text"),
        key(Forbid, "see", "text"),
        key(Forbid, "owner", "text"),
        key(AllowIn, "in", "globs"),
        forbid(key(AllowIn, "import", "a path")),
        key(Cap, "in", "globs"),
        key(Cap, "kind", "kinds"),
        key(Cap, "severity", "`off`, `track`, `warn` or `block`"),
    ]
};

/// Returns the keys of one table.
pub(in crate::policy) fn of(table: Table) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| key.table == table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;
    use crate::policy::Severity;

    const DOCUMENT: &str = include_str!("../../../docs/policy.md");

    /// Returns the cells of the table rows beneath a heading, without the header row.
    fn rows(heading: &str) -> Vec<Vec<&'static str>> {
        let after = DOCUMENT.split_once(&format!("\n{heading}\n")).map_or("", |(_, after)| after);
        let section = after.split("\n#").next().unwrap_or_default();
        let rows = section.lines().filter(|line| line.starts_with("| `"));
        rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
    }

    #[test]
    fn the_documentation_lists_every_key_and_no_other() {
        use Table::{AllowIn, Cap, Forbid, Rule, Settings, Top};
        for table in [Top, Settings, Rule, Forbid, AllowIn, Cap] {
            let known: Vec<_> = of(table).map(|key| (format!("`{}`", key.name), key.takes)).collect();
            let listed: Vec<_> =
                rows(&format!("### {}", table.title())).iter().map(|row| (row[0].to_owned(), row[1])).collect();
            assert_eq!(listed, known, "{}", table.title());
        }
    }

    #[test]
    fn the_documentation_lists_every_kind_with_its_limit() {
        let limit = |kind: Kind| if kind.warns_at_most() { "`warn`" } else { "" };
        let known: Vec<_> = Kind::ALL.into_iter().map(|kind| (format!("`{}`", kind.name()), limit(kind))).collect();
        let listed: Vec<_> = rows("## Kinds and caps").iter().map(|row| (row[0].to_owned(), row[2])).collect();
        assert_eq!(listed, known);
    }

    #[test]
    fn what_keys_take_names_every_severity() {
        for severity in Severity::ALL {
            assert!(Table::Rule.takes("severity").contains(&format!("`{}`", severity.name())));
            assert!(Table::Cap.takes("severity").contains(&format!("`{}`", severity.name())));
        }
    }

    #[test]
    fn every_recipe_of_the_documentation_is_a_case() {
        let cases = include_str!("../../../tests/cases/verdicts/recipes.txt");
        let (_, recipes) = DOCUMENT.split_once("## Recipes\n").unwrap();
        let (recipes, _) = recipes.split_once("\n## ").unwrap();
        let recipes: Vec<_> = recipes.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        assert!(recipes.len() > 5);
        for recipe in recipes {
            assert!(cases.contains(&format!("--- policy\nimportgate = 1\n\n{recipe}--- ")), "{recipe}");
        }
    }

    #[test]
    fn the_documentation_begins_with_a_policy() {
        let example = DOCUMENT.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let policy = crate::policy::Policy::parse(example, "docs/policy.md", &crate::policy::testing::NOTATIONS);
        assert_eq!(policy.unwrap_or_else(|invalid| panic!("{invalid}")).unwrap().rules().len(), 2);
    }
}
