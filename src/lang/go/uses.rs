//! Uses of imported packages: `pkg.Name`, if the file uses `pkg` for nothing else.
//!
//! A package cannot be used without a selector (specification, "Import declarations"), so if its
//! name occurs alone, something else in the file has the name, or may have it. A lone name within a
//! struct or interface type, before a colon, or of a method or label does not count, as it does not
//! hide the package.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::kind::Kind;
use crate::lang::lex::Quiet;
use crate::lang::{Asked, Form, Import, MAX_IMPORTS};

use super::names::package_names;
use super::scanner;
use super::walk::{Seen, Walk};

/// Returns what the text uses of the packages that are asked for.
pub(super) fn uses<'a>(text: &'a [u8], imports: &[Import<'a>], asked: Asked<'_>) -> Vec<Import<'a>> {
    if !asked.through.contains(&true) {
        return Vec::new();
    }
    let names: Vec<_> = imports.iter().map(names_of).collect();
    let mut words: HashMap<&[u8], Word> =
        names.iter().flatten().map(|name| (name.as_bytes(), Word::default())).collect();
    let code = scanner::scan(text, Quiet::blanking(text)).1.into_code();
    let walk = Walk { code: &code, imports };
    walk.run(&mut |seen| {
        let (name, other) = match seen {
            Seen::Alone(name) => (name, true),
            Seen::Use(name, ..) => (name, false),
        };
        if let Some(word) = words.get_mut(name) {
            *word = Word { used: true, other: word.other || other };
        }
        true
    });
    let mut packages = packages(imports, &names, &words);
    packages.retain(|_, package| !package.other && asked.through.get(package.import).copied().unwrap_or_default());
    if packages.is_empty() {
        return Vec::new();
    }
    let mut rows = Vec::new();
    walk.run(&mut |seen| {
        let Seen::Use(word, statement, span) = seen else { return true };
        let Some(import) = packages.get(word).and_then(|package| imports.get(package.import)) else { return true };
        let name = text.get(span.clone()).map(String::from_utf8_lossy);
        let (kind, form, module) = (Kind::Attribute, Form::Plain, import.module.clone());
        rows.push(Import { kind, form, module, name, alias: None, level: 0, statement, span });
        rows.len() <= MAX_IMPORTS
    });
    rows
}

/// Returns the names that an import may give its package in the file.
fn names_of<'i>(import: &'i Import<'_>) -> Vec<Cow<'i, str>> {
    match (&import.name, import.alias.as_deref()) {
        (Some(_), _) | (None, Some("_")) => Vec::new(),
        (None, Some(alias)) => vec![Cow::Borrowed(alias)],
        (None, None) => import.module.as_deref().map(package_names).unwrap_or_default(),
    }
}

/// Returns the packages by their names in the file. Of several names, a package has the one that the file uses; if it
/// uses more, the first that no other package has for sure.
fn packages<'n>(
    imports: &[Import<'_>],
    names: &'n [Vec<Cow<'_, str>>],
    words: &HashMap<&[u8], Word>,
) -> HashMap<&'n [u8], Package> {
    let (mut packages, mut named): (HashMap<&'n [u8], Package>, HashSet<usize>) = Default::default();
    let module = |import: usize| imports.get(import).and_then(|import| import.module.as_deref());
    let word = |name: &str| words.get(name.as_bytes()).copied().unwrap_or_default();
    for round in [Round::OnlyName, Round::OnlyUsed, Round::First] {
        let mut found: Vec<(usize, &'n str)> = Vec::new();
        for (import, names) in names.iter().enumerate() {
            let mut left = names.iter().map(AsRef::as_ref).filter(|name: &&str| {
                let Word { used, other } = word(name);
                used && !other && !packages.contains_key(name.as_bytes())
            });
            found.extend(match (round, names.as_slice()) {
                (Round::OnlyName, [name]) => Some((import, &**name)),
                (Round::OnlyName, _) | (_, [] | [_]) => None,
                (Round::OnlyUsed, _) => left.next().filter(|_| left.next().is_none()).map(|name| (import, name)),
                (Round::First, _) if named.contains(&import) => None,
                (Round::First, _) => left.next().map(|name| (import, name)),
            });
        }
        for (import, name) in found {
            named.insert(import);
            let package = packages.entry(name.as_bytes()).or_insert(Package { import, other: word(name).other });
            package.other |= module(package.import) != module(import);
        }
    }
    packages
}

/// Order in which packages are given their names.
#[derive(Clone, Copy)]
enum Round {
    /// Packages that can have only one.
    OnlyName,
    /// Packages of which the file uses one.
    OnlyUsed,
    /// All others.
    First,
}

/// What a text has a name for.
#[derive(Clone, Copy, Default)]
struct Word {
    used: bool,
    /// Whether something else than a package has it.
    other: bool,
}

struct Package {
    import: usize,
    /// Whether something else has the name too.
    other: bool,
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
        assert_eq!(found(&format!("{text}{uses}")), "u.A net/url#A, d.E x/go-d#E, e.F x/e/v2#F");
    }

    #[test]
    fn of_several_names_a_package_has_the_one_that_is_used() {
        for (paths, body, uses) in [
            ("a/b/v2", "v2.X + v2.Y", "v2.X a/b/v2#X, v2.Y a/b/v2#Y"),
            ("a/b/v2", "b.X", "b.X a/b/v2#X"),
            ("a/b/v2", "b.X + v2.Y", "b.X a/b/v2#X"),
            ("a/b/v1", "b.X", "b.X a/b/v1#X"),
            ("a/b/v2 c/v2", "v2.X + b.Y", "v2.X c/v2#X, b.Y a/b/v2#Y"),
            ("a/b/v1 a/b/v2", "v1.X + v2.Y", "v1.X a/b/v1#X, v2.Y a/b/v2#Y"),
            ("a/b/v1 c/v1", "b.X + v1.Y", "b.X a/b/v1#X, v1.Y c/v1#Y"),
            ("a/b/v1 c/v1", "v1.Y", ""),
            ("a/b/v2 c/b", "v2.X + b.Y", "v2.X a/b/v2#X, b.Y c/b#Y"),
            ("a/b/v2", "func(b int) { b.X; v2.Y }", "v2.Y a/b/v2#Y"),
            ("a/go-b", "b.X + go.Y", "b.X a/go-b#X"),
        ] {
            let imports: String = paths.split(' ').map(|path| format!("import \"{path}\"\n")).collect();
            assert_eq!(found(&format!("package p\n{imports}var a = {body}\n")), uses, "{paths}: {body}");
        }
    }
}
