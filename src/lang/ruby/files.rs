//! Files and the names that they are asked for by.

use std::borrow::Cow;

use crate::lang::Candidate;

/// The segments of a repository path, `.` first.
pub(super) fn from_top(path: &str) -> Candidate<'static> {
    let mut segments = vec![Cow::Borrowed(".")];
    let inner = path.split('/').filter(|segment| !matches!(*segment, "" | "."));
    segments.extend(inner.map(|segment| Cow::Owned(segment.to_owned())));
    segments
}

/// A path from a folder on, without `.` and `..`; `None` where it leads out of the repository.
pub(super) fn joined(folder: &str, path: &str) -> Option<String> {
    let mut segments: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            _ => segments.push(segment),
        }
    }
    Some(segments.join("/"))
}

/// The folder of a file; empty at the top.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The path without the ending that nobody writes.
pub(super) fn stem(path: &str) -> &str {
    path.strip_suffix(".rb").unwrap_or(path)
}

/// What a file in a folder `lib` is asked for by: its path beneath that folder, without the ending.
pub(super) fn beneath_lib(stem: &str) -> Option<&str> {
    match stem.strip_prefix("lib/") {
        Some(name) => Some(name),
        None => stem.split_once("/lib/").map(|(_, name)| name),
    }
}

/// The paths that a file has for whoever asks for it.
pub(super) fn names_of(path: &[u8]) -> Vec<Candidate<'static>> {
    let path = String::from_utf8_lossy(path);
    let stem = stem(&path);
    let beneath = beneath_lib(stem).map(|name| name.split('/').map(|segment| Cow::Owned(segment.to_owned())).collect());
    [Some(from_top(stem)), beneath].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_join_their_folder() {
        assert_eq!(joined("lib/a", "../b/./c").as_deref(), Some("lib/b/c"));
        assert_eq!(joined("", "a").as_deref(), Some("a"));
        assert_eq!(joined("lib", "../../a"), None);
        assert_eq!(folder("lib/a/b.rb"), "lib/a");
        assert_eq!(folder("b.rb"), "");
    }

    #[test]
    fn files_have_a_name_beneath_lib() {
        let names =
            |path: &str| -> Vec<String> { names_of(path.as_bytes()).iter().map(|name| name.join("/")).collect() };
        assert_eq!(names("lib/a/b.rb"), ["./lib/a/b", "a/b"]);
        assert_eq!(names("gems/x/lib/a.rb"), ["./gems/x/lib/a", "a"]);
        assert_eq!(names("app/a.rb"), ["./app/a"]);
        assert_eq!(names("Rakefile"), ["./Rakefile"]);
    }
}
