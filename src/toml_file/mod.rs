//! Files of TOML that people write: policies, and what a server's admin sets. Everything wrong in one is told at once,
//! with its line, a caret and a hint. Only this module knows TOML.

mod errors;
mod fields;

use toml::de::DeTable;
pub(crate) use toml::de::DeValue;

pub(crate) use self::errors::Problems;
pub use self::errors::{Invalid, Mistake};
pub(crate) use self::fields::{
    Fields, Tables, Value, Words, add_glob, choice, listed, nearest, one_or_many, shortened, words, wrong_type,
};
use crate::text::Text;

/// The only format so far, of every sort of file.
const FORMAT: &str = "1";
/// Largest file. A policy of a thousand rules has half as many bytes.
const MAX_FILE_BYTES: usize = 1 << 20;
/// The most signs that begin a value or a line, as each takes memory once it is parsed. A policy of a thousand rules has
/// half as many.
const MAX_SIGNS: usize = 100_000;
/// Of a larger broken file the first syntax error is told alone, as each costs memory.
const MAX_BYTES_FOR_ALL_ERRORS: usize = 512 << 10;

/// What is read of a file: its top, and its lines.
pub(crate) struct Document<'t> {
    pub(crate) top: &'t DeTable<'t>,
    pub(crate) source: &'t str,
    pub(crate) lines: &'t Text<'t>,
}

/// Reads a file whose top table `top` has the key `format`, which names the file as one of its sort; `None` where it
/// lacks that. `body` reads all else, and notes what is wrong with it.
///
/// # Errors
/// Everything that is wrong with the file, in its order.
pub(crate) fn read<T: Tables, R>(
    source: &str,
    origin: &str,
    (top, format): (T, &str),
    body: impl FnOnce(&Document<'_>, &mut Problems) -> R,
) -> Result<Option<R>, Invalid> {
    let mut problems = Problems::default();
    // For files that cannot be read through to the key: one that seems ours and is broken is not passed over.
    let seems_ours = || source.lines().any(|line| line.trim_start().starts_with(format));
    if is_too_large(source) {
        problems.add(0..0, "the file is too large");
        return if seems_ours() { Err(problems.into_invalid(source, origin)) } else { Ok(None) };
    }
    let (document, syntax) = document(source);
    let lines = Text::new(source.as_bytes());
    let mut told = None;
    for error in &syntax {
        // What follows on the same line is the parser finding its way back.
        let at = error.span().unwrap_or(source.len()..source.len());
        if told.replace(lines.line_of(at.start)) != Some(lines.line_of(at.start)) {
            problems.add(at, error.message());
        }
    }
    let Some(written) = document.get_ref().get(format) else {
        return if !syntax.is_empty() && seems_ours() { Err(problems.into_invalid(source, origin)) } else { Ok(None) };
    };
    // A value that the parser made up for a broken one has no place.
    if written.span().is_empty() || !is_known_format(written, (top, format), &mut problems) {
        // In another format everything else may mean something else.
        return Err(problems.into_invalid(source, origin));
    }
    let mut more = Problems::default();
    let value = body(&Document { top: document.get_ref(), source, lines: &lines }, &mut more);
    problems.add_all(more, &lines);
    if problems.is_empty() { Ok(Some(value)) } else { Err(problems.into_invalid(source, origin)) }
}

fn is_too_large(source: &str) -> bool {
    let signs = || source.bytes().filter(|byte| b"=,[{\n".contains(byte));
    source.len() > MAX_FILE_BYTES || (source.len() > MAX_SIGNS && signs().count() > MAX_SIGNS)
}

/// The parsed file, as far as its syntax is sound, and its syntax errors.
fn document(source: &str) -> (toml::Spanned<DeTable<'_>>, Vec<toml::de::Error>) {
    match DeTable::parse(source) {
        Ok(document) => (document, Vec::new()),
        Err(_) if source.len() <= MAX_BYTES_FOR_ALL_ERRORS => DeTable::parse_recoverable(source),
        Err(first) => (toml::Spanned::new(0..0, DeTable::new()), vec![first]),
    }
}

fn is_known_format(format: &Value<'_>, (top, key): (impl Tables, &str), problems: &mut Problems) -> bool {
    match format.get_ref() {
        DeValue::Integer(number) if number.as_str() == FORMAT => return true,
        DeValue::Integer(number) => problems.add_with_hint(
            format.span(),
            format!("format {} is unknown: this importgate knows format {FORMAT}", shortened(number.as_str())),
            "a newer importgate may know it",
        ),
        _ => wrong_type(format, top, key, problems),
    }
    false
}
