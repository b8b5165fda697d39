//! How a language writes a path, so that a policy can be read without knowing languages.

/// The paths of one language: its name, and how a path falls into segments.
#[derive(Clone, Copy, Debug)]
pub struct Notation {
    /// The language's name in a policy.
    pub language: &'static str,
    /// Other names of it (`typescript`): the same files, the same paths.
    pub aliases: &'static [&'static str],
    /// Cuts a path (which may hold `*` and `**` as whole segments) into segments, or says what is wrong with it.
    pub split: fn(&str) -> Result<Vec<String>, String>,
    /// Writes segments as a path.
    pub join: fn(&[&str]) -> String,
}
