//! Specifiers as text, without lookups in the tree: their parts, and paths in canonical form.
//!
//! Sources: Node.js documentation, "Modules: ECMAScript modules", resolution algorithm; the WHATWG
//! URL standard, 4.4 (`%2e` is a dot, tabs and line ends are dropped, `\` is `/`).

use std::borrow::Cow;

/// File endings that a path omits, longer ones first. TypeScript writes `./x.js` for a file `x.ts`.
pub(in super::super) const CODE: &[&str] =
    &["d.ts", "d.mts", "d.cts", "ts", "tsx", "js", "jsx", "mts", "mjs", "cts", "cjs"];

/// Kind of a specifier by its beginning, which determines what it is resolved against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Sort {
    /// `./x`, `../x`: the folder of the file.
    Relative,
    /// `/x`: the root of a web server, or of the file system.
    Rooted,
    /// `#x`: the `imports` of the package.
    Internal,
    /// `https://…`, `npm:…`: depends on the scheme.
    Scheme,
    /// `x`, `@x/y`: a package, or an alias.
    Bare,
}

/// A specifier in its parts.
#[derive(Clone, Debug)]
pub(in super::super) struct Specifier<'a> {
    /// Loaders before the module: `raw-loader!`.
    pub(in super::super) loaders: &'a str,
    /// The part that names the module.
    pub(in super::super) core: Cow<'a, str>,
    /// Query for a bundler: `?raw`.
    pub(in super::super) query: &'a str,
    pub(in super::super) sort: Sort,
}

impl<'a> Specifier<'a> {
    pub(in super::super) fn cut(text: &'a str) -> Self {
        let start = text.rfind('!').map_or(0, |at| at + 1);
        let (loaders, rest) = text.split_at(start);
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let internal = rest.starts_with('#');
        let is_query = |sign: char| sign == '?' || (sign == '#' && !internal);
        let end = rest.get(first..).and_then(|rest| rest.find(is_query)).map_or(rest.len(), |at| first + at);
        let (core, query) = rest.split_at(end);
        let core = core.trim_end_matches(|sign: char| sign <= ' ');
        let dropped = |sign: char| matches!(sign, '\t' | '\n' | '\r');
        let core = if core.contains(dropped) { core.replace(dropped, "").into() } else { Cow::Borrowed(core) };
        let sort = sort(&core);
        Self { loaders, core, query, sort }
    }
}

fn sort(core: &str) -> Sort {
    let after_dots = core.strip_prefix("..").or_else(|| core.strip_prefix('.'));
    if after_dots.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '\\'])) {
        return Sort::Relative;
    }
    if core.starts_with('/') {
        return Sort::Rooted;
    }
    if core.starts_with('#') {
        return Sort::Internal;
    }
    if scheme(core).is_some() { Sort::Scheme } else { Sort::Bare }
}

/// Returns the scheme of a URL. A single letter is a drive.
pub(in super::super) fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '+' | '.' | '-');
    (scheme.len() > 1 && scheme.starts_with(|sign: char| sign.is_ascii_alphabetic()) && scheme.chars().all(is_sign))
        .then_some(scheme)
}

/// Splits a URL into segments; scheme and host are one segment.
pub(in super::super) fn of_scheme(text: &str) -> Vec<String> {
    let host = text.find("://").map_or(0, |at| at + 3);
    let end = text.get(host..).and_then(|rest| rest.find('/')).map_or(text.len(), |at| host + at);
    let (first, rest) = text.split_at(end);
    let rest = rest.split('/').filter(|segment| !segment.is_empty());
    std::iter::once(first).chain(rest).map(str::to_owned).collect()
}

/// Decodes `%66` to `f`; encoded separators and NULs stay, and so does text that is not UTF-8.
pub(in super::super) fn percent_decoded(text: &str) -> Cow<'_, str> {
    let mut parts = text.split('%');
    let Some(first) = parts.next().filter(|first| first.len() < text.len()) else { return Cow::Borrowed(text) };
    let mut decoded = first.as_bytes().to_vec();
    for part in parts {
        let digits = part.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if !matches!(byte, 0 | b'/' | b'\\') => {
                decoded.push(byte);
                decoded.extend_from_slice(part.as_bytes().get(2..).unwrap_or_default());
            }
            _ => {
                decoded.push(b'%');
                decoded.extend_from_slice(part.as_bytes());
            }
        }
    }
    String::from_utf8(decoded).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Resolves `path` from the folder `base`; `None` if it leads above the top.
pub(in super::super) fn joined(base: &[String], path: &str) -> Option<Vec<String>> {
    let mut segments = base.to_vec();
    for segment in path.split(['/', '\\']) {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            segment => segments.push(segment.to_owned()),
        }
    }
    Some(segments)
}

/// Returns a file name without its code ending.
pub(in super::super) fn stem(name: &str) -> &str {
    let without = |name: &str, ending: &str| {
        let stem = name.strip_suffix(ending)?.strip_suffix('.')?;
        (!stem.is_empty()).then_some(stem.len())
    };
    let end = CODE.iter().find_map(|ending| without(name, ending)).unwrap_or(name.len());
    let name = name.get(..end).unwrap_or(name);
    // `./x.d` is `x.d.ts`.
    without(name, "d").and_then(|end| name.get(..end)).unwrap_or(name)
}

/// Returns the file that `x.d.css.ts` declares: `x.css` (TypeScript's `allowArbitraryExtensions`).
fn declared(name: &str) -> Option<String> {
    let (rest, ending) = name.strip_suffix(".ts")?.rsplit_once('.')?;
    let stem = rest.strip_suffix(".d").filter(|stem| !stem.is_empty())?;
    Some(format!("{stem}.{ending}"))
}

/// Removes the ending of the last segment, and `index`. The first `named` segments are no files.
pub(in super::super) fn canonical(mut segments: Vec<String>, named: usize) -> Vec<String> {
    if segments.len() <= named {
        return segments;
    }
    if let Some(last) = segments.last_mut() {
        match declared(last) {
            Some(declared) => *last = declared,
            None => last.truncate(stem(last).len()),
        }
    }
    // A folder may be named `index` too; then `./index` and `./index/index` may mean the same file.
    while segments.len() > named && segments.last().is_some_and(|last| last == "index") {
        segments.pop();
    }
    segments
}

/// Returns a path from the top in canonical form. The top has no name, so its index keeps its own.
pub(in super::super) fn in_repository(segments: Vec<String>) -> Vec<String> {
    let mut path = vec![".".to_owned()];
    path.extend(canonical(segments, 0));
    if path.len() == 1 {
        path.push("index".to_owned());
    }
    path
}

/// Returns how many leading segments name a package: 2 for `@scope/name`, 1 for `name`.
pub(in super::super) fn package_length(segments: &[String]) -> usize {
    let scoped = segments.first().is_some_and(|first| first.starts_with('@') && first.len() > 1);
    if scoped { 2 } else { 1 }
}

/// Returns a path of a package in canonical form.
pub(in super::super) fn in_package(segments: Vec<String>) -> Vec<String> {
    let named = package_length(&segments);
    canonical(segments, named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(segments: &[String]) -> String {
        segments.join("/")
    }

    #[test]
    fn a_specifier_falls_into_its_parts() {
        for (text, loaders, core, query, sort) in [
            ("./x", "", "./x", "", Sort::Relative),
            ("..", "", "..", "", Sort::Relative),
            (".\\x", "", ".\\x", "", Sort::Relative),
            (".x", "", ".x", "", Sort::Bare),
            ("...", "", "...", "", Sort::Bare),
            ("./x.svg?raw", "", "./x.svg", "?raw", Sort::Relative),
            ("./x.js#part", "", "./x.js", "#part", Sort::Relative),
            ("#in/x?url", "", "#in/x", "?url", Sort::Internal),
            ("!!raw-loader!./x?y", "!!raw-loader!", "./x", "?y", Sort::Relative),
            ("/src/x", "", "/src/x", "", Sort::Rooted),
            ("https://a.b/c", "", "https://a.b/c", "", Sort::Scheme),
            ("npm:react@18", "", "npm:react@18", "", Sort::Scheme),
            ("c:/x", "", "c:/x", "", Sort::Bare),
            ("@a/b", "", "@a/b", "", Sort::Bare),
            ("./a\nb ", "", "./ab", "", Sort::Relative),
            ("", "", "", "", Sort::Bare),
            ("ü?x", "", "ü", "?x", Sort::Bare),
        ] {
            let cut = Specifier::cut(text);
            assert_eq!((cut.loaders, &*cut.core, cut.query, cut.sort), (loaders, core, query, sort), "{text}");
        }
    }

    #[test]
    fn percent_signs_are_decoded_but_for_separators() {
        for (text, expected) in [
            ("%66s", "fs"),
            ("a%2Fb%5cc", "a%2Fb%5cc"),
            ("%", "%"),
            ("%4", "%4"),
            ("%zz%41", "%zzA"),
            ("%ff", "%ff"),
            ("%c3%bc", "ü"),
            ("%2e%2e", ".."),
            ("%+1", "%+1"),
            ("%é", "%é"),
        ] {
            assert_eq!(percent_decoded(text), expected);
        }
    }

    #[test]
    fn endings_and_index_are_left_out() {
        for (text, expected) in [
            ("src/x.ts", "./src/x"),
            ("src/x.d.ts", "./src/x"),
            ("src/x.d", "./src/x"),
            ("src/x.min.js", "./src/x.min"),
            ("src/x.vue", "./src/x.vue"),
            ("src/x.json", "./src/x.json"),
            ("src/x.css.d.ts", "./src/x.css"),
            ("src/x.d.css.ts", "./src/x.css"),
            ("src/.ts", "./src/.ts"),
            ("src/index.tsx", "./src"),
            ("src/index", "./src"),
            ("src/d.ts", "./src/d"),
            ("index.js", "./index"),
            ("pages/index/index.js", "./pages"),
            ("", "./index"),
        ] {
            assert_eq!(path(&in_repository(joined(&[], text).unwrap())), expected, "{text}");
        }
        for (text, expected) in [
            ("lodash/fp.js", "lodash/fp"),
            ("lodash/index.js", "lodash"),
            ("highlight.js", "highlight.js"),
            ("@a/b.js", "@a/b.js"),
            ("@a/b.js/c.js", "@a/b.js/c"),
            ("@/b.js", "@/b"),
            ("index", "index"),
        ] {
            assert_eq!(path(&in_package(joined(&[], text).unwrap())), expected, "{text}");
        }
    }

    #[test]
    fn dots_lead_up_and_never_above_the_top() {
        let base = ["a".to_owned(), "b".to_owned()];
        for (text, expected) in [
            ("./x", Some("a/b/x")),
            ("..", Some("a")),
            ("../../x/./y//z/", Some("x/y/z")),
            ("../../..", None),
            ("../../../a/x", None),
            (".\\x", Some("a/b/x")),
        ] {
            assert_eq!(joined(&base, text).as_deref().map(path).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_host_is_one_segment() {
        assert_eq!(of_scheme("https://a.b/c/d.ts"), ["https://a.b", "c", "d.ts"]);
        assert_eq!(of_scheme("npm:@a/b@1"), ["npm:@a", "b@1"]);
        assert_eq!(of_scheme("https://a.b"), ["https://a.b"]);
    }
}
