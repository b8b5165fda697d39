//! Path syntax of a language, so that a policy can be parsed without knowing languages.

/// Path syntax of one language.
#[derive(Clone, Copy, Debug)]
pub struct Notation {
    /// The language's name in a policy.
    pub language: &'static str,
    /// Other names for the same files and paths (`typescript`).
    pub aliases: &'static [&'static str],
    /// Splits a path (which may hold `*` and `**` as whole segments) into segments, or returns an error message.
    pub split: fn(&str) -> Result<Vec<String>, String>,
    /// Joins segments into a path.
    pub join: fn(&[&str]) -> String,
}
