//! Language detection: by file name ending, by whole file name, or by the interpreter in the first
//! line.

use std::sync::LazyLock;

use super::{About, LANGUAGES, Language};

/// Sorted names, each with the index of its language in [`LANGUAGES`].
type Names = Vec<(&'static [u8], usize)>;

/// Tables from names to languages: by ending, and by whole name.
static BY_NAME: LazyLock<[Names; 2]> = LazyLock::new(|| {
    let table = |names: fn(&About) -> &'static [&'static str]| {
        let rows = LANGUAGES.iter().enumerate();
        let mut table: Vec<_> =
            rows.flat_map(|(at, row)| names(row.about()).iter().map(move |name| (name.as_bytes(), at))).collect();
        table.sort_unstable();
        table
    };
    [table(|about| about.extensions), table(|about| about.file_names)]
});

/// Returns the language of the file at `path`, by its name.
#[must_use]
pub fn of_path(path: &[u8]) -> Option<&'static dyn Language> {
    let start = memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1);
    let name = path.get(start..)?;
    let [endings, names] = &*BY_NAME;
    let find = |table: &[(&[u8], usize)], name: &[u8]| {
        let place = table.binary_search_by_key(&name, |(known, _)| known).ok()?;
        LANGUAGES.get(table.get(place)?.1).copied()
    };
    let dots = memchr::memchr_iter(b'.', name);
    let by_ending = dots.filter_map(|dot| name.get(dot + 1..)).find_map(|ending| find(endings, ending));
    by_ending.or_else(|| find(names, name))
}

/// Returns whether only the first line can tell the language of the file at `path`: scripts have no
/// ending.
#[must_use]
pub fn may_be_script(path: &[u8]) -> bool {
    path.rsplit(|&byte| byte == b'/').next().is_some_and(|name| !name.contains(&b'.')) && of_path(path).is_none()
}

/// Returns the language of a script, by the program that its first line calls:
/// `#!/usr/bin/env -S python3.12 -u`.
#[must_use]
pub fn of_script(text: &[u8]) -> Option<&'static dyn Language> {
    const MAX_LINE_BYTES: usize = 256;
    let line = text.strip_prefix(b"#!")?;
    let line = line[..line.len().min(MAX_LINE_BYTES)].split(|&byte| byte == b'\n').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
    let program = |word: &'_ str| word.rsplit('/').next().unwrap_or(word).to_owned();
    let mut called = program(words.next()?);
    if called == "env" {
        // Skips options, and variables for the program.
        called = program(words.find(|word| !word.starts_with('-') && !word.contains('='))?);
    }
    let name = called.trim_end_matches(|sign: char| sign.is_ascii_digit() || sign == '.');
    LANGUAGES.iter().find(|language| language.about().interpreters.contains(&name)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &[u8]) -> Option<&'static str> {
        of_path(path).map(|language| language.notation().language)
    }

    #[test]
    fn names_tell_the_language() {
        assert_eq!(told(b"a.b/x.d.ts"), Some("javascript"));
        assert_eq!(told(b"bad\xff\xfe.py"), Some("python"));
        assert_eq!(told(b"a/Rakefile"), Some("ruby"));
        assert_eq!(told(b"a.py/x"), None);
        assert_eq!(told(b"py"), None);
        assert_eq!(told(b""), None);
    }
}
