//! Comments and line ends between the tokens of each statement that the cases of a language hold: what is found stays
//! the same, places aside.

mod spelling;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use importgate::lang::{self, Asked, File, Import, LANGUAGES, Language};
use libtest_mimic::{Failed, Trial};

use crate::case_file::{Case, CaseFile};
use spelling::Spelling;

/// Failures that one test tells; the others are counted.
const TOLD: usize = 8;

/// The texts of a language's files, each with its path.
type Texts = BTreeSet<(String, String)>;

/// A test for each language.
pub fn trials(files: &[CaseFile]) -> Vec<Trial> {
    let trial = |language: &&'static dyn Language| {
        let (language, name) = (*language, language.notation().language);
        let texts = texts(language, files);
        Trial::test(format!("between tokens: {name}"), move || changes_nothing(language, &texts))
    };
    LANGUAGES.iter().map(trial).collect()
}

/// The texts in all cases but broken ones: there, a line end may end a statement that goes on otherwise.
fn texts(language: &dyn Language, files: &[CaseFile]) -> Texts {
    let name = language.notation().language;
    let of_language = |path: &str| lang::of_path(path.as_bytes()).is_some_and(|of| of.notation().language == name);
    let whole = |case: &&Case| case.one("no-oracle").is_none() && !case.name.starts_with("broken");
    let mut texts = Texts::new();
    for case in files.iter().flat_map(|file| &file.cases).filter(whole) {
        for section in ["file", "before", "after"].into_iter().flat_map(|keyword| case.all(keyword)) {
            if of_language(&section.argument) {
                texts.insert((section.argument.clone(), section.text()));
            }
        }
    }
    texts
}

fn changes_nothing(language: &dyn Language, texts: &Texts) -> Result<(), Failed> {
    let spelling = Spelling::of(language.notation().language);
    let (mut tried, mut failed, mut told) = (0, 0, String::new());
    for (path, text) in texts {
        let (expected, statements) = found(language, path, text);
        for statement in statements {
            let (Some(before), Some(written), Some(after)) =
                (text.get(..statement.start), text.get(statement.clone()), text.get(statement.end..))
            else {
                continue;
            };
            if language.notation().language == "ruby"
                && before.rsplit('\n').next().is_some_and(|line| line.contains("<<"))
            {
                // The next line is the heredoc's.
                continue;
            }
            if language.notation().language == "javascript" && written.starts_with('@') {
                // A tag of a comment: there are no comments within one.
                continue;
            }
            for spread in spelling.spread(written) {
                tried += 1;
                let found = found(language, path, &[before, &spread, after].concat()).0;
                if found == expected {
                    continue;
                }
                failed += 1;
                if failed <= TOLD {
                    let diff = similar::TextDiff::from_lines(&expected, &found);
                    let diff = diff.unified_diff().context_radius(0).to_string();
                    writeln!(told, "{path}: `{written}`, written as\n{spread}\n{diff}").unwrap();
                }
            }
        }
    }
    match (tried, failed) {
        (0, _) => Err("nothing tried".into()),
        (_, 0) => Ok(()),
        _ => Err(format!("{failed} of {tried} are found differently:\n{told}").into()),
    }
}

/// What is found in a text, one a line, and where the statements stand.
fn found(language: &dyn Language, path: &str, text: &str) -> (String, Vec<Range<usize>>) {
    let file = File { path: path.as_bytes(), text: text.as_bytes() };
    let imports = language.imports(file);
    let through = vec![true; imports.len()];
    let uses = language.uses(file, &imports, Asked { through: &through, begins: &|_| true });
    let (mut rows, mut statements) = (String::new(), Vec::new());
    for import in imports.iter().chain(&uses) {
        let Import { kind, form, module, name, alias, level, .. } = import;
        writeln!(rows, "{kind:?} {form:?} {:?} {name:?} {alias:?} {level}", module.as_deref()).unwrap();
        statements.push(import.statement.clone());
    }
    statements.sort_by_key(|range| (range.start, range.end));
    statements.dedup();
    (rows, statements)
}
