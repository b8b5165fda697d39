//! Files, and the names by which they are required.

use std::borrow::Cow;

use crate::lang::Candidate;

/// Returns the segments of a repository path, `.` first.
pub(super) fn from_top(path: &str) -> Candidate<'static> {
    let mut segments = vec![Cow::Borrowed(".")];
    let inner = path.split('/').filter(|segment| !matches!(*segment, "" | "."));
    segments.extend(inner.map(|segment| Cow::Owned(segment.to_owned())));
    segments
}

/// Returns the path without `.rb`, which is usually omitted.
pub(super) fn stem(path: &str) -> &str {
    path.strip_suffix(".rb").unwrap_or(path)
}

/// Returns the name by which a file in a `lib` folder is required: its path in that folder, without the extension.
pub(super) fn beneath_lib(stem: &str) -> Option<&str> {
    match stem.strip_prefix("lib/") {
        Some(name) => Some(name),
        None => stem.split_once("/lib/").map(|(_, name)| name),
    }
}

/// Returns the paths by which other files require this one.
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
    fn files_have_a_name_beneath_lib() {
        let names =
            |path: &str| -> Vec<String> { names_of(path.as_bytes()).iter().map(|name| name.join("/")).collect() };
        assert_eq!(names("lib/a/b.rb"), ["./lib/a/b", "a/b"]);
        assert_eq!(names("gems/x/lib/a.rb"), ["./gems/x/lib/a", "a"]);
        assert_eq!(names("app/a.rb"), ["./app/a"]);
        assert_eq!(names("Rakefile"), ["./Rakefile"]);
    }
}
