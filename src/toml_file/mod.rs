//! Reader of hand-written TOML files: policies and server configurations. All errors of a file are reported at once,
//! each with its line, a caret and a hint. Only this module knows TOML.

mod errors;
mod fields;

pub(crate) use toml::de::{DeTable, DeValue};
use toml_parser::Source;
use toml_parser::lexer::{Token, TokenKind};

pub(crate) use self::errors::Problems;
pub use self::errors::{Invalid, Mistake};
pub(crate) use self::fields::{
    Fields, Tables, Value, Words, add_glob, choice, listed, nearest, one_or_many, shortened, words, wrong_type,
};
use crate::skew::Newer;
use crate::text::Text;

/// Format version of both kinds of files.
const FORMAT: &str = "1";
/// Maximum file size; git's files are read up to the same.
const MAX_FILE_BYTES: usize = 8 << 20;
/// Maximum number of tokens, because each costs memory once parsed, up to 250 bytes. A policy of 100,000 entries has
/// half as many, one of 30,000 rules of five lines as many.
const MAX_TOKENS: usize = 1_000_000;
/// Number of tokens that a dot counts for: in a key, it makes a table.
const TOKENS_A_DOT: usize = 6;
/// Maximum size of a broken file whose syntax errors are all reported. In a larger one only the first is, because each
/// costs memory.
const MAX_BYTES_FOR_ALL_ERRORS: usize = 512 << 10;

/// A parsed file: its top table and its source.
pub(crate) struct Document<'t> {
    pub(crate) top: &'t DeTable<'t>,
    pub(crate) source: &'t str,
    pub(crate) lines: &'t Text<'t>,
}

/// Reads a file. The key `format` in its top table `top` marks it as importgate's; without the key, returns `None`, unless
/// `lost` records an error because the file is importgate's all the same. `body` reads everything else and records the
/// errors.
///
/// # Errors
/// All errors of the file, in file order.
pub(crate) fn read<T: Tables, R>(
    source: &str,
    origin: &str,
    (top, format): (T, &str),
    lost: impl FnOnce(&DeTable<'_>, &mut Problems) -> bool,
    body: impl FnOnce(&Document<'_>, &mut Problems) -> R,
) -> Result<Option<R>, Invalid> {
    let mut problems = Problems::default();
    // A broken file may fail before the key is reached; if it seems to be importgate's, it must not be ignored.
    let seems_ours = || source.lines().any(|line| line.trim_start().starts_with(format));
    if let Some(limit) = exceeded(source) {
        problems.add(0..0, limit);
        return if seems_ours() { Err(problems.into_invalid(source, origin)) } else { Ok(None) };
    }
    let (document, syntax) = document(source);
    let lines = Text::new(source.as_bytes());
    let mut told = None;
    for error in &syntax {
        // Further errors on the same line come from the parser's recovery.
        let at = error.span().unwrap_or(source.len()..source.len());
        if told.replace(lines.line_of(at.start)) != Some(lines.line_of(at.start)) {
            problems.add(at, error.message());
        }
    }
    let Some(written) = document.get_ref().get(format) else {
        let is_broken = !syntax.is_empty();
        let mut more = Problems::default();
        return if lost(document.get_ref(), &mut more) || (is_broken && seems_ours()) {
            let lacks_key = !more.is_empty();
            // Of a broken file, nobody knows what was lost.
            if !is_broken {
                problems.add_all(more, &lines);
            }
            Err(Invalid { lacks_key: lacks_key && !is_broken, ..problems.into_invalid(source, origin) })
        } else {
            Ok(None)
        };
    };
    // The parser's stand-in for a broken value has an empty span.
    if written.span().is_empty() || !is_known_format(written, (top, format), &mut problems) {
        // In another format version, every other key may have another meaning.
        return Err(problems.into_invalid(source, origin));
    }
    let mut more = Problems::default();
    let value = body(&Document { top: document.get_ref(), source, lines: &lines }, &mut more);
    problems.add_all(more, &lines);
    if problems.is_empty() { Ok(Some(value)) } else { Err(problems.into_invalid(source, origin)) }
}

/// Returns which limit a file exceeds.
fn exceeded(source: &str) -> Option<String> {
    if source.len() > MAX_FILE_BYTES {
        return Some(format!("the file is larger than {} MiB", MAX_FILE_BYTES >> 20));
    }
    // A small file need not be counted.
    let weight = |token: Token| if token.kind() == TokenKind::Dot { TOKENS_A_DOT } else { 1 };
    let is_over =
        source.len() > MAX_TOKENS / TOKENS_A_DOT && Source::new(source).lex().map(weight).sum::<usize>() > MAX_TOKENS;
    is_over.then(|| format!("the file has more than {MAX_TOKENS} words, signs and line ends"))
}

/// Parses a file as far as its syntax is valid; returns the result with the syntax errors.
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
        DeValue::Integer(number) => {
            let unknown = format!("format {} is unknown", shortened(number.as_str()));
            let message = format!("{unknown}: this importgate knows format {FORMAT}");
            problems.add_with_hint(format.span(), message, "a newer importgate may know it");
            // The parser has no number above an i64.
            if number.as_str().parse::<i64>().is_ok_and(|number| number > 1) {
                problems.may_be_newer(Newer::Certainly(unknown));
            }
        }
        _ => wrong_type(format, top, key, problems),
    }
    false
}
