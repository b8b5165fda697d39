//! Uses without an import of their own: paths written out in full, and what is taken from an imported name.
//!
//! Which names are packages cannot be told from one file. A path in full counts where the file uses its first segment
//! for nothing else: a name that stands alone is a variable or a type, and obscures a package (Java Language Specification 6.4.2).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::kind::Kind;
use crate::lang::lex::{byte, is_space, is_word, rest, skip_spaces, starts};
use crate::lang::{Asked, Form, Import, MOST_IMPORTS, Shared, shortened};

use super::Style;
use super::walk::{Walk, past_backtick};

/// How long the type arguments between a dot and a name may be.
const TYPE_ARGUMENTS: usize = 400;

/// The uses in a text that has the `imports`.
pub(in crate::lang) fn uses<'a>(
    text: &[u8],
    style: Style,
    imports: &[Import<'_>],
    asked: Asked<'_>,
) -> Vec<Import<'a>> {
    let code = Walk::blanking(text, style).blanked();
    let locals = Locals::of(imports, style, asked);
    let mut reader = Reader { code: &code, style, at: 0, before: Before::default() };
    let mut statements = imports.iter().filter(|row| row.kind != Kind::Dynamic).map(|row| &row.statement).peekable();
    let mut found: Vec<(&str, Import<'a>)> = Vec::new();
    let mut bound: HashSet<&str> = HashSet::new();
    while let Some(chain) = reader.next() {
        while statements.next_if(|range| range.end <= chain.start).is_some() {}
        if statements.peek().is_some_and(|range| range.start <= chain.start) || chain.after.word == b"package" {
            continue;
        }
        let (Some(&first), false) = (chain.segments.first(), chain.is_member()) else { continue };
        if matches!(first, "this" | "super" | "package") {
            continue;
        }
        let import = locals.0.get(first);
        let asked_for = import.is_some_and(Option::is_some) || (import.is_none() && (asked.begins)(first));
        if !asked_for {
            continue;
        }
        let binds = if import.is_some() { chain.declares(&code, style) } else { chain.stands_alone(&code) };
        if binds {
            bound.insert(first);
        } else if chain.segments.len() > 1 && found.len() <= MOST_IMPORTS {
            let module = import.copied().flatten().map_or_else(String::new, path_of);
            let rest = if module.is_empty() { chain.segments.as_slice() } else { &chain.segments[1..] };
            let path =
                rest.iter().fold(
                    module,
                    |path, segment| if path.is_empty() { (*segment).to_owned() } else { path + "." + segment },
                );
            found.push((first, row(path, chain.start..chain.end)));
        }
    }
    found.into_iter().filter(|(first, _)| !bound.contains(first)).map(|(_, row)| row).collect()
}

fn row<'a>(path: String, span: std::ops::Range<usize>) -> Import<'a> {
    Import {
        kind: Kind::Attribute,
        form: Form::Plain,
        module: Some(Shared::from(Cow::Owned(path))),
        name: None,
        alias: None,
        level: 0,
        statement: span.clone(),
        span,
    }
}

/// The path that an import gives a local name.
fn path_of(import: &Import<'_>) -> String {
    let mut path = shortened(import.module.as_deref().unwrap_or_default()).to_owned();
    if let Some(name) = &import.name {
        path.push('.');
        path += shortened(name);
    }
    path
}

/// What each local name means; nothing where no rule asks what is beneath it.
struct Locals<'i>(HashMap<&'i str, Option<&'i Import<'i>>>);

impl<'i> Locals<'i> {
    fn of(imports: &'i [Import<'i>], style: Style, asked: Asked<'_>) -> Self {
        let mut locals: HashMap<&str, Option<&Import<'_>>> = HashMap::new();
        for (at, import) in imports.iter().enumerate() {
            let binds = matches!(import.kind, Kind::Import | Kind::TypeOnly) && import.name.as_deref() != Some("*");
            let last = || import.module.as_deref().and_then(|module| module.rsplit('.').next());
            let local = import.alias.as_deref().or(import.name.as_deref()).or_else(last);
            let Some(local) = local.filter(|_| binds) else { continue };
            let known = locals.entry(local).or_default();
            // members of functions and properties are no paths
            let holds = style != Style::Kotlin || !local.starts_with(char::is_lowercase);
            if holds && asked.through.get(at) == Some(&true) {
                known.get_or_insert(import);
            }
        }
        Self(locals)
    }
}

/// What stands before a name.
#[derive(Clone, Copy, Default)]
struct Before<'c> {
    /// The last word, where only blanks are between.
    word: &'c [u8],
    /// Whether a `@` is before that word.
    annotation: bool,
    /// The last signs, else.
    signs: &'c [u8],
}

/// Names that dots join.
struct Chain<'c> {
    segments: Vec<&'c str>,
    start: usize,
    end: usize,
    after: Before<'c>,
}

impl Chain<'_> {
    /// A member of what stands before it.
    fn is_member(&self) -> bool {
        let signs = self.after.signs;
        signs.ends_with(b"::") || (signs.ends_with(b".") && !signs.ends_with(b".."))
    }

    /// A lone name that is no method's: a variable or a type, declared here or elsewhere.
    fn stands_alone(&self, code: &[u8]) -> bool {
        let typed = matches!(self.after.word, b"new" | b"record") || self.after.signs.ends_with(b"@");
        self.segments.len() == 1 && (typed || byte(code, skip_spaces(code, self.end)) != b'(')
    }

    /// A declaration of the name, as far as it looks like one.
    fn declares(&self, code: &[u8], style: Style) -> bool {
        if self.segments.len() > 1 {
            return false;
        }
        let next = skip_spaces(code, self.end);
        if DECLARING.contains(&self.after.word) {
            // `val List<T>.name` extends the type
            let extends = matches!(self.after.word, b"val" | b"var") && matches!(byte(code, next), b'<' | b'?');
            return !extends;
        }
        match style {
            Style::Java => {
                let typed =
                    !self.after.word.is_empty() && !self.after.annotation && !NO_TYPES.contains(&self.after.word);
                let ended =
                    starts(code, next, b"->") || matches!(byte(code, next), b'=' | b';' | b',' | b')' | b':' | b'[');
                starts(code, next, b"->") || (typed && ended)
            }
            _ => byte(code, next) == b':' && byte(code, next + 1) != b':',
        }
    }
}

/// Words that a new name follows.
const DECLARING: &[&[u8]] =
    &[b"class", b"interface", b"enum", b"record", b"object", b"trait", b"val", b"var", b"def", b"typealias", b"type"];

/// Words that are no type of a variable.
const NO_TYPES: &[&[u8]] = &[
    b"return",
    b"new",
    b"throw",
    b"extends",
    b"implements",
    b"throws",
    b"permits",
    b"case",
    b"instanceof",
    b"final",
    b"static",
    b"public",
    b"private",
    b"protected",
    b"abstract",
    b"default",
    b"else",
    b"do",
    b"assert",
    b"yield",
    b"transient",
    b"volatile",
    b"synchronized",
    b"native",
    b"strictfp",
    b"sealed",
];

/// Finds the chains of names in code.
struct Reader<'c> {
    code: &'c [u8],
    style: Style,
    at: usize,
    before: Before<'c>,
}

impl<'c> Reader<'c> {
    fn next(&mut self) -> Option<Chain<'c>> {
        let code = self.code;
        let signs = self.at;
        let mut at = signs;
        loop {
            let sign = *code.get(at)?;
            if self.starts_name(at) {
                break;
            }
            // a number, with the letters in it
            at += if sign.is_ascii_digit() { number_length(rest(code, at)) } else { 1 };
        }
        let between = code.get(signs..at).unwrap_or_default().trim_ascii();
        if !between.is_empty() {
            self.before = Before { word: b"", annotation: between.ends_with(b"@"), signs: between };
        }
        let mut chain = Chain { segments: Vec::new(), start: at, end: at, after: self.before };
        let mut last = at;
        while let Some((name, end)) = self.name(at) {
            if !chain.segments.is_empty() && matches!(name, "class" | "this" | "super" | "new") {
                break;
            }
            chain.segments.push(name);
            (chain.end, last) = (end, at);
            let dot = skip_spaces(code, end);
            // `..` is a range
            if byte(code, dot) != b'.' || byte(code, dot + 1) == b'.' {
                break;
            }
            at = self.past_extras(skip_spaces(code, dot + 1));
        }
        self.at = chain.end.max(chain.start + 1);
        let lone = chain.segments.len() == 1;
        let word = code.get(last..chain.end).unwrap_or_default();
        self.before = Before { word, annotation: lone && self.before.signs.ends_with(b"@"), signs: b"" };
        Some(chain)
    }

    fn starts_name(&self, at: usize) -> bool {
        let sign = byte(self.code, at);
        (is_word(sign) && !sign.is_ascii_digit()) || sign == b'$' || (sign == b'`' && self.style != Style::Java)
    }

    /// The name or word at `at`, and its end.
    fn name(&self, at: usize) -> Option<(&'c str, usize)> {
        let code = self.code;
        if byte(code, at) == b'`' && self.style != Style::Java {
            let end = past_backtick(code, at)?;
            return Some((std::str::from_utf8(code.get(at + 1..end - 1)?).ok()?, end));
        }
        let length = rest(code, at).iter().take_while(|&&byte| is_word(byte) || byte == b'$').count();
        let name = std::str::from_utf8(code.get(at..at + length)?).ok()?;
        (length > 0).then_some((name, at + length))
    }

    /// Past what may stand between a dot and a name: type arguments of a call, annotations of a type.
    fn past_extras(&self, at: usize) -> usize {
        let code = self.code;
        if self.style != Style::Java {
            return at;
        }
        let mut end = at;
        if byte(code, at) == b'<' {
            let mut depth = 0_usize;
            for (length, &sign) in rest(code, at).iter().take(TYPE_ARGUMENTS).enumerate() {
                match sign {
                    b'<' => depth += 1,
                    b'>' if depth == 1 => return skip_spaces(code, at + length + 1),
                    b'>' => depth -= 1,
                    b'.' | b',' | b'?' | b'&' | b'[' | b']' | b'@' => {}
                    _ if is_word(sign) || is_space(sign) => {}
                    _ => return at,
                }
            }
            return at;
        }
        while byte(code, end) == b'@' {
            let start = skip_spaces(code, end + 1);
            let length =
                rest(code, start).iter().take_while(|&&byte| is_word(byte) || byte == b'$' || byte == b'.').count();
            end = skip_spaces(code, start + length);
        }
        end
    }
}

fn number_length(text: &[u8]) -> usize {
    text.iter().take_while(|&&byte| is_word(byte)).count()
}
