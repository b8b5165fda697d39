//! Parser of rules; their `forbid` entries are parsed in `entries`.

use std::ops::Range;
use std::sync::OnceLock;

use super::keys::{self, Rules, Table};
use super::pattern;
use super::{Fields, Reading};
use crate::kind::Kind;
use crate::notation::Notation;
use crate::policy::kinds::KindWord;
use crate::policy::lines::LinePattern;
use crate::policy::severity::Cap;
use crate::policy::{Allow, Body, CountBy, Rule, Severity};
use crate::toml_file::{DeValue, Value, Words, choice, one_or_many, shortened, words, wrong_type};

/// Maximum estimated size of all patterns, of which twice as much may be taken; room for 2,000 with a `\w` and a `\W`.
const MAX_PATTERNS_BYTES: usize = 256 << 20;

impl<'t> Reading<'t> {
    /// Parses a rule; `None` if it has no usable `forbid` or `pattern`.
    pub(super) fn rule(&mut self, fields: &Fields<'t>, line: usize) -> Option<Rule> {
        let id = self.id(fields);
        let forbids = match (fields.get("forbid").is_some(), fields.get("pattern").is_some()) {
            (true, true) => {
                let hint = "make two rules of it";
                self.problems.add_with_hint(
                    fields.key_at("pattern"),
                    "a rule has `forbid` or `pattern`, not both",
                    hint,
                );
                return None;
            }
            (false, false) => {
                let hint = "`forbid` lists import paths, `pattern` matches lines";
                self.problems.add_if_sound(fields.at.clone(), "the rule has neither `forbid` nor `pattern`", hint);
                return None;
            }
            (forbids, _) => forbids,
        };
        self.check_keys(fields, forbids);
        let languages = self.languages(fields, forbids);
        let names = languages.iter().map(|notation| notation.language).collect();
        fields.not_empty("paths", "leave it out where every file is meant", self.problems);
        fields.not_empty("kinds", "leave it out where every kind is meant", self.problems);
        let body =
            if forbids { Body::Forbid(self.entries(fields, &languages)) } else { Body::Pattern(self.pattern(fields)?) };
        let paths = fields.many_words("paths", self.problems).unwrap_or_default();
        let relative = self.relative_globs(&paths);
        let rule = Rule {
            id,
            reason: fields.text("reason", self.problems),
            see: fields.text("see", self.problems),
            owner: fields.text("owner", self.problems),
            advice: fields.text("advice", self.problems),
            severity: fields.choice("severity", &severities(), self.problems).unwrap_or(Severity::Warn),
            warn_from: fields.day("warn-from", self.problems),
            block_from: fields.day("block-from", self.problems),
            line,
            counts: fields.choice("counts", &CountBy::ALL, self.problems).unwrap_or_default(),
            languages: names,
            paths: paths.iter().filter_map(|words| self.glob_of_paths(words)).collect(),
            relative,
            kinds: if forbids { self.kinds(fields, "kinds", forbids) } else { Vec::new() },
            allow_in: self.allowances(fields, &languages, forbids),
            caps: self.caps(fields, forbids),
            body,
        };
        self.check_captures(&rule, &paths, fields.key_at("forbid"));
        Some(rule)
    }

    fn id(&mut self, fields: &Fields<'t>) -> String {
        if fields.get("id").is_none() {
            self.problems.add_if_sound(fields.at.clone(), "the rule has no `id`", "reports and suppressions name it");
        }
        let Some(id) = fields.words("id", self.problems) else { return String::new() };
        if !is_kebab(id.text) {
            let message = format!("the id `{}` is not in kebab-case", shortened(id.text));
            let better = kebab(&shortened(id.text));
            let example = if is_kebab(&better) { better } else { "websocket-manager".to_owned() };
            self.problems.add_with_hint(id.at, message, format!("write `{example}`"));
        }
        id.text.to_owned()
    }

    /// Records an error for each key that belongs to the other kind of rule.
    fn check_keys(&mut self, fields: &Fields<'t>, forbids: bool) {
        let (foreign, has, lacks) = match forbids {
            true => (Rules::Pattern, "forbid", "pattern"),
            false => (Rules::Forbid, "pattern", "forbid"),
        };
        for key in keys::of(Table::Rule).filter(|key| key.rules == foreign && fields.get(key.name).is_some()) {
            let message = format!("`{}` goes with `{lacks}`, and this rule has `{has}`", key.name);
            let hint = match key.name {
                "use-instead" => "a line has no path to recommend: say it in `advice`",
                _ => "leave it out",
            };
            self.problems.add_with_hint(fields.key_at(key.name), message, hint);
        }
    }

    fn pattern(&mut self, fields: &Fields<'t>) -> Option<LinePattern> {
        let on_text = fields.choice("in", &[("code", false), ("text", true)], self.problems);
        let words = fields.words("pattern", self.problems)?;
        if words.text.is_empty() {
            let hint = "it would match every line";
            self.problems.add_with_hint(words.at.clone(), "`pattern` is empty", hint);
        }
        let known = pattern::check(words.text).unwrap_or_else(|bad| {
            self.problems.add(self.within(&words, bad.at), bad.message);
            pattern::Known::default()
        });
        let before = self.pattern_bytes;
        self.pattern_bytes = before.saturating_add(known.size_bytes);
        if before <= MAX_PATTERNS_BYTES && self.pattern_bytes > MAX_PATTERNS_BYTES {
            let hint = "classes such as `\\w` are the largest; `[a-z]` is small";
            self.problems.add_with_hint(words.at.clone(), "the regular expressions become too large together", hint);
        }
        let (pattern, on_text) = (words.text.to_owned(), on_text.unwrap_or(false));
        let pattern::Known { needs, size_bytes } = known;
        Some(LinePattern { pattern, needs, size_bytes, on_text, regex: OnceLock::new() })
    }

    /// Returns the span of a part of a string; of the whole string if the source spells it with escapes.
    fn within(&self, words: &Words<'_>, part: Range<usize>) -> Range<usize> {
        let raw = self.document.source.get(words.at.clone()).unwrap_or_default();
        let unescaped = raw.find(words.text).filter(|before| {
            let after = raw.len() - before - words.text.len();
            // A line end after an opening `"""` is not part of the string.
            matches!((before, after), (1, 1) | (3..=5, 3))
        });
        unescaped.map_or(words.at.clone(), |before| {
            let start = words.at.start + before;
            start + part.start..start + part.end
        })
    }

    fn allowances(&mut self, fields: &Fields<'t>, languages: &[Notation], forbids: bool) -> Vec<Allow> {
        let values = fields.get("allow-in").map(one_or_many).unwrap_or_default();
        let mut allowances = Vec::with_capacity(values.len());
        for value in values {
            match value.get_ref() {
                DeValue::String(_) => {
                    let glob = words(value, Table::Rule, "allow-in", self.problems).and_then(|words| self.glob(&words));
                    allowances.extend(glob.map(|glob| Allow { files: vec![glob], import: Vec::new() }));
                }
                DeValue::Table(_) => allowances.extend(self.allowance(value, languages, forbids)),
                _ => wrong_type(value, Table::Rule, "allow-in", self.problems),
            }
        }
        allowances
    }

    fn allowance(&mut self, value: &'t Value<'t>, languages: &[Notation], forbids: bool) -> Option<Allow> {
        let table = self.table(value, (Table::Rule, "allow-in"), Table::AllowIn)?;
        if table.get("in").is_none() {
            self.problems.add_if_sound(table.at.clone(), "the entry has no `in`", "it says which files may");
        }
        table.not_empty("in", "it says which files may", self.problems);
        let files = self.globs(&table, "in");
        let mut import = Vec::new();
        if table.get("import").is_some() && !forbids {
            let message = "`import` goes with `forbid`, and this rule has `pattern`";
            self.problems.add_with_hint(table.key_at("import"), message, "leave it out");
        } else if let Some(words) = table.words("import", self.problems) {
            self.no_capture(&words, "write `*` for any name");
            import = languages
                .iter()
                .filter_map(|notation| Some((notation.language, self.path(words.text, &words.at, notation, false)?)))
                .collect();
        }
        Some(Allow { files, import })
    }

    fn caps(&mut self, fields: &Fields<'t>, forbids: bool) -> Vec<Cap> {
        let mut caps = Vec::new();
        for value in fields.get("cap").map(one_or_many).unwrap_or_default() {
            let Some(table) = self.table(value, (Table::Rule, "cap"), Table::Cap) else { continue };
            if table.get("in").is_none() && table.get("kind").is_none() {
                let hint = "for the whole rule, lower `severity` itself";
                self.problems.add_if_sound(table.at.clone(), "the cap has neither `in` nor `kind`", hint);
            }
            if table.get("severity").is_none() {
                self.problems.add_if_sound(
                    table.at.clone(),
                    "the cap has no `severity`",
                    "it is the highest one there",
                );
            }
            table.not_empty("in", "leave it out where every file is meant", self.problems);
            table.not_empty("kind", "leave it out where every kind is meant", self.problems);
            let files = self.globs(&table, "in");
            let kinds = self.kinds(&table, "kind", forbids);
            let severity = table.choice("severity", &severities(), self.problems).unwrap_or(Severity::Warn);
            caps.push(Cap { files, kinds, severity });
        }
        caps
    }

    fn kinds(&mut self, table: &Fields<'t>, key: &str, forbids: bool) -> Vec<KindWord> {
        if table.get(key).is_none() {
            return Vec::new();
        }
        let choices: Vec<_> = KindWord::all().map(|kind| (kind.name(), kind)).collect();
        let mut kinds = Vec::new();
        for words in table.many_words(key, self.problems).unwrap_or_default() {
            let Some(kind) = choice(&words, key, &choices, self.problems) else { continue };
            if forbids == (kind == KindWord::Of(Kind::Line)) {
                let has = if forbids { "forbid" } else { "pattern" };
                let message = format!("a rule with `{has}` cannot find the kind `{}`", kind.name());
                self.problems.add(words.at.clone(), message);
            }
            kinds.push(kind);
        }
        kinds
    }
}

fn severities() -> [(&'static str, Severity); 4] {
    Severity::ALL.map(|severity| (severity.name(), severity))
}

fn is_kebab(id: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    id.split('-').all(is_part)
}

fn kebab(id: &str) -> String {
    let mut out = String::new();
    for char in id.chars() {
        if char.is_ascii_alphanumeric() {
            if char.is_ascii_uppercase() && out.ends_with(|last: char| last.is_ascii_lowercase()) {
                out.push('-');
            }
            out.push(char.to_ascii_lowercase());
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}
