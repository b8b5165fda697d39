//! Notation of Ruby paths in a policy: as in `require`, `active_support/core_ext`, or from the top of the repository,
//! `./lib/legacy`; both without `.rb`.

use crate::lang::paths::{cut, joined};
use crate::notation::{Names, Notation};

/// Notation of `require` paths.
pub(super) static NOTATION: Notation = Notation { language: "ruby", aliases: &[], names: Names::Apart, split, join };

fn split(path: &str) -> Result<Vec<String>, String> {
    if let Some(stem) = path.strip_suffix(".rb") {
        return Err(format!("`{path}` is a file; write `{stem}`"));
    }
    if path.starts_with("../") || path.starts_with('/') {
        return Err(format!(
            "`{path}` starts nowhere; write it from the top of the repository on, such as `./lib/legacy`"
        ));
    }
    if path.contains("::") {
        let file = underscored(path.split('#').next().unwrap_or(path));
        return Err(format!("`{path}` is a constant, and imports name files; write the file, such as `{file}`"));
    }
    cut(path, "/", Names::Apart)
}

/// Returns the file in which a constant is by convention: `ActiveSupport::CoreExt` is in `active_support/core_ext`.
fn underscored(constant: &str) -> String {
    let mut file = String::new();
    let chars: Vec<char> = constant.trim_matches(':').replace("::", "/").chars().collect();
    for (at, &char) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| chars.get(before));
        let after_lower = before.is_some_and(|before| before.is_lowercase() || before.is_ascii_digit());
        let begins_word = before.is_some_and(|before| before.is_uppercase())
            && chars.get(at + 1).is_some_and(|next| next.is_lowercase());
        if char.is_uppercase() && (after_lower || begins_word) {
            file.push('_');
        }
        file.extend(char.to_lowercase());
    }
    file
}

fn join(segments: &[&str]) -> String {
    joined(segments, "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fall_into_segments() {
        assert_eq!(split("active_support/core_ext").unwrap(), ["active_support", "core_ext"]);
        assert_eq!(split("./lib/**").unwrap(), [".", "lib", "**"]);
        assert_eq!(split("net/http#Get").unwrap(), ["net", "http", "#Get"]);
        assert_eq!(join(&[".", "lib", "a", "#B"]), "./lib/a#B");
    }

    #[test]
    fn what_is_no_path_is_said_so() {
        for (path, words) in [
            ("", "a path is needed"),
            ("./lib/a.rb", "write `./lib/a`"),
            ("ActiveSupport::CoreExt#Old", "`active_support/core_ext`"),
            ("::HTTPClient::V2Api", "`http_client/v2_api`"),
            ("../a", "from the top"),
            ("/opt/a", "from the top"),
            ("a//b", "empty segment"),
        ] {
            let error = split(path).unwrap_err();
            assert!(error.contains(words), "{path}: {error}");
        }
    }
}
