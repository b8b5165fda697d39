//! Layout of a statement: the ranges of its parts; its rows say what it imports, not how.

use std::ops::Range;

use crate::lang::{Import, Rewrite};

/// Maximum number of strings that are considered, the first ones.
const MAX_STRINGS: usize = 8;

/// Kinds of tokens that are told apart in a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Comment,
    Quoted,
    Word,
    Sign(u8),
}

/// Returns the tokens of `text` in `range`, with their ranges in the whole text.
fn tokens(text: &[u8], range: Range<usize>) -> impl Iterator<Item = (Token, Range<usize>)> + '_ {
    let end = range.end.min(text.len());
    let mut at = range.start;
    std::iter::from_fn(move || {
        let space = text.get(at..end)?.iter().take_while(|byte| byte.is_ascii_whitespace() || matches!(byte, 0x0b));
        at += space.count();
        let rest = text.get(at..end).filter(|rest| !rest.is_empty())?;
        let (token, length) = match rest {
            [b'/', b'/', ..] => (Token::Comment, memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())),
            [b'/', b'*', inner @ ..] => {
                (Token::Comment, memchr::memmem::find(inner, b"*/").map_or(rest.len(), |end| end + 4))
            }
            [quote @ (b'"' | b'\'' | b'`'), inner @ ..] => (Token::Quoted, 1 + quoted(inner, *quote)),
            [first, ..] if is_word(*first) => (Token::Word, rest.iter().take_while(|&&byte| is_word(byte)).count()),
            [first, ..] => (Token::Sign(*first), 1),
            [] => return None,
        };
        let range = at..at + length;
        at = range.end;
        Some((token, range))
    })
}

fn quoted(text: &[u8], quote: u8) -> usize {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr2(quote, b'\\', rest)) {
        let escapes = text.get(at + found) == Some(&b'\\');
        at += found + 1 + usize::from(escapes);
        if !escapes {
            return at;
        }
    }
    text.len()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'\\') || byte >= 0x80
}

/// The parts of a statement.
pub(super) struct Layout<'a> {
    text: &'a [u8],
    pub(super) statement: Range<usize>,
    /// `import` or `export`; empty for a call.
    pub(super) keyword: &'a str,
    /// `type`, `typeof`, `defer` or `source` after it.
    pub(super) modifier: &'a str,
    /// Whether a `=` precedes the string: `import x = require("m")`.
    pub(super) required: bool,
    /// The module's string, with its quotes.
    pub(super) string: Range<usize>,
    /// The braces around names.
    braces: Option<Range<usize>>,
    pub(super) has_comments: bool,
}

impl<'a> Layout<'a> {
    /// Returns the layout of a statement with the rows `imports`; `None` if it is not understood.
    pub(super) fn of(text: &'a [u8], imports: &[Import<'_>]) -> Option<Self> {
        let statement = imports.first()?.statement.clone();
        let (mut depth, mut open, mut braces, mut strings) = (0_usize, None, None, Vec::new());
        let (mut words, mut has_comments, mut required) = (Vec::new(), false, false);
        let mut second = None;
        for (token, range) in tokens(text, statement.clone()) {
            if token == Token::Comment {
                has_comments = true;
                continue;
            }
            if !words.is_empty() && second.is_none() {
                second = Some(token);
            }
            match token {
                Token::Sign(b'{') => {
                    depth += 1;
                    open = open.or(Some(range.start));
                }
                Token::Sign(b'}') => {
                    depth = depth.saturating_sub(1);
                    if strings.is_empty() && braces.is_none() {
                        braces = open.map(|open| open..range.end);
                    }
                }
                Token::Sign(b'=') if strings.is_empty() && depth == 0 => required = true,
                Token::Quoted if depth == 0 && strings.len() < MAX_STRINGS => strings.push(range),
                Token::Word if words.len() < 2 => words.push(range),
                _ => {}
            }
        }
        let word = |at: usize| words.get(at).and_then(|word| std::str::from_utf8(text.get(word.clone())?).ok());
        let is_call = matches!(second, Some(Token::Sign(b'(' | b'.' | b'<')));
        let keyword = word(0).filter(|word| !is_call && matches!(*word, "import" | "export")).unwrap_or_default();
        let is_name = words.get(1).is_some_and(|word| imports.iter().any(|import| import.span.start == word.start));
        let is_modifier = |word: &&str| matches!(*word, "type" | "typeof" | "defer" | "source");
        let second_is_word = second == Some(Token::Word) && !keyword.is_empty() && !is_name;
        let modifier = word(1).filter(is_modifier).filter(|_| second_is_word).unwrap_or_default();
        // `import type = require("m")` binds `type`.
        let modifier = if required && words.len() > 1 && binds(imports, modifier) { "" } else { modifier };
        // A name may be a string too (`export * as "a b" from "m"`); a row without a name spans the
        // module's.
        let spanned = imports.iter().find(|import| import.name.is_none()).map(|import| &import.span);
        let spanned = strings.iter().find(|string| Some(*string) == spanned);
        let other = if keyword.is_empty() { strings.last() } else { strings.first() };
        let string = spanned.or(other)?.clone();
        Some(Self { text, statement, keyword, modifier, required, string, braces, has_comments })
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    pub(super) fn quote(&self) -> u8 {
        self.text.get(self.string.start).copied().unwrap_or(b'"')
    }

    /// Returns the text after the module's string: attributes, or the end of a call.
    pub(super) fn tail(&self) -> &'a str {
        self.slice(self.string.end..self.statement.end)
    }

    /// Returns whether a row is between the braces.
    pub(super) fn is_braced(&self, import: &Import<'_>) -> bool {
        self.braces.as_ref().is_some_and(|braces| braces.contains(&import.span.start))
    }

    /// Returns the modifier of a name imported only as a type: `type ` or `typeof `.
    pub(super) fn inline(&self, import: &Import<'_>) -> &'static str {
        let before = self.slice(self.statement.start..import.span.start).trim_end();
        if before.ends_with("typeof") { "typeof " } else { "type " }
    }

    /// Returns the range from a name to the end of its `as`, if it has one.
    pub(super) fn with_alias(&self, import: &Import<'_>) -> Range<usize> {
        let mut end = import.span.end;
        let mut rest = tokens(self.text, end..self.statement.end).filter(|(token, _)| *token != Token::Comment);
        if rest.next().is_some_and(|(_, range)| self.slice(range) == "as")
            && let Some((Token::Word | Token::Quoted, range)) = rest.next()
        {
            end = range.end;
        }
        import.span.start..end
    }
}

/// Object pattern of a declaration that consists of names: `{ a, b: c }`.
pub(super) struct Pattern<'a> {
    /// The text before the braces: `const `.
    pub(super) head: &'a str,
    /// The text between the braces and the module's string.
    pub(super) middle: &'a str,
}

impl<'a> Layout<'a> {
    /// Returns the pattern that binds the names, if it consists of names.
    pub(super) fn pattern(&self) -> Option<Pattern<'a>> {
        let braces = self.braces.clone()?;
        let inner = braces.start + 1..braces.end.saturating_sub(1);
        let is_plain = |token| matches!(token, Token::Word | Token::Sign(b',' | b':'));
        let head = self.slice(self.statement.start..braces.start);
        let plain = matches!(head.trim_end(), "const" | "let" | "var" | "")
            && tokens(self.text, inner).all(|(token, _)| is_plain(token));
        plain.then(|| Pattern { head, middle: self.slice(braces.end..self.string.start) })
    }

    /// Returns the ranges of the pattern's entries; none if it does not consist of names.
    pub(super) fn entries(&self) -> Vec<Range<usize>> {
        let (Some(braces), Some(_)) = (self.braces.clone(), self.pattern()) else { return Vec::new() };
        let mut entries: Vec<Range<usize>> = Vec::new();
        let mut begins = true;
        for (token, range) in tokens(self.text, braces.start + 1..braces.end.saturating_sub(1)) {
            match entries.last_mut().filter(|_| !begins) {
                _ if token == Token::Sign(b',') => begins = true,
                Some(entry) => entry.end = range.end,
                None => {
                    entries.push(range);
                    begins = false;
                }
            }
        }
        entries
    }

    /// Returns an assignment to a pattern as a statement: a later declarator gets its keyword, another one parentheses.
    pub(super) fn declared(&self, text: &str) -> String {
        const MAX_DISTANCE_BYTES: usize = 1024;
        if self.text.get(self.statement.start).is_none_or(|&first| first != b'{') {
            return text.to_owned();
        }
        let before = self.text.get(..self.statement.start).unwrap_or_default().trim_ascii_end();
        if before.ends_with(b"(") {
            return format!("({text})");
        }
        let near = before.get(before.len().saturating_sub(MAX_DISTANCE_BYTES)..).unwrap_or_default();
        let words = near.rsplit(|&byte| !is_word(byte)).filter_map(|word| std::str::from_utf8(word).ok());
        let keyword = words.into_iter().find(|word| matches!(*word, "const" | "let" | "var")).unwrap_or("const");
        format!("{keyword} {text}")
    }

    /// Returns whether a name in a pattern stands in brackets: `{ ["a"]: b }`.
    pub(super) fn is_computed(&self, import: &Import<'_>) -> bool {
        self.slice(import.span.end..self.statement.end).trim_start().starts_with(']')
    }

    /// Returns whether a name in a pattern has a local name of its own.
    pub(super) fn is_renamed(&self, import: &Import<'_>) -> bool {
        let mut rest = tokens(self.text, import.span.end..self.statement.end);
        let next = rest.find(|(token, _)| *token != Token::Comment);
        next.is_some_and(|(token, _)| token == Token::Sign(b':'))
    }
}

/// Completes a call whose statement ends before its further arguments.
pub(super) fn completed(text: String) -> Rewrite {
    let mut open = Vec::new();
    for (token, _) in tokens(text.as_bytes(), 0..text.len()) {
        match token {
            Token::Sign(b'(') => open.push(')'),
            Token::Sign(b'[') => open.push(']'),
            Token::Sign(b'{') => open.push('}'),
            Token::Sign(b')' | b']' | b'}') => drop(open.pop()),
            _ => {}
        }
    }
    let note = (!open.is_empty()).then(|| "its other arguments stay".to_owned());
    Rewrite { text: text + &open.into_iter().rev().collect::<String>(), note }
}

fn binds(imports: &[Import<'_>], name: &str) -> bool {
    imports.iter().any(|import| import.alias.as_deref() == Some(name))
}
