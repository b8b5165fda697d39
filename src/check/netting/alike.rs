//! Files that were renamed and edited: which new file is most like a gone one, by the lines that both have, as git finds
//! renames (git-diff(1), `--find-renames`). They must be alike as a whole and in their code: a licence makes no two files
//! alike, nor does the frame around other text.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use memchr::memmem;

use crate::check::source_file::SourceFile;
use crate::text::Text;

/// The part of the larger file that both files must have: git's default.
const MIN_SIMILARITY_PERCENT: usize = 50;
/// Lines that are compared, of all gone or new files of a language together.
const MAX_LINES: usize = 500_000;
/// A line that more files have than this does not lead from one file to another.
const MAX_FILES_OF_A_LINE: usize = 64;
/// Gone files that a new one is compared with as a whole in each round: those with which it shares the most.
const MAX_COMPARED: usize = 8;

/// Files to be compared.
#[derive(Default)]
pub(super) struct Files {
    files: Vec<Contents>,
    line_count: usize,
}

struct Contents {
    /// Index into [`Changes::files`](crate::git::Changes::files).
    file: usize,
    /// All lines, and the code in them.
    all: Lines,
    code: Lines,
}

/// Lines without the spaces around them, by their digests: how many bytes each has that are no spaces.
#[derive(Default)]
struct Lines {
    sorted: Vec<(u64, usize)>,
    bytes: usize,
}

impl Files {
    /// Adds a file, unless there are too many lines already.
    pub fn add(&mut self, file: usize, source: &SourceFile) {
        let Some(language) = source.language() else { return };
        if self.has_room(source.text()) {
            self.add_text(file, stem(source.path()), source.text(), &language.blank(source.file()));
        }
    }

    /// The added files, and how many bytes of code each has.
    pub fn code_bytes(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.files.iter().map(|known| (known.file, known.code.bytes))
    }

    fn has_room(&self, text: &Text<'_>) -> bool {
        self.line_count + text.line_count() <= MAX_LINES
    }

    /// Adds a file by its text, and by its code: the text with spaces in place of comments and of what strings hold. A
    /// file's own name stands for any.
    fn add_text(&mut self, file: usize, stem: &[u8], text: &Text<'_>, code: &[u8]) {
        let name = memmem::Finder::new(stem);
        let (mut all, mut code_lines) = (Lines::default(), Lines::default());
        for number in 1..=text.line_count() {
            let (start, line) = (text.start_of(number), text.line(number));
            all.add(line, &name);
            code_lines.add(code.get(start..start + line.len()).unwrap_or_default(), &name);
        }
        self.line_count += text.line_count();
        all.sorted.sort_unstable();
        code_lines.sorted.sort_unstable();
        self.files.push(Contents { file, all, code: code_lines });
    }
}

impl Lines {
    fn add(&mut self, line: &[u8], name: &memmem::Finder<'_>) {
        let line = nameless(line.trim_ascii(), name);
        let bytes = line.iter().filter(|byte| !byte.is_ascii_whitespace()).count();
        if bytes > 0 {
            let digest = BuildHasherDefault::<DefaultHasher>::default().hash_one(&*line);
            self.sorted.push((digest, bytes));
            self.bytes += bytes;
        }
    }

    /// The part of the larger file's bytes that both have, in percent.
    fn similarity(&self, other: &Self) -> usize {
        let (less, more) = (self.bytes.min(other.bytes), self.bytes.max(other.bytes));
        if 100 * less < MIN_SIMILARITY_PERCENT * more {
            return 0;
        }
        let (mut left, mut right, mut shared) = (self.sorted.iter().peekable(), other.sorted.iter().peekable(), 0);
        while let (Some(here), Some(there)) = (left.peek(), right.peek()) {
            let (is_not_after, is_not_before) = (here <= there, here >= there);
            shared += if is_not_after && is_not_before { here.1 } else { 0 };
            if is_not_after {
                left.next();
            }
            if is_not_before {
                right.next();
            }
        }
        (100 * shared).checked_div(more).unwrap_or(0)
    }
}

/// The name of a file without its ending.
fn stem(path: &[u8]) -> &[u8] {
    let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    name.split(|&byte| byte == b'.').next().unwrap_or_default()
}

/// A line with a zero byte in place of each word `name`.
fn nameless<'l>(line: &'l [u8], name: &memmem::Finder<'_>) -> Cow<'l, [u8]> {
    let is_of_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let length = name.needle().len();
    let is_word = |at: &usize| {
        length > 0 && !is_of_word(at.checked_sub(1).and_then(|at| line.get(at))) && !is_of_word(line.get(at + length))
    };
    let mut found = name.find_iter(line).filter(is_word).peekable();
    if found.peek().is_none() {
        return Cow::Borrowed(line);
    }
    let (mut rest, mut nameless) = (0, Vec::with_capacity(line.len()));
    for at in found {
        nameless.extend_from_slice(&line[rest..at]);
        nameless.push(0);
        rest = at + length;
    }
    nameless.extend_from_slice(&line[rest..]);
    Cow::Owned(nameless)
}

/// Pairs gone and new files one to one, the most alike first.
pub(super) fn pairs(gone: &Files, new: &Files) -> Vec<(usize, usize)> {
    let (mut open_gone, mut open_new) = (vec![true; gone.files.len()], vec![true; new.files.len()]);
    let mut pairs = Vec::new();
    loop {
        let mut alike = candidates(gone, new, &open_gone, &open_new);
        alike.sort_unstable();
        let known = pairs.len();
        for (_, gone_at, new_at) in alike {
            if open_gone[gone_at] && open_new[new_at] {
                (open_gone[gone_at], open_new[new_at]) = (false, false);
                pairs.push((gone.files[gone_at].file, new.files[new_at].file));
            }
        }
        // Many files of one kind: those that were compared now have their pairs, so others have their turn.
        if pairs.len() == known {
            return pairs;
        }
    }
}

/// Gone and new files that are alike, by their places, with how much.
fn candidates(gone: &Files, new: &Files, open_gone: &[bool], open_new: &[bool]) -> Vec<(Reverse<usize>, usize, usize)> {
    let open = |files: &'_ [bool], at: &usize| files[*at];
    let mut with_line: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, file) in gone.files.iter().enumerate().filter(|(at, _)| open(open_gone, at)) {
        for (line, _) in distinct(&file.code) {
            let files = with_line.entry(line).or_default();
            if files.len() <= MAX_FILES_OF_A_LINE {
                files.push(at);
            }
        }
    }
    let mut alike = Vec::new();
    for (new_at, file) in new.files.iter().enumerate().filter(|(at, _)| open(open_new, at)) {
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for (line, bytes) in distinct(&file.code) {
            let files = with_line.get(&line).filter(|files| files.len() <= MAX_FILES_OF_A_LINE);
            for at in files.into_iter().flatten() {
                *shared.entry(*at).or_default() += bytes;
            }
        }
        let mut most: Vec<(usize, usize)> = shared.into_iter().collect();
        most.sort_unstable_by_key(|&(at, bytes)| (Reverse(bytes), at));
        for (at, _) in most.into_iter().take(MAX_COMPARED) {
            let old = &gone.files[at];
            let percent = old.code.similarity(&file.code).min(old.all.similarity(&file.all));
            if percent >= MIN_SIMILARITY_PERCENT {
                alike.push((Reverse(percent), at, new_at));
            }
        }
    }
    alike
}

/// Each line once.
fn distinct(lines: &Lines) -> impl Iterator<Item = (u64, usize)> + '_ {
    lines.sorted.chunk_by(|one, other| one == other).filter_map(|same| same.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(texts: &[&str]) -> Files {
        let mut files = Files::default();
        for (file, text) in texts.iter().enumerate() {
            let text = Text::decode(text.as_bytes());
            files.add_text(file, b"Name", &text, text.bytes());
        }
        files
    }

    #[test]
    fn half_of_the_larger_file_makes_a_pair() {
        let pairs = |gone: &str, new: &str| pairs(&files(&[gone]), &files(&[new])).len();
        assert_eq!(pairs("aaaa\nbbbb\n", "aaaa\ncccc\n"), 1);
        assert_eq!(pairs("aaaa\nbbbb\n", "aaaa\nccccc\n"), 0);
        assert_eq!(pairs("aaaa\n", "aaaa\naaaa\n"), 1);
        assert_eq!(pairs("aaaa\n", "aaaa\naaaa\naaaa\n"), 0, "a repeated line is shared as often as both have it");
        assert_eq!(pairs("aaaa\nbbbb\n", "\tbbbb\n  aaaa\r\n"), 1);
        assert_eq!(pairs("", ""), 0);
    }

    #[test]
    fn a_file_is_alike_as_a_whole_and_in_its_code() {
        let file = |text: &str, code: &str| {
            let mut files = Files::default();
            files.add_text(0, b"x", &Text::decode(text.as_bytes()), code.as_bytes());
            files
        };
        let frame = file("q = '''\nselect one\n'''\n", "q =    \n          \n   \n");
        let other = file("q = '''\nremove two things\n'''\n", "q =    \n                 \n   \n");
        assert_eq!(pairs(&frame, &other), [], "text within a frame");
        let one = file("a # a long licence\n", "a                 \n");
        let other = file("b # a long licence\n", "b                 \n");
        assert_eq!(pairs(&one, &other), [], "comments beside code");
    }

    #[test]
    fn a_files_own_name_stands_for_any() {
        let (mut gone, mut new) = (Files::default(), Files::default());
        for (files, name) in [(&mut gone, "Manager"), (&mut new, "Core")] {
            let text = format!("class {name} {{\n{name} of({name} it)\n}}\n");
            files.add_text(7, name.as_bytes(), &Text::decode(text.as_bytes()), text.as_bytes());
        }
        assert_eq!(pairs(&gone, &new), [(7, 7)]);
        assert_eq!(stem(b"a/b.c/Core.test.js"), b"Core");
        assert_eq!(&*nameless(b"aX X.X_X", &memmem::Finder::new("X")), b"aX \0.X_X");
        assert_eq!(&*nameless(b"ab", &memmem::Finder::new("")), b"ab");
    }

    #[test]
    fn the_most_alike_come_first() {
        let gone = files(&["one\ntwo\nthree", "one\ntwo\nfour"]);
        let new = files(&["one\ntwo\nfour\n", "one\ntwo\nthree\n", "one\ntwo\nfive"]);
        assert_eq!(pairs(&gone, &new), [(0, 1), (1, 0)]);
    }

    #[test]
    fn all_of_many_files_alike_have_their_pairs() {
        let texts = vec!["one\ntwo\n"; 60];
        let expected: Vec<(usize, usize)> = (0..60).map(|at| (at, at)).collect();
        assert_eq!(pairs(&files(&texts), &files(&texts)), expected);
    }

    /// Each compared with each, these would take minutes.
    #[test]
    fn many_files_of_one_kind() {
        let text = |of: usize| (0..40).map(|line| format!("line {line}\n")).chain([format!("{of}\n")]).collect();
        let texts: Vec<String> = (0..5_000).map(text).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (gone, new) = (files(&texts), files(&texts.iter().rev().copied().collect::<Vec<_>>()));
        assert_eq!(pairs(&gone, &new).len(), 5_000);
        let large = "x\n".repeat(MAX_LINES - 1);
        let large = files(&[&large]);
        assert!(large.has_room(&Text::decode(b"a\n")) && !large.has_room(&Text::decode(b"a\nb\n")));
        let small = vec!["x\n"; 60_000];
        assert_eq!(pairs(&large, &files(&small)).len(), 0);
    }
}
