//! Notation of paths in a policy: `a.b.C`, with `*` and `**` for segments; `a.b.C#m` means the same as `a.b.C.m`.

use crate::lang::paths::{cut, respelled, starless};
use crate::notation::Names;

/// Splits a path of the language called `language`; `endings` are the extensions of its files.
pub(in crate::lang) fn split(path: &str, language: &str, endings: &[&str]) -> Result<Vec<String>, String> {
    let path = path.strip_suffix(';').unwrap_or(path);
    let is_file = endings.iter().any(|ending| path.strip_suffix(ending).is_some_and(|stem| stem.ends_with('.')));
    // A backslash may be part of an operator's name.
    if path.contains('/') || (path.contains('\\') && language != "Scala") || is_file {
        let class = respelled(path, endings, ".").unwrap_or_else(|| "com.acme.Thing".to_owned());
        // Packages start beneath the source root: `src/main/java/com/acme`.
        let class = ["java", "kotlin", "scala"]
            .into_iter()
            .find_map(|root| {
                let (before, class) = class.split_once(&format!(".{root}."))?;
                before.starts_with("src").then_some(class)
            })
            .unwrap_or(&class);
        // Scala's old star.
        let class = class.strip_suffix("._").map_or(class.to_owned(), |package| format!("{package}.*"));
        return Err(format!("`{path}` is a file; write its class: `{class}`"));
    }
    if path.starts_with('.') {
        return Err(format!("`{path}` is relative; write it from the top package on"));
    }
    if path.contains(':') {
        let dotted = path.replace("::", ".").replace(':', ".");
        return Err(format!("`{path}` is no {language} name: write `{dotted}`"));
    }
    cut(path, ".", Names::Alike)?.into_iter().map(|segment| checked(path, segment, language)).collect()
}

fn checked(path: &str, segment: String, language: &str) -> Result<String, String> {
    if matches!(segment.as_str(), "*" | "**") {
        return Ok(segment);
    }
    if language != "Java"
        && let Some(name) = segment.strip_prefix('`').and_then(|name| name.strip_suffix('`'))
        && !name.is_empty()
    {
        return Ok(name.to_owned());
    }
    if segment == "_" && path.ends_with("._") {
        return Err(format!("`_` is no segment: `{}` and all beneath it is meant anyway", &path[..path.len() - 2]));
    }
    if is_name(&starless(&segment)) || (language == "Scala" && is_operator(&segment)) {
        return Ok(segment);
    }
    Err(format!("`{segment}` is no {language} name"))
}

/// Returns whether a text is a name that needs no backticks.
pub(in crate::lang) fn is_name(text: &str) -> bool {
    let part = |sign: char| sign == '_' || sign == '$' || sign.is_alphanumeric() || !sign.is_ascii();
    text.chars().all(part) && text.chars().next().is_some_and(|first| !first.is_ascii_digit())
}

/// Returns whether a text is a symbolic name of Scala (`::`, `+=`).
pub(in crate::lang) fn is_operator(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| b"!#%&*+-/:<=>?@\\^|~".contains(&byte))
}

/// Joins segments into a path.
pub(in crate::lang) fn join(segments: &[&str]) -> String {
    segments.join(".")
}
