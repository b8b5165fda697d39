//! What stands in macros: no tree, so the tokens are read.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};

use crate::imports::{Row, Statement};

/// Words that no path holds.
const KEYWORDS: &[&str] = &[
    "as", "break", "const", "continue", "else", "enum", "extern", "false", "fn", "for", "if", "impl", "in", "let", "loop", "match",
    "mod", "move", "mut", "pub", "ref", "return", "static", "struct", "trait", "true", "type", "unsafe", "use", "where", "while", "_",
];

pub fn is_keyword(ident: &Ident) -> bool {
    KEYWORDS.contains(&ident.to_string().as_str())
}

/// Tokens one after the other.
pub struct Cursor {
    pub tokens: Vec<TokenTree>,
    pub at: usize,
}

impl Cursor {
    pub fn new(stream: TokenStream) -> Self {
        Self { tokens: stream.into_iter().collect(), at: 0 }
    }

    pub fn peek(&self, ahead: usize) -> Option<&TokenTree> {
        self.tokens.get(self.at + ahead)
    }

    pub fn sign(&self, ahead: usize, sign: char) -> bool {
        matches!(self.peek(ahead), Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
    }

    pub fn colons(&self, ahead: usize) -> bool {
        self.sign(ahead, ':') && self.sign(ahead + 1, ':') && {
            let Some(TokenTree::Punct(first)) = self.peek(ahead) else { return false };
            first.spacing() == proc_macro2::Spacing::Joint
        }
    }

    pub fn word(&self, ahead: usize) -> Option<&Ident> {
        match self.peek(ahead) {
            Some(TokenTree::Ident(ident)) => Some(ident),
            _ => None,
        }
    }

    pub fn is(&self, ahead: usize, word: &str) -> bool {
        self.word(ahead).is_some_and(|ident| ident == word)
    }

    /// A segment, and how many tokens it has: an identifier, or `$crate`.
    pub fn segment(&self) -> Option<(String, Span, usize)> {
        if self.sign(0, '$') && self.is(1, "crate") {
            return Some(("$crate".to_owned(), self.tokens[self.at].span(), 2));
        }
        let ident = self.word(0).filter(|ident| !is_keyword(ident))?;
        Some((ident.to_string(), ident.span(), 1))
    }

    /// A variable of a macro: its text.
    pub fn variable(&self) -> Option<(String, Span)> {
        let sign = ['$', '#'].into_iter().find(|&sign| self.sign(0, sign))?;
        let name = self.word(1).map(Ident::to_string).unwrap_or_default();
        Some((format!("{sign}{name}"), self.tokens[self.at].span()))
    }
}

/// The rows of every `use` and `extern crate` among the tokens.
pub fn imports(stream: TokenStream, rows: &mut Vec<Row>) {
    let mut cursor = Cursor::new(stream);
    while let Some(token) = cursor.peek(0) {
        if let TokenTree::Group(group) = token {
            imports(group.stream(), rows);
            cursor.at += 1;
            continue;
        }
        let before = cursor.at;
        let start = token.span();
        let mut kind = "import";
        if cursor.is(0, "pub") {
            kind = "export";
            cursor.at += 1;
            let visibility = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis);
            cursor.at += usize::from(cursor.peek(0).is_some_and(visibility));
        }
        let field = before > 0 && matches!(&cursor.tokens[before - 1], TokenTree::Punct(punct) if matches!(punct.as_char(), '.' | '$'));
        let found = if field {
            None
        } else if cursor.is(0, "use") {
            cursor.at += 1;
            used(&mut cursor, kind, start)
        } else if cursor.is(0, "extern") && cursor.is(1, "crate") {
            cursor.at += 2;
            extern_crate(&mut cursor, kind, start)
        } else {
            None
        };
        match found {
            Some(found) => rows.extend(found),
            None => cursor.at = before + 1,
        }
    }
}

fn extern_crate(cursor: &mut Cursor, kind: &'static str, start: Span) -> Option<Vec<Row>> {
    let (name, span, count) = cursor.segment()?;
    cursor.at += count;
    let alias = alias(cursor);
    let statement = Statement { kind, start, end: span };
    cursor.sign(0, ';').then(|| vec![statement.row(&[], Some(&name), alias, span)])
}

fn alias(cursor: &mut Cursor) -> Option<String> {
    if !cursor.is(0, "as") {
        return None;
    }
    let variable = |cursor: &Cursor| {
        let before = cursor.at;
        let inner = Cursor { tokens: cursor.tokens[before + 1..].to_vec(), at: 0 };
        inner.variable().map(|(name, _)| name)
    };
    if let Some(name) = variable(cursor) {
        cursor.at += 3;
        return Some(name);
    }
    let name = cursor.word(1).filter(|ident| *ident == "_" || !is_keyword(ident))?.to_string();
    cursor.at += 2;
    Some(name)
}

/// A `use` from behind its keyword; `None` where no path follows.
pub fn used(cursor: &mut Cursor, kind: &'static str, start: Span) -> Option<Vec<Row>> {
    let mut rows = Vec::new();
    let statement = Statement { kind, start, end: start };
    let mut sure = false;
    let whole = tree(cursor, Vec::new(), &statement, &mut rows, &mut sure).is_some() && cursor.sign(0, ';');
    let end = cursor.tokens[(cursor.at + usize::from(whole)).min(cursor.tokens.len()).saturating_sub(1)].span();
    for row in &mut rows {
        row.last_line = end.end().line;
    }
    (whole || sure).then_some(rows)
}

fn tree(cursor: &mut Cursor, mut path: Vec<String>, statement: &Statement, rows: &mut Vec<Row>, sure: &mut bool) -> Option<()> {
    if path.is_empty() && cursor.colons(0) {
        path.push(String::new());
        cursor.at += 2;
    }
    loop {
        if let Some(TokenTree::Group(group)) = cursor.peek(0).filter(|token| {
            matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
        }) {
            *sure = true;
            let mut inner = Cursor::new(group.stream());
            cursor.at += 1;
            while inner.peek(0).is_some() {
                tree(&mut inner, path.clone(), statement, rows, sure)?;
                if inner.peek(0).is_some() && !inner.sign(0, ',') {
                    return None;
                }
                inner.at += 1;
            }
            return Some(());
        }
        if cursor.sign(0, '*') {
            rows.push(statement.row(&path, Some("*"), None, cursor.tokens[cursor.at].span()));
            cursor.at += 1;
            return Some(());
        }
        let Some((name, span, count)) = cursor.segment() else {
            let (name, span) = cursor.variable()?;
            if path.iter().any(|segment| !segment.is_empty()) {
                rows.push(statement.row(&path, Some(&name), None, span));
            }
            return past_unknown(cursor);
        };
        if cursor.colons(count) {
            *sure = true;
            path.push(crate::imports::plain(&name));
            cursor.at += count + 2;
            continue;
        }
        cursor.at += count;
        let alias = alias(cursor);
        rows.push(statement.row(&path, Some(&name), alias, span));
        return Some(());
    }
}

/// Past what a macro fills in, up to the end of the tree.
fn past_unknown(cursor: &mut Cursor) -> Option<()> {
    while let Some(token) = cursor.peek(0) {
        match token {
            TokenTree::Punct(punct) => match punct.as_char() {
                ',' if matches!(cursor.tokens.get(cursor.at.wrapping_sub(1)), Some(TokenTree::Group(_)))
                    && (cursor.sign(1, '*') || cursor.sign(1, '+')) => cursor.at += 1,
                ',' | ';' => return Some(()),
                '$' | '#' | ':' | '*' | '+' | '?' => {}
                _ => return None,
            },
            TokenTree::Literal(_) => return None,
            TokenTree::Ident(ident) if ident == "use" => return None,
            TokenTree::Ident(_) | TokenTree::Group(_) => {}
        }
        cursor.at += 1;
    }
    Some(())
}

/// The type that a definition at the cursor names, and its type parameters.
pub fn definition(cursor: &Cursor, types: &mut std::collections::HashSet<String>) {
    let Some(keyword) = cursor.word(0).map(Ident::to_string) else { return };
    let mut ahead = 1;
    if keyword != "impl" {
        let Some(name) = cursor.word(1).filter(|name| !is_keyword(name)) else { return };
        let contextual = || match cursor.peek(2) {
            Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
            Some(TokenTree::Punct(punct)) => punct.as_char() == '<',
            Some(TokenTree::Ident(word)) => word.to_string().starts_with('w'),
            _ => false,
        };
        match keyword.as_str() {
            "struct" | "enum" | "trait" | "type" => {}
            "union" if contextual() => {}
            "fn" => {}
            _ => return,
        }
        if keyword != "fn" {
            types.insert(crate::imports::plain(&name.to_string()));
        }
        ahead = 2;
    }
    if !cursor.sign(ahead, '<') {
        return;
    }
    let (mut depth, mut first) = (1_usize, true);
    while depth > 0 {
        ahead += 1;
        match cursor.peek(ahead) {
            Some(TokenTree::Punct(punct)) => match punct.as_char() {
                '<' => depth += 1,
                '-' if cursor.sign(ahead + 1, '>') => ahead += 1,
                '>' => depth -= 1,
                ',' if depth == 1 => first = true,
                '\'' => (ahead, first) = (ahead + 1, false),
                ';' => return,
                _ => {}
            },
            Some(TokenTree::Ident(word)) => {
                if first && depth == 1 && !is_keyword(word) {
                    types.insert(crate::imports::plain(&word.to_string()));
                }
                first &= depth > 1;
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => return,
            Some(TokenTree::Group(_)) => {}
            _ => return,
        }
    }
}
