//! Paths of files in the judged tree: folders, joins, and the segments by which rules name a file.

use std::borrow::Cow;

use super::Candidate;

/// Returns the path of a file or folder of the repository in segments, the first of which is `.`,
/// the top.
pub(super) fn in_repository(path: &[u8]) -> Candidate<'static> {
    let segments = path.split(|&byte| byte == b'/').filter(|segment| !segment.is_empty());
    let segments = segments.map(|segment| Cow::Owned(String::from_utf8_lossy(segment).into_owned()));
    std::iter::once(Cow::Borrowed(".")).chain(segments).collect()
}

/// Returns the folder of a file; empty at the top.
pub(super) fn folder_of(path: &[u8]) -> &[u8] {
    path.iter().rposition(|&byte| byte == b'/').and_then(|slash| path.get(..slash)).unwrap_or_default()
}

/// Returns the folder of a file; empty at the top.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Joins a path to a folder, resolving `.` and `..`; `None` if it leaves the repository.
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

/// Returns the relative path from a folder to a file.
pub(super) fn relative(folder: &str, file: &[&str]) -> String {
    let from: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    let same = from.iter().zip(file).take_while(|(from, to)| from == to).count().min(file.len().saturating_sub(1));
    let mut way = vec![".."; from.len() - same];
    way.extend(file.get(same..).unwrap_or_default());
    way.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_lead_from_folder_to_file() {
        assert_eq!(relative("lib/a", &["lib", "b", "c"]), "../b/c");
        assert_eq!(relative("lib/a", &["lib", "a", "c"]), "c");
        assert_eq!(relative("", &["lib", "c"]), "lib/c");
        assert_eq!(relative("lib/a", &["lib", "a"]), "../a");
    }

    #[test]
    fn paths_join_their_folder() {
        assert_eq!(joined("lib/a", "../b/./c").as_deref(), Some("lib/b/c"));
        assert_eq!(joined("", "a").as_deref(), Some("a"));
        assert_eq!(joined("lib", "../../a"), None);
        assert_eq!(joined("a/b", "../c/./d").as_deref(), Some("a/c/d"));
        assert_eq!(joined("", "./a").as_deref(), Some("a"));
        assert_eq!(joined("a", "..").as_deref(), Some(""));
        assert_eq!(joined("a", "../.."), None);
        assert_eq!(folder("lib/a/b.rb"), "lib/a");
        assert_eq!(folder("b.rb"), "");
    }
}
