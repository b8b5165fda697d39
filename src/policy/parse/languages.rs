//! Names of languages: `language` of a rule, `files` of the settings.

use std::fmt;

use super::keys::Table;
use super::{Fields, Reading};
use crate::globs::GlobId;
use crate::notation::Notation;
use crate::toml_file::{DeValue, Value, Words, choice, listed, one_or_many, shortened, wrong_type};

/// What people call a language or its files, and the name in a policy.
const NICKNAMES: &[(&str, &str)] = &[
    ("ts", "typescript"),
    ("tsx", "typescript"),
    ("js", "javascript"),
    ("jsx", "javascript"),
    ("mjs", "javascript"),
    ("node", "javascript"),
    ("nodejs", "javascript"),
    ("node.js", "javascript"),
    ("ecmascript", "javascript"),
    ("vue", "javascript"),
    ("svelte", "javascript"),
    ("py", "python"),
    ("python2", "python"),
    ("python3", "python"),
    ("ipynb", "python"),
    ("jupyter", "python"),
    ("rs", "rust"),
    ("rb", "ruby"),
    ("rails", "ruby"),
    ("kt", "kotlin"),
    ("kts", "kotlin"),
    ("dotnet", "csharp"),
    (".net", "csharp"),
    ("c-sharp", "csharp"),
    ("cc", "cpp"),
    ("cxx", "cpp"),
    ("hpp", "cpp"),
    ("h", "c"),
    ("objc", "objective-c"),
    ("obj-c", "objective-c"),
    ("objectivec", "objective-c"),
    ("flutter", "dart"),
    ("php8", "php"),
    ("jvm", "java"),
];

impl<'t> Reading<'t> {
    pub(super) fn languages(&mut self, fields: &Fields<'t>, required: bool) -> Vec<Notation> {
        let known = self.notations.iter().map(|notation| notation.language);
        if required && fields.get("language").is_none() {
            let hint = format!("it says how the paths are written: {}", listed(known.clone()));
            self.problems.add_if_sound(fields.at.clone(), "the rule has no `language`", hint);
        }
        let hint = fmt::from_fn(|out| write!(out, "it is one of {}", listed(known.clone())));
        fields.not_empty("language", hint, self.problems);
        let written = fields.many_words("language", self.problems).unwrap_or_default();
        let mut found: Vec<Notation> = Vec::new();
        for words in &written {
            if let Some(notation) = self.language(words, "language")
                && !found.iter().any(|known| known.language == notation.language)
            {
                found.push(notation);
            }
        }
        found
    }

    /// Parses `files` of the settings: further files of each language.
    pub(super) fn files(&mut self, value: &'t Value<'t>) -> Vec<(&'static str, Vec<GlobId>)> {
        let DeValue::Table(table) = value.get_ref() else {
            wrong_type(value, Table::Settings, "files", self.problems);
            return Vec::new();
        };
        let mut files: Vec<(&'static str, Vec<GlobId>)> = Vec::new();
        for (key, value) in table {
            let words = Words { text: key.get_ref(), at: key.span() };
            let Some(notation) = self.language(&words, "files") else { continue };
            let values = one_or_many(value);
            if values.is_empty() {
                self.problems.add_with_hint(value.span(), "an empty list of files", "leave the language out");
            }
            let written = values.into_iter().filter_map(|value| match value.get_ref() {
                DeValue::String(text) => Some(Words { text, at: value.span() }),
                _ => {
                    wrong_type(value, Table::Settings, "files", self.problems);
                    None
                }
            });
            let written: Vec<_> = written.collect();
            let globs = written.iter().filter_map(|words| self.glob(words)).collect();
            files.push((notation.language, globs));
        }
        files
    }

    /// Returns the language of this name.
    fn language(&mut self, words: &Words<'_>, key: &str) -> Option<Notation> {
        if let Some(meant) = self.meant(words.text) {
            let message = format!("`{key}` cannot be `{}`", shortened(words.text));
            self.problems.add_with_hint(words.at.clone(), message, format!("did you mean `{meant}`?"));
            return None;
        }
        choice(words, key, &self.languages, self.problems)
    }

    /// Returns the language that a text means which is not its name: a nickname, or the name in capitals.
    fn meant(&self, text: &str) -> Option<&'static str> {
        let name = |name: &str| self.languages.iter().find(|(known, _)| *known == name).map(|(known, _)| *known);
        if name(text).is_some() || text.len() > 16 {
            return None;
        }
        let lower = text.trim_start_matches("*.").to_lowercase();
        let nickname = || NICKNAMES.iter().find(|(nickname, _)| *nickname == lower).map(|(_, name)| *name);
        name(&lower).or_else(|| name(nickname()?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::errors;

    #[test]
    fn nicknames_are_understood() {
        let cases = [
            ("ts", "did you mean `typescript`?"),
            ("jsx", "did you mean `javascript`?"),
            ("py", "did you mean `python`?"),
            ("Python", "did you mean `python`?"),
            ("*.tsx", "did you mean `typescript`?"),
            // A language that is not known here.
            ("rs", "it is one of"),
        ];
        for (name, hint) in cases {
            let found = errors(&format!("importgate = 1\n[[rule]]\nid = 'x'\nlanguage = '{name}'\nforbid = 'a'"));
            assert!(found.len() == 1 && found[0].contains(hint), "{name}: {found:?}");
        }
    }
}
