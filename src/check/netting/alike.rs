//! Files that were renamed and edited: which new file is most like a gone one, by the lines that both have, as git finds
//! renames (git-diff(1), `--find-renames`). Comments do not count: a licence makes no two files alike.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::check::source_file::SourceFile;
use crate::text::Text;

/// The part of the larger file's code that both files must have: git's default.
const MIN_SIMILARITY_PERCENT: usize = 50;
/// Lines of code that are compared, of all files of a side together.
const MAX_LINES: usize = 500_000;
/// A line that more files have than this does not lead from one file to another.
const MAX_FILES_OF_A_LINE: usize = 64;
/// Gone files that a new one is compared with as a whole: those with which it shares the most.
const MAX_COMPARED: usize = 8;

/// Lines of code of files, by which these are compared.
#[derive(Default)]
pub(super) struct Files {
    files: Vec<CodeLines>,
    lines: usize,
}

/// The lines of code of one file: each with its digest and its bytes, in the order of digests.
struct CodeLines {
    /// Index into [`Changes::files`](crate::git::Changes::files).
    file: usize,
    lines: Vec<(u64, usize)>,
    bytes: usize,
}

impl Files {
    /// Adds a file, unless there are too many lines already.
    pub fn add(&mut self, file: usize, source: &SourceFile) {
        if let Some(language) = source.language() {
            self.add_text(file, source.text(), &language.blank(source.file()));
        }
    }

    /// Adds a file by its text, and by its code: the text with spaces in place of comments.
    fn add_text(&mut self, file: usize, text: &Text<'_>, code: &[u8]) {
        if self.lines + text.line_count() > MAX_LINES {
            return;
        }
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        let has_code = |number: &usize| {
            let line = text.start_of(*number)..text.start_of(*number) + text.line(*number).len();
            code.get(line).is_some_and(|line| !line.trim_ascii().is_empty())
        };
        let lines = (1..=text.line_count()).filter(has_code).map(|number| text.line(number).trim_ascii());
        let mut lines: Vec<(u64, usize)> = lines.map(|line| (hasher.hash_one(line), line.len())).collect();
        lines.sort_unstable();
        self.lines += lines.len();
        self.files.push(CodeLines { file, bytes: lines.iter().map(|(_, bytes)| bytes).sum(), lines });
    }
}

/// Pairs gone and new files one to one, the most alike first.
pub(super) fn pairs(gone: &Files, new: &Files) -> Vec<(usize, usize)> {
    let mut with_line: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, file) in gone.files.iter().enumerate() {
        for (line, _) in file.lines.chunk_by(|one, other| one == other).filter_map(|same| same.first()) {
            let files = with_line.entry(*line).or_default();
            if files.len() <= MAX_FILES_OF_A_LINE {
                files.push(at);
            }
        }
    }
    let mut alike = Vec::new();
    for (new_at, file) in new.files.iter().enumerate() {
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for (line, bytes) in &file.lines {
            let files = with_line.get(line).filter(|files| files.len() <= MAX_FILES_OF_A_LINE);
            for at in files.into_iter().flatten() {
                *shared.entry(*at).or_default() += bytes;
            }
        }
        let mut most: Vec<(usize, usize)> = shared.into_iter().collect();
        most.sort_unstable_by_key(|&(at, bytes)| (std::cmp::Reverse(bytes), at));
        for (at, _) in most.into_iter().take(MAX_COMPARED) {
            let percent = gone.files.get(at).map_or(0, |gone| similarity(gone, file));
            if percent >= MIN_SIMILARITY_PERCENT {
                alike.push((std::cmp::Reverse(percent), at, new_at));
            }
        }
    }
    alike.sort_unstable();
    let (mut is_gone_paired, mut is_new_paired) = (vec![false; gone.files.len()], vec![false; new.files.len()]);
    let mut pairs = Vec::new();
    for (_, gone_at, new_at) in alike {
        if !is_gone_paired[gone_at] && !is_new_paired[new_at] {
            (is_gone_paired[gone_at], is_new_paired[new_at]) = (true, true);
            pairs.push((gone.files[gone_at].file, new.files[new_at].file));
        }
    }
    pairs
}

/// The part of the larger file's code that both have, in percent.
fn similarity(one: &CodeLines, other: &CodeLines) -> usize {
    let (mut left, mut right, mut shared) = (one.lines.iter().peekable(), other.lines.iter().peekable(), 0);
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
    (100 * shared).checked_div(one.bytes.max(other.bytes)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(texts: &[&str]) -> Files {
        let mut files = Files::default();
        for (file, text) in texts.iter().enumerate() {
            let text = Text::decode(text.as_bytes());
            files.add_text(file, &text, text.bytes());
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
    fn the_most_alike_come_first() {
        let gone = files(&["one\ntwo\nthree", "one\ntwo\nfour"]);
        let new = files(&["one\ntwo\nfour\n", "one\ntwo\nthree\n", "one\ntwo\nfive"]);
        assert_eq!(pairs(&gone, &new), [(0, 1), (1, 0)]);
    }

    /// Compared each with each, these would take minutes.
    #[test]
    fn many_files_of_one_kind() {
        let text = |of: usize| (0..40).map(|line| format!("line {line}\n")).chain([format!("{of}\n")]).collect();
        let texts: Vec<String> = (0..5_000).map(text).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (gone, new) = (files(&texts), files(&texts.iter().rev().copied().collect::<Vec<_>>()));
        assert_eq!(pairs(&gone, &new).len(), 5_000);
        let mut more = files(&["x\n".repeat(MAX_LINES + 1).as_str(), "a\n"]);
        assert_eq!(more.files.len(), 1, "the large one is left out");
        more.add_text(2, &Text::decode(b"b"), b" ");
        assert_eq!((more.lines, more.files.len()), (1, 2));
    }
}
