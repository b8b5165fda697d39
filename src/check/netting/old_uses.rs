//! Uses on lines that are not added, of what imports bind that are not on added lines either: something else in the file
//! has changed, such as the name of a parameter that hid them.

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::check::occurrence::{At, Occurrence, Scan};
use crate::check::source_file::SourceFile;
use crate::git::AddedLines;
use crate::lang::Import;

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
    /// The module of each, and the name that is taken from it.
    targets: HashSet<(&'a str, Option<&'a str>)>,
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
        used.is_some_and(|used| !self.added.contains(found.line) && !self.is_bound_anew(used))
    }

    /// Whether an import on an added line may bind what is used: the first name that stands there, or its module, as names
    /// can be taken from what is bound (`const {x} = module`).
    fn is_bound_anew(&self, used: &Import<'_>) -> bool {
        let text = self.file.text().bytes().get(used.statement.start..).unwrap_or_default();
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || !byte.is_ascii();
        let name = &text[..text.iter().position(|byte| !is_part(byte)).unwrap_or(text.len())];
        let new_names = self.new_names.get_or_init(|| self.new_names());
        let module = used.module.as_deref().unwrap_or_default();
        let above = module.rfind(|char| !is_word(char)).map(|at| {
            let (above, name) = module.split_at(at);
            (above.trim_end_matches(|char| !is_word(char)), Some(name.trim_start_matches(|char| !is_word(char))))
        });
        new_names.any
            || std::str::from_utf8(name).is_ok_and(|name| name.is_empty() || new_names.names.contains(name))
            || new_names.targets.contains(&(module, None))
            || above.is_some_and(|target| new_names.targets.contains(&target))
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
                let words = texts.into_iter().flatten().flat_map(|text| text.split(|char| !is_word(char)));
                new_names.names.extend(words.filter(|word| !word.is_empty()));
                let module = import.module.as_deref().unwrap_or_default();
                new_names.targets.extend([(module, None), (module, import.name.as_deref())]);
            }
        }
        new_names
    }
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '$')
}
