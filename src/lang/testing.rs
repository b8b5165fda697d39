//! Properties of every scanner on every text; texts with their rows are data, in `tests/cases`.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{Asked, File, Import, Language};

/// Asserts that rows lie within their statements in the order of the file, and that blanking keeps
/// the rest.
pub(super) fn holds(language: &dyn Language, path: &str, text: &[u8]) {
    let file = File { path: path.as_bytes(), text };
    let rows = language.imports(file);
    let inside = |import: &Import<'_>| {
        let (statement, span) = (&import.statement, &import.span);
        statement.start <= span.start && span.start < span.end && span.end <= statement.end
    };
    assert!(rows.iter().all(|row| inside(row) && row.statement.end <= text.len()), "{rows:?}");
    assert!(rows.is_sorted_by_key(|import| import.statement.start), "{rows:?}");
    let code = language.blank(file);
    assert_eq!(code.len(), text.len());
    let ends = |byte: u8| matches!(byte, b'\n' | b'\r');
    assert!(std::iter::zip(&code, text).all(|(&code, &byte)| code == byte || (code == b' ' && !ends(byte))));
    let through = vec![true; rows.len()];
    let uses = language.uses(file, &rows, Asked { through: &through, begins: &|_| true });
    assert!(uses.iter().all(|row| inside(row) && row.statement.end <= text.len()), "{uses:?}");
}

/// Asserts that blanking leaves this code of each text.
pub(super) fn leaves_code(language: &dyn Language, path: &str, cases: &[(&str, &str)]) {
    for (text, code) in cases {
        let blanked = language.blank(File { path: path.as_bytes(), text: text.as_bytes() });
        assert_eq!(String::from_utf8(blanked).unwrap(), *code, "{text}");
    }
}

/// Asserts that each path of a policy is refused with these words.
pub(super) fn refuses_paths(split: fn(&str) -> Result<Vec<String>, String>, cases: &[(&str, &str)]) {
    for (path, words) in cases {
        let error = split(path).unwrap_err();
        assert!(error.contains(words), "{path}: {error}");
    }
}

/// Returns the statement and the name of each row, as written in the text.
pub(super) fn spans<'t>(language: &dyn Language, path: &str, text: &'t str) -> Vec<(&'t str, &'t str)> {
    let file = File { path: path.as_bytes(), text: text.as_bytes() };
    let slice = |range: &std::ops::Range<usize>| text.get(range.clone()).unwrap();
    language.imports(file).iter().map(|import| (slice(&import.statement), slice(&import.span))).collect()
}

/// Returns the uses of what a text's imports bind, and of paths that begin with `a`, each with its
/// offset.
pub(super) fn used(language: &dyn Language, path: &str, text: &str) -> Vec<String> {
    let file = File { path: path.as_bytes(), text: text.as_bytes() };
    let imports = language.imports(file);
    let through = vec![true; imports.len()];
    let uses = language.uses(file, &imports, Asked { through: &through, begins: &|path| path[0] == "a" });
    uses.iter().map(|row| format!("{}@{}", row.module.as_deref().unwrap(), row.span.start)).collect()
}

/// Checks [`holds`] for any bytes, and for any pieces that the scanner reacts to.
pub(super) fn properties(language: &dyn Language, path: &str, pieces: &'static [&'static str]) {
    let mut runner = TestRunner::new(Config { cases: 2000, failure_persistence: None, ..Config::default() });
    let bytes = proptest::collection::vec(any::<u8>(), 0..200);
    let run = |text: Vec<u8>| {
        holds(language, path, &text);
        Ok(())
    };
    runner.run(&bytes, run).unwrap();
    let pieces = proptest::collection::vec(proptest::sample::select(pieces), 0..60);
    let run = |pieces: Vec<&str>| {
        holds(language, path, pieces.concat().as_bytes());
        holds(language, path, pieces.join(" ").as_bytes());
        Ok(())
    };
    runner.run(&pieces, run).unwrap();
}

/// Checks texts made to break scanners: each piece tens of thousands of times, and hundreds of
/// times after each piece. A scanner that is not linear takes minutes here.
pub(super) fn hostile(language: &dyn Language, path: &str, pieces: &[&str]) {
    const MANY: usize = 50_000;
    for piece in pieces {
        let count = if piece.len() < 5 { MANY } else { MANY / 5 };
        holds(language, path, piece.repeat(count).as_bytes());
        for start in pieces {
            holds(language, path, format!("{start}{}", piece.repeat(MANY / 250)).as_bytes());
        }
    }
}
