//! The parts of `go.mod` and `go.work` that importgate reads.
//!
//! Format: Go Modules Reference, "go.mod files" (lexical elements, `module`, `replace`) and "Workspaces" (`use`).

use std::borrow::Cow;

use super::literal;

/// Maximum number of `replace` entries, and of `use` entries, that are read.
const MAX_ENTRIES: usize = 1000;
/// Maximum length of a line, in bytes; longer ones name no module.
const MAX_LINE_BYTES: usize = 4096;
/// Maximum size of a module file that is read, in bytes.
const MAX_FILE_BYTES: usize = 256 << 10;

/// Lines of a module file that lead to folders.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ModFile {
    /// Path of the module.
    pub(super) module: Option<String>,
    /// Module paths, and the folders that replace them, as written (`../other`).
    pub(super) replaced: Vec<(String, String)>,
    /// Modules of a workspace: folders as written.
    pub(super) used: Vec<String>,
}

impl ModFile {
    pub(super) fn read(text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text.get(..MAX_FILE_BYTES).unwrap_or(text));
        let mut file = Self::default();
        let mut block: Option<&str> = None;
        for line in text.lines().filter(|line| line.len() <= MAX_LINE_BYTES) {
            let words = words(line);
            let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
            match (block, words.as_slice()) {
                (_, []) => {}
                (Some(_), [")"]) => block = None,
                (Some(verb), entry) => file.entry(verb, entry),
                (None, [verb, "("]) => {
                    block = ["module", "replace", "use"].into_iter().find(|known| known == verb).or(Some(""));
                }
                (None, [verb, entry @ ..]) => file.entry(verb, entry),
            }
        }
        file
    }

    /// Returns the bytes of memory that it takes, nearly.
    pub(super) fn size(&self) -> usize {
        let pairs = self.replaced.iter().map(|(path, folder)| path.len() + folder.len() + 2 * size_of::<String>());
        pairs.chain(self.used.iter().map(|folder| folder.len() + size_of::<String>())).sum()
    }

    fn entry(&mut self, verb: &str, entry: &[&str]) {
        match (verb, entry) {
            ("module", [path]) if self.module.is_none() => self.module = Some((*path).to_owned()),
            ("replace", [path, "=>", folder] | [path, _, "=>", folder])
                if is_local(folder) && self.replaced.len() < MAX_ENTRIES =>
            {
                self.replaced.push(((*path).to_owned(), (*folder).to_owned()));
            }
            ("use", [folder]) if self.used.len() < MAX_ENTRIES => self.used.push((*folder).to_owned()),
            _ => {}
        }
    }
}

fn is_local(path: &str) -> bool {
    matches!(path, "." | "..") || path.starts_with("./") || path.starts_with("../")
}

/// Returns the words of a line, without its comment; quoted ones are unquoted. Brackets and commas
/// are separate words.
fn words(line: &str) -> Vec<Cow<'_, str>> {
    let (mut words, mut at) = (Vec::new(), 0);
    while let Some(first) = line.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = line.get(at..).unwrap_or_default();
        if first.is_whitespace() {
            at += first.len_utf8();
        } else if rest.starts_with("//") {
            break;
        } else if matches!(first, '(' | ')' | ',') {
            words.push(Cow::Borrowed(rest.get(..1).unwrap_or_default()));
            at += 1;
        } else if let Some((end, said)) = literal::read(line.as_bytes(), at).filter(|_| matches!(first, '"' | '`')) {
            words.push(said);
            at = end;
        } else {
            let stops = |sign: char| sign.is_whitespace() || matches!(sign, '(' | ')' | ',');
            let length = rest.find(stops).unwrap_or(rest.len()).min(rest.find("//").unwrap_or(rest.len()));
            words.push(Cow::Borrowed(rest.get(..length).unwrap_or_default()));
            at += length;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_named_in_every_form() {
        for text in [
            "module x.org/a\n",
            "// c\nmodule x.org/a // Deprecated: no\r\ngo 1.19\n",
            "module \"x.org/a\"\n",
            "module `x.org/a`\n",
            "module (\n\t\"x.org/\\x61\" // c\n)\n",
            "require (\n\tmodule v1\n)\nmodule x.org/a\nmodule x.org/b\n",
        ] {
            assert_eq!(ModFile::read(text.as_bytes()).module.as_deref(), Some("x.org/a"), "{text}");
        }
        for text in
            ["", "module", "modules x.org/a", "// module x.org/a", "module (\n)", "require (\nmodule x.org/a\n)"]
        {
            assert_eq!(ModFile::read(text.as_bytes()).module, None, "{text}");
        }
    }

    #[test]
    fn folders_are_those_that_are_written() {
        let text = "replace x.org/b => ../b\nreplace (\n\tx.org/c v1.2.3 => ./c // d\n\tx.org/d => x.org/e v1\n)\nuse (\n./f\n)\nuse .";
        let file = ModFile::read(text.as_bytes());
        let pair = |left: &str, right: &str| (left.to_owned(), right.to_owned());
        assert_eq!(file.replaced, [pair("x.org/b", "../b"), pair("x.org/c", "./c")]);
        assert_eq!(file.used, ["./f", "."]);
    }

    #[test]
    fn what_is_beyond_any_module_file_is_not_read() {
        let text = format!("{}module x.org/a\n", "// c\n".repeat(MAX_FILE_BYTES));
        assert_eq!(ModFile::read(text.as_bytes()).module, None);
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for piece in ["(", ")", "\"", "`", "module ", "replace a => ./b\n", "use (\n", "//", "é ", "\\"] {
            ModFile::read(piece.repeat(100_000).as_bytes());
        }
    }
}
