//! Uses on lines that are not added, of what imports bind that are not on added lines either: something else in the file
//! has changed, such as the name of a parameter that hid them.

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::check::occurrence::{At, Occurrence, Scan};
use crate::check::source_file::SourceFile;
use crate::git::AddedLines;

/// Tells them from others in one file.
pub(super) struct OldUses<'a> {
    file: &'a SourceFile,
    scan: &'a Scan,
    added: &'a AddedLines,
    new_names: OnceCell<NewNames<'a>>,
}

/// What imports on added lines may bind.
#[derive(Default)]
struct NewNames<'a> {
    /// Every segment of what they name, as languages differ in which of them they bind.
    names: HashSet<&'a str>,
    /// Whether one of them is a star, which may bind any name.
    any: bool,
}

impl<'a> OldUses<'a> {
    pub fn of(file: &'a SourceFile, scan: &'a Scan, added: &'a AddedLines) -> Self {
        Self { file, scan, added, new_names: OnceCell::new() }
    }

    /// Whether the occurrence is such a use.
    pub fn contains(&self, found: &Occurrence) -> bool {
        let At::Import(number) = found.at else { return false };
        let used = self.scan.import(self.file.imports(), number).filter(|import| import.is_use());
        used.is_some_and(|used| !self.added.contains(found.line) && !self.is_bound_anew(used.statement.start))
    }

    /// Whether an import on an added line may bind the name that stands at a place.
    fn is_bound_anew(&self, start: usize) -> bool {
        let text = self.file.text().bytes().get(start..).unwrap_or_default();
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || !byte.is_ascii();
        let name = &text[..text.iter().position(|byte| !is_part(byte)).unwrap_or(text.len())];
        let new_names = self.new_names.get_or_init(|| self.new_names());
        new_names.any || std::str::from_utf8(name).is_ok_and(|name| name.is_empty() || new_names.names.contains(name))
    }

    fn new_names(&self) -> NewNames<'a> {
        let mut new_names = NewNames::default();
        let text = self.file.text();
        let lines = |start: usize, end: usize| text.line_of(start)..=text.line_of(end.saturating_sub(1).max(start));
        for statement in self.file.imports().chunk_by(|one, two| one.statement == two.statement) {
            let Some(first) = statement.first() else { continue };
            if !lines(first.statement.start, first.statement.end).any(|line| self.added.contains(line)) {
                continue;
            }
            for import in statement {
                new_names.any |= import.name.as_deref() == Some("*") && import.alias.is_none();
                let texts = [import.module.as_deref(), import.name.as_deref(), import.alias.as_deref()];
                let is_part = |char: char| char.is_alphanumeric() || matches!(char, '_' | '$');
                let words = texts.into_iter().flatten().flat_map(|text| text.split(move |char| !is_part(char)));
                new_names.names.extend(words);
            }
        }
        new_names
    }
}
