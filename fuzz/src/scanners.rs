//! Checks properties of scanners that hold for every text. `run` describes how it is built and
//! called.
//!
//! The languages are compiled from source, without the rest of importgate: this takes seconds
//! instead of minutes, and shows that they need nothing else.
#![no_main]
#![allow(unused_imports, dead_code)]

#[path = "../../src/held.rs"]
mod held;
#[path = "../../src/kind.rs"]
mod kind;
#[path = "../../src/lang/mod.rs"]
mod lang;
#[path = "../../src/listing.rs"]
mod listing;
#[path = "../../src/notation.rs"]
mod notation;
#[path = "../../src/text.rs"]
mod text;
#[path = "../../src/tree.rs"]
mod tree;
/// What has files in a folder of its name.
#[path = "../../src"]
mod with_folders {
    pub mod words;
}

use std::sync::LazyLock;

use lang::{Asked, File, Import, LANGUAGES, Language};
use libfuzzer_sys::fuzz_target;
use with_folders::words;

/// The language that the environment names; without one, all names are printed.
static FUZZED: LazyLock<&dyn Language> = LazyLock::new(|| {
    let asked = std::env::var("FUZZ_LANGUAGE").unwrap_or_default();
    let found = LANGUAGES.iter().find(|language| language.notation().language == asked);
    *found.unwrap_or_else(|| {
        for language in LANGUAGES {
            println!("{}", language.notation().language);
        }
        std::process::exit(i32::from(!asked.is_empty()));
    })
});

fuzz_target!(init: { LazyLock::force(&FUZZED); }, |input: &[u8]| {
    let Some((&ending, text)) = input.split_first() else { return };
    let endings = FUZZED.about().extensions;
    let path = format!("a/x.{}", endings[usize::from(ending) % endings.len()]);
    let file = File { path: path.as_bytes(), text };
    holds(*FUZZED, file);
    if let Some(decoded) = FUZZED.decode(file) {
        holds(*FUZZED, File { text: &decoded, ..file });
    }
});

/// Checks the same as `testing::holds` of the unit tests: rows lie within their statements, and
/// blanking changes only what is not code. Besides, the imported paths of a plain text occur in it
/// as words.
fn holds(language: &dyn Language, file: File<'_>) {
    let rows = language.imports(file);
    let length = file.text.len();
    let inside = |import: &Import<'_>| {
        let (statement, span) = (&import.statement, &import.span);
        statement.start <= span.start && span.start < span.end && span.end <= statement.end && statement.end <= length
    };
    assert!(rows.iter().all(inside), "{rows:?}");
    assert!(rows.is_sorted_by_key(|import| import.statement.start), "{rows:?}");
    let code = language.blank(file);
    assert_eq!(code.len(), length);
    let ends = |byte: u8| matches!(byte, b'\n' | b'\r');
    let kept = |(&code, &byte): (&u8, &u8)| code == byte || (code == b' ' && !ends(byte));
    assert!(std::iter::zip(&code, file.text).all(kept));
    let through = vec![true; rows.len()];
    let uses = language.uses(file, &rows, Asked { through: &through, begins: &|_| true });
    assert!(uses.iter().all(inside), "{uses:?}");
    let stands = |word: &str| {
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        !word.as_bytes().iter().all(is_word)
            || file.text.split(|byte| !is_word(byte)).any(|part| part == word.as_bytes())
    };
    if language.plainness().is_some_and(|plainness| (plainness.is_plain)(file)) {
        let segments = |row: &Import<'_>| {
            let paths = [row.module.as_deref(), row.name.as_deref()];
            row.name.as_deref() != Some("*") && paths.into_iter().flatten().flat_map(|path| path.split('.')).all(stands)
        };
        assert!(rows.iter().chain(&uses).all(segments), "{rows:?} {uses:?}");
    }
}
