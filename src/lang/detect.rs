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

/// Returns the language of this name in a policy.
#[must_use]
pub fn named(name: &str) -> Option<&'static dyn Language> {
    LANGUAGES.iter().find(|language| language.about().notation.language == name).copied()
}

/// Returns whether only the first line can tell the language of the file at `path`: scripts have no
/// ending.
#[must_use]
pub fn may_be_script(path: &[u8]) -> bool {
    path.rsplit(|&byte| byte == b'/').next().is_some_and(|name| !name.contains(&b'.')) && of_path(path).is_none()
}

/// Programs that run another one, which their arguments name, and the interpreter that they run by themselves.
const RUNNERS: &[(&str, Option<&str>)] = &[
    ("npx", None),
    ("pnpx", None),
    ("bunx", None),
    ("npm", None),
    ("pnpm", None),
    ("yarn", None),
    ("bundle", None),
    ("poetry", Some("python")),
    ("pdm", Some("python")),
    ("hatch", Some("python")),
    ("rye", Some("python")),
    ("uv", Some("python")),
    ("uvx", Some("python")),
    ("pipx", Some("python")),
];

/// Returns the language of a script, by the program that its first line calls:
/// `#!/usr/bin/env -S python3.12 -u`, `#!/usr/bin/env -S npx tsx`.
#[must_use]
pub fn of_script(text: &[u8]) -> Option<&'static dyn Language> {
    const MAX_LINE_BYTES: usize = 256;
    let line = text.strip_prefix(b"#!")?;
    let line = line[..line.len().min(MAX_LINE_BYTES)].split(|&byte| byte == b'\n').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
    let mut called = program(words.next()?);
    while called == "env" {
        // Skips options, and variables for the program; `-Sprogram` is one word.
        let is_program = |word: &&str| !word.is_empty() && !word.starts_with('-') && !word.contains('=');
        let split = |word| ["--split-string=", "-S"].into_iter().find_map(|option| str::strip_prefix(word, option));
        called = program(words.by_ref().map(|word| split(word).unwrap_or(word)).find(is_program)?);
    }
    let Some((_, own)) = RUNNERS.iter().find(|(runner, _)| *runner == called) else { return of_interpreter(called) };
    words.find_map(|word| of_interpreter(program(word))).or_else(|| of_interpreter((*own)?))
}

/// Returns the name of a program, without its folder and its version: `/usr/bin/python3.12`, `tsx@4`.
fn program(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.split('@').next().unwrap_or(name);
    name.trim_end_matches(|sign: char| sign.is_ascii_digit() || sign == '.')
}

fn of_interpreter(name: &str) -> Option<&'static dyn Language> {
    LANGUAGES.iter().find(|language| language.about().interpreters.contains(&name)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &[u8]) -> Option<&'static str> {
        of_path(path).map(|language| language.notation().language)
    }

    #[test]
    fn first_lines_tell_the_language() {
        for (line, language) in [
            ("#!/usr/bin/env python3.12 -u", Some("python")),
            ("#!/usr/bin/python", Some("python")),
            ("#!/usr/bin/env -S npx tsx", Some("javascript")),
            ("#!/usr/bin/env -S npx --yes ts-node --esm", Some("javascript")),
            ("#!/usr/bin/env -S pnpm dlx tsx", Some("javascript")),
            ("#!/usr/bin/env -S npx --yes tsx@4", Some("javascript")),
            ("#!/usr/bin/env -S npx -y ts-node@latest", Some("javascript")),
            ("#!/usr/bin/env -S npx -y @acme/cowsay@1", None),
            ("#!/usr/bin/env -Snode --import=tsx", Some("javascript")),
            ("#!/usr/bin/env --split-string=deno run -A", Some("javascript")),
            ("#!/usr/bin/env -S uv run --script", Some("python")),
            ("#!/usr/bin/env -S uv run --quiet --script", Some("python")),
            ("#!/usr/bin/env -S A=b uv run python", Some("python")),
            ("#!/usr/bin/env -S bundle exec ruby", Some("ruby")),
            ("#!/usr/bin/env -S npx cowsay", None),
            ("#!/usr/bin/env -S", None),
            ("#!/bin/sh node", None),
            ("#!/bin/bash", None),
        ] {
            let told = of_script(format!("{line}\nx").as_bytes()).map(|language| language.notation().language);
            assert_eq!(told, language, "{line}");
        }
    }

    #[test]
    fn names_tell_the_language() {
        assert_eq!(told(b"a.b/x.d.ts"), Some("javascript"));
        assert_eq!(told(b"x.js.flow"), Some("javascript"));
        assert_eq!(told(b"x.flow"), None);
        assert_eq!(told(b"bad\xff\xfe.py"), Some("python"));
        assert_eq!(told(b"a/Rakefile"), Some("ruby"));
        assert_eq!(told(b"a.py/x"), None);
        assert_eq!(told(b"py"), None);
        assert_eq!(told(b""), None);
    }
}
