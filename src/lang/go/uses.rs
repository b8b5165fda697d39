//! Uses of imported packages: `pkg.Name`, if the file uses `pkg` for nothing else.
//!
//! A package cannot be used without a selector (specification, "Import declarations"), so if its
//! name occurs alone, something else in the file has the name, or may have it. A lone name within a
//! struct or interface type, before a colon, or of a method or label does not count, as it does not
//! hide the package.

use std::collections::HashMap;
use std::ops::Range;

use crate::kind::Kind;
use crate::lang::lex::{Quiet, byte, skip_spaces, starts, word_end};
use crate::lang::{Asked, Form, Import, MAX_IMPORTS};

use super::literal::package_name;
use super::scanner;

/// Returns what the text uses of the packages that are asked for.
pub(super) fn uses<'a>(text: &'a [u8], imports: &[Import<'a>], asked: Asked<'_>) -> Vec<Import<'a>> {
    let mut packages: HashMap<&[u8], Package> = HashMap::new();
    for (at, import) in imports.iter().enumerate() {
        let local = match (&import.name, import.alias.as_deref()) {
            (Some(_), _) | (None, Some("_")) => continue,
            (None, Some(alias)) => alias,
            (None, None) => match import.module.as_deref().and_then(package_name) {
                Some(name) => name,
                None => continue,
            },
        };
        let asked = asked.through.get(at).copied().unwrap_or_default();
        let package = packages.entry(local.as_bytes()).or_insert(Package { import: at, asked, other: false });
        package.other |= imports.get(package.import).is_none_or(|first| first.module != import.module);
    }
    packages.retain(|_, package| package.asked && !package.other);
    if packages.is_empty() {
        return Vec::new();
    }
    let code = scanner::scan(text, Quiet::blanking(text)).1.into_code();
    let walk = Walk { code: &code, imports };
    walk.run(&mut |seen| {
        if let Seen::Alone(word) = seen
            && let Some(package) = packages.get_mut(word)
        {
            package.other = true;
        }
        true
    });
    let mut rows = Vec::new();
    walk.run(&mut |seen| {
        let Seen::Use(word, statement, span) = seen else { return true };
        let Some(import) =
            packages.get(word).filter(|package| !package.other).and_then(|package| imports.get(package.import))
        else {
            return true;
        };
        let name = text.get(span.clone()).map(String::from_utf8_lossy);
        let (kind, form, module) = (Kind::Attribute, Form::Plain, import.module.clone());
        rows.push(Import { kind, form, module, name, alias: None, level: 0, statement, span });
        rows.len() <= MAX_IMPORTS
    });
    rows
}

struct Package {
    import: usize,
    asked: bool,
    /// Whether something else has the name too.
    other: bool,
}

/// Token that a walk through the code reports.
enum Seen<'c> {
    /// A word without a selector.
    Alone(&'c [u8]),
    /// A word; the byte range of the word with the selected name; the byte range of that name.
    Use(&'c [u8], Range<usize>, Range<usize>),
}

/// Token before a word, as far as it matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Other,
    /// A selector's dot.
    Dot,
    /// `func`.
    Func,
    /// The closing bracket of what may be a receiver.
    Receiver,
    /// `package`, `goto`, `break` or `continue`.
    Label,
    /// `struct` or `interface`.
    Type,
}

/// Walk over the code without strings and comments, which leaves import statements out.
struct Walk<'w> {
    code: &'w [u8],
    imports: &'w [Import<'w>],
}

impl<'w> Walk<'w> {
    /// Reports each word to `tell` until that returns false.
    fn run(&self, tell: &mut impl FnMut(Seen<'w>) -> bool) {
        let mut imports = self.imports.iter().map(|import| &import.statement).peekable();
        let (mut at, mut before) = (0, Before::Other);
        // Number of open braces, and that number where the outermost struct or interface type
        // opened.
        let (mut braces, mut inside) = (0_usize, None);
        // Number of parentheses open since the one that may contain a receiver.
        let mut receiver: Option<usize> = None;
        loop {
            at = skip_spaces(self.code, at);
            while imports.next_if(|statement| statement.end <= at).is_some() {}
            if let Some(statement) = imports.next_if(|statement| statement.start <= at) {
                at = statement.end;
                continue;
            }
            let Some(&first) = self.code.get(at) else { return };
            let end = word_end(self.code, at);
            if end > at {
                let word = self.code.get(at..end).unwrap_or_default();
                let was = std::mem::replace(&mut before, Before::Other);
                match word {
                    b"func" => before = Before::Func,
                    b"struct" | b"interface" => before = Before::Type,
                    b"package" | b"goto" | b"break" | b"continue" => before = Before::Label,
                    _ => {
                        if let Some(seen) = self.word(at..end, was, inside.is_some())
                            && !tell(seen)
                        {
                            return;
                        }
                    }
                }
                at = end;
                continue;
            }
            let was = std::mem::replace(&mut before, Before::Other);
            match first {
                b'(' => match &mut receiver {
                    Some(open) => *open += 1,
                    None if was == Before::Func => receiver = Some(1),
                    None => {}
                },
                b')' => {
                    if let Some(open) = receiver.as_mut() {
                        *open -= 1;
                        if *open == 0 {
                            (receiver, before) = (None, Before::Receiver);
                        }
                    }
                }
                b'{' => {
                    if was == Before::Type && inside.is_none() {
                        inside = Some(braces);
                    }
                    braces += 1;
                }
                b'}' => {
                    braces = braces.saturating_sub(1);
                    inside = inside.filter(|&open| open < braces);
                }
                b'.' if starts(self.code, at, b"...") => at += 2,
                b'.' => before = Before::Dot,
                b'0'..=b'9' => {
                    at += self
                        .code
                        .iter()
                        .skip(at)
                        .take_while(|&&byte| byte.is_ascii_alphanumeric() || byte == b'_')
                        .count();
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn word(&self, word: Range<usize>, before: Before, inside_type: bool) -> Option<Seen<'w>> {
        let text = self.code.get(word.clone())?;
        let next = skip_spaces(self.code, word.end);
        match byte(self.code, next) {
            _ if matches!(before, Before::Dot | Before::Label) => None,
            b'.' if !starts(self.code, next, b"...") => {
                let name = skip_spaces(self.code, next + 1);
                let end = word_end(self.code, name);
                if end == name {
                    // A type assertion, or broken code.
                    return Some(Seen::Alone(text));
                }
                Some(Seen::Use(text, word.start..end, name..end))
            }
            b':' if byte(self.code, next + 1) != b'=' => None,
            b'(' | b'[' if before == Before::Receiver => None,
            _ if inside_type => None,
            _ => Some(Seen::Alone(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> String {
        let imports = scanner::scan(text.as_bytes(), Quiet::ignored()).0;
        let through = vec![true; imports.len()];
        let rows = uses(text.as_bytes(), &imports, Asked { through: &through, begins: &|_| false });
        let shown = |row: &Import<'_>| {
            let text = &text[row.statement.clone()];
            format!("{text} {}#{}", row.module.as_deref().unwrap(), row.name.as_deref().unwrap())
        };
        rows.iter().map(shown).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn selected_names_are_uses() {
        for (body, uses) in [
            ("var a = url.Parse(b)", "url.Parse net/url#Parse"),
            ("var a = []url.URL{url.\n\tX}", "url.URL net/url#URL, url.\n\tX net/url#X"),
            ("func f(a ...url.URL) { g(b...) }", "url.URL net/url#URL"),
            ("// url.A\nvar a = \"url.B\" + `url.C`", ""),
            ("var a = b.url.C + b . url.C", ""),
            ("func (r url.T) url(a int) {}", "url.T net/url#T"),
            ("type t struct { url url.URL; f func(url int) }", "url.URL net/url#URL"),
            ("type t interface { url(url string) url.URL }", "url.URL net/url#URL"),
            ("var a = t{url: url.A}\nfunc f() { url: goto url }", "url.A net/url#A"),
            ("var a = myurl.A + urls.A + éurl.A", ""),
            ("var a = 1.0 + 0x1p-2 + url.A", "url.A net/url#A"),
        ] {
            assert_eq!(found(&format!("package url\nimport \"net/url\"\n{body}\n")), uses, "{body}");
        }
    }

    #[test]
    fn names_that_something_else_has_are_none() {
        for body in [
            "func f(url string) { url.A() }",
            "func f() { url := g(); url.A() }",
            "func f() { a, url := g(); url.A() }",
            "var url T\nvar a = url.A",
            "func f() (url T, err error) { url.A() }",
            "func f() { for url := range a { url.A() } }",
            "func (url T) f() { url.A() }",
            "func f(a any) { a = url.(T); url.A() }",
            "import url \"other/url\"\nvar a = url.A",
            "func f[url any](a url) { url.A() }",
        ] {
            assert_eq!(found(&format!("package p\nimport \"net/url\"\n{body}\n")), "", "{body}");
        }
    }

    #[test]
    fn packages_have_the_names_that_they_are_given() {
        let text = "package p\nimport (\n\tu \"net/url\"\n\t_ \"a/b\"\n\t. \"a/c\"\n\t\"x/go-d\"\n\t\"x/e/v2\"\n)\n";
        let uses = "var v = u.A + url.B + b.C + c.D + d.E + e.F";
        assert_eq!(found(&format!("{text}{uses}")), "u.A net/url#A, e.F x/e/v2#F");
    }
}
