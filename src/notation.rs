//! Path syntax of a language, so that a policy can be parsed without knowing languages.

/// Path syntax of one language.
#[derive(Clone, Copy, Debug)]
pub struct Notation {
    /// The language's name in a policy.
    pub language: &'static str,
    /// Other names for the same files and paths (`typescript`).
    pub aliases: &'static [&'static str],
    /// Whether paths tell names from modules.
    pub names: Names,
    /// Splits a path into segments, or returns an error message. Any segment may hold stars: what they mean is the
    /// policy's.
    pub split: fn(&str) -> Result<Vec<String>, String>,
    /// Joins segments into a path.
    pub join: fn(&[&str]) -> String,
}

/// Whether a name taken from a module is told from a module beneath it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Both are written alike (`a.b.C`), so `a.b#C` means the same.
    Alike,
    /// `lodash/fp` is a separate module, `lodash#fp` a name: its segment keeps the `#`.
    Apart,
    /// Apart in paths of the repository's files (`./lib/a.php`), alike in all others (`A\B`).
    ApartInFiles,
}

impl Names {
    /// Returns whether a path of these segments tells names from modules.
    #[must_use]
    pub fn are_apart(self, segments: &[String]) -> bool {
        match self {
            Self::Alike => false,
            Self::Apart => true,
            Self::ApartInFiles => segments.first().is_some_and(|first| first == "."),
        }
    }
}
