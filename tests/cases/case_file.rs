//! Reader and updater of case files; README.md in this folder describes the format.

use std::path::{Path, PathBuf};

/// The sections that hold what is expected, one of which each case ends with.
const EXPECTATIONS: [&str; 5] = ["findings", "rows", "uses", "code", "rewritten"];
/// The other sections with a text beneath them, and whether their header names a path.
const TEXTS: [(&str, bool); 4] = [("policy", false), ("before", true), ("after", true), ("file", true)];
/// Sections that are a header alone, and whether it says anything after the keyword.
const HEADERS: [(&str, bool); 6] = [
    ("gone", true),
    ("as-of", true),
    ("forbid", true),
    ("use-instead", true),
    ("no-oracle", false),
    ("binds-differs", false),
];

/// A line `--- KEYWORD ARGUMENT`, and the text beneath it.
#[derive(Clone)]
pub struct Section {
    pub keyword: String,
    pub argument: String,
    /// As it is written: control pictures stand for control characters.
    body: String,
    /// Index of the first line beneath the header.
    start: usize,
}

impl Section {
    /// The text that is meant.
    pub fn text(&self) -> String {
        let text = self.body.strip_suffix("␄\n").unwrap_or(&self.body);
        let control = |sign: char| match sign {
            '\u{2400}'..='\u{241f}' => char::from_u32(u32::from(sign) - 0x2400).unwrap(),
            _ => sign,
        };
        text.chars().map(control).collect()
    }
}

/// One case: the sections that its file begins with, and its own.
#[derive(Clone)]
pub struct Case {
    pub name: String,
    /// The line of its name, from 1.
    pub line: usize,
    sections: Vec<Section>,
}

impl Case {
    /// All sections of a keyword, in their order.
    pub fn all<'a>(&'a self, keyword: &'a str) -> impl Iterator<Item = &'a Section> {
        self.sections.iter().filter(move |section| section.keyword == keyword)
    }

    /// The section of a keyword; a case's own one counts, not that of its file.
    pub fn one(&self, keyword: &str) -> Option<&Section> {
        self.sections.iter().rev().find(|section| section.keyword == keyword)
    }

    /// The keyword of what is expected.
    pub fn kind(&self) -> &str {
        &self.expectation().keyword
    }

    /// What is expected, without empty lines at its end.
    pub fn expected(&self) -> &str {
        self.expectation().body.trim_end()
    }

    fn expectation(&self) -> &Section {
        self.sections.last().unwrap()
    }

    /// The case with other texts of files.
    pub fn map_texts(&self, change: impl Fn(&Section) -> Option<String>) -> Self {
        let mut case = self.clone();
        for section in &mut case.sections {
            if let Some(body) = change(section) {
                section.body = body;
            }
        }
        case
    }

    /// A section that must stand once and with an argument is there; names and keywords are known.
    fn check(&self) -> Result<(), String> {
        let says = |section: &Section| {
            let known = TEXTS.iter().chain(&HEADERS).find(|(keyword, _)| *keyword == section.keyword);
            match known {
                Some((_, names)) if *names == section.argument.is_empty() => Err(format!(
                    "`--- {}` {}",
                    section.keyword,
                    if *names { "names nothing" } else { "names something" }
                )),
                None => Err(format!("`--- {}` is no section", section.keyword)),
                Some(_) if HEADERS.contains(known.unwrap()) && !section.body.trim().is_empty() => {
                    Err(format!("beneath `--- {}` stands a text", section.keyword))
                }
                Some(_) => Ok(()),
            }
        };
        let (last, others) = self.sections.split_last().ok_or("a case without sections")?;
        if !EXPECTATIONS.contains(&last.keyword.as_str()) || !last.argument.is_empty() {
            return Err(format!("the last section is `--- {}`, not one of {EXPECTATIONS:?}", last.keyword));
        }
        others.iter().try_for_each(says)
    }
}

/// A file of cases.
pub struct CaseFile {
    /// Its path beneath `tests/cases`, without the ending.
    pub name: String,
    pub path: PathBuf,
    pub cases: Vec<Case>,
}

impl CaseFile {
    /// Reads a file, or says what is wrong with it and where.
    pub fn read(folder: &Path, path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let name = path.strip_prefix(folder).unwrap().with_extension("").to_string_lossy().into_owned();
        let cases = cases(&text).map_err(|(line, why)| format!("{}:{line}: {why}", path.display()))?;
        Ok(Self { name, path: path.to_owned(), cases })
    }
}

fn cases(text: &str) -> Result<Vec<Case>, (usize, String)> {
    let mut shared: Vec<Section> = Vec::new();
    let mut cases: Vec<Case> = Vec::new();
    let mut open = false;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if let Some(name) = line.strip_prefix("=== ") {
            let name = name.trim_end().to_owned();
            if cases.iter().any(|case| case.name == name) {
                return Err((index + 1, format!("two cases are named `{name}`")));
            }
            // The empty line before the first case belongs to nobody.
            if let Some(last) = shared.last_mut().filter(|_| cases.is_empty() && open) {
                last.body.truncate(last.body.trim_end().len() + 1);
            }
            cases.push(Case { name, line: index + 1, sections: shared.clone() });
            open = false;
        } else if let Some(header) = line.strip_prefix("--- ") {
            let (keyword, argument) = header.trim_end().split_once(' ').unwrap_or((header.trim_end(), ""));
            let [keyword, argument] = [keyword, argument].map(str::to_owned);
            let sections = cases.last_mut().map_or(&mut shared, |case| &mut case.sections);
            sections.push(Section { keyword, argument, body: String::new(), start: index + 1 });
            open = true;
        } else if open {
            let sections = cases.last_mut().map_or(&mut shared, |case| &mut case.sections);
            sections.last_mut().unwrap().body += line;
        }
        // Before the first header stands what the file or the case is for.
    }
    for case in &cases {
        case.check().map_err(|why| (case.line, format!("{}: {why}", case.name)))?;
    }
    if cases.is_empty() { Err((1, "no case".to_owned())) } else { Ok(cases) }
}

/// Writes what was found into the file in the place of what a case expects; all else stays as it is.
pub fn accept(path: &Path, name: &str, found: &str) -> std::io::Result<()> {
    let text = std::fs::read_to_string(path)?;
    let cases = cases(&text).unwrap();
    let at = cases.iter().position(|case| case.name == name).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (before, rest) = lines.split_at(cases[at].expectation().start);
    let after = cases.get(at + 1).map_or(&[][..], |next| &rest[next.line - 1 - before.len()..]);
    let end = if found.is_empty() { "" } else { "\n" };
    let between = if after.is_empty() { "" } else { "\n" };
    std::fs::write(path, [&before.concat(), found, end, between, &after.concat()].concat())
}

/// A text as a case shows it.
pub fn shown(text: &str) -> String {
    let picture = |sign: char| match sign {
        '\n' | '\t' => sign,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(sign)).unwrap(),
        _ => sign,
    };
    text.chars().map(picture).collect()
}
