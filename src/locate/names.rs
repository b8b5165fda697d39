//! Names of policies, by which their rules are told where several may judge.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path};

/// Name of a file that has none.
const NAMELESS: &str = "policy";

/// Returns a name for each file: its stem, with as much of the folders before it as no other file has. Names have no
/// character that could not be typed as a word of a command, or that ends one in a push option.
#[must_use]
pub fn names(files: &[&Path]) -> Vec<String> {
    let by_stem = apart(&files.iter().map(|file| parts(file, false)).collect::<Vec<_>>());
    let whole: Vec<Vec<String>> = files.iter().map(|file| parts(file, true)).collect();
    let by_whole = if by_stem.contains(&None) { apart(&whole) } else { vec![None; files.len()] };
    let mut taken = HashSet::new();
    let unique = |name: String| {
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        names.find(|name| taken.insert(name.clone())).unwrap_or(name)
    };
    let names = by_stem.into_iter().zip(by_whole).zip(&whole);
    names.map(|((stem, ending), whole)| stem.or(ending).unwrap_or_else(|| name(whole, 1))).map(unique).collect()
}

/// Returns for each file the shortest name that no other one has; `None` if others have all of its parts.
fn apart(files: &[Vec<String>]) -> Vec<Option<String>> {
    let mut apart = vec![None; files.len()];
    let longest = files.iter().map(Vec::len).max().unwrap_or_default();
    for count in 1..=longest {
        if apart.iter().all(Option::is_some) {
            break;
        }
        let mut number: HashMap<String, usize> = HashMap::new();
        files.iter().for_each(|parts| *number.entry(name(parts, count)).or_default() += 1);
        for (place, parts) in apart.iter_mut().zip(files).filter(|(place, _)| place.is_none()) {
            *place = Some(name(parts, count)).filter(|name| number.get(name) == Some(&1));
        }
    }
    apart
}

/// Returns the last parts of a path.
fn name(parts: &[String], count: usize) -> String {
    parts.get(parts.len().saturating_sub(count)..).unwrap_or_default().join("/")
}

/// Returns the parts of a file's path, the last one without its ending unless it is `whole`.
fn parts(file: &Path, whole: bool) -> Vec<String> {
    let folders = file.parent().into_iter().flat_map(Path::components);
    let folders = folders.filter(|part| matches!(part, Component::Normal(_) | Component::ParentDir));
    let last = if whole { file.file_name() } else { file.file_stem() };
    let last = last.map_or(NAMELESS.into(), |last| last.to_string_lossy());
    folders.map(|part| typed(&part.as_os_str().to_string_lossy())).chain([typed(&last)]).collect()
}

/// Replaces what a shell or a push option would not take as a part of a word.
fn typed(part: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "._-~@+".contains(letter);
    part.chars().map(|letter| if is_plain(letter) { letter } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_what_tells_them_apart() {
        let cases: [(&[&str], &[&str]); 10] = [
            (&["/etc/importgate/org.toml"], &["org"]),
            (&["/etc/org.toml", "next.toml"], &["org", "next"]),
            (&["/a/next/rules/x.toml", "/a/old/rules/x.toml"], &["next/rules/x", "old/rules/x"]),
            (&["/a/x.toml", "/b/x.toml", "/b/y.toml"], &["a/x", "b/x", "y"]),
            (&["x.toml", "/b/x.toml"], &["x", "b/x"]),
            (&["/a/x.toml", "/a/x.conf", "/a/x"], &["x.toml", "x.conf", "x"]),
            (&["/a/x", "/a/x"], &["x", "x-2"]),
            (&["/a/x.toml.toml", "/b/x.toml", "/b/x.conf"], &["x.toml", "x.toml-2", "x.conf"]),
            (&["/", "..", ""], &["policy", "policy-2", "policy-3"]),
            (&["/a/o: r'g\n.toml", "/a/.toml"], &["o--r-g-", ".toml"]),
        ];
        for (files, expected) in cases {
            let files: Vec<_> = files.iter().map(Path::new).collect();
            assert_eq!(names(&files), expected, "{files:?}");
        }
    }
}
