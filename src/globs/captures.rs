//! Globs with captures: `src/features/<feature>` binds `feature` to the name of a folder above a file.

use super::engine::Engine;
use super::{BadGlob, built, check, is_literal, stars};
use crate::toml_file::shortened;

/// What a capture may be called, as a hint.
pub(crate) const CAPTURE_NAME: &str =
    "its name has ASCII letters, digits, `-` and `_`, and begins with a letter: `<feature>`";

/// Says that a text between `<` and `>` is no capture.
pub(crate) fn no_capture(text: &str) -> String {
    format!("`{}` is no capture", shortened(text))
}

/// Glob with at least one capture. It is matched component by component, because a set of globs does not tell what a
/// star stood for.
#[derive(Clone, Debug)]
pub(crate) struct CaptureGlob {
    components: Vec<Component>,
}

#[derive(Clone, Debug)]
enum Component {
    Literal(String),
    Capture(String),
    Stars(String),
    Engine(Box<Engine>),
    /// `**`
    Any,
}

impl CaptureGlob {
    /// Parses a glob; `None` if it has no capture.
    pub(crate) fn new(written: &str) -> Result<Option<Self>, BadGlob> {
        if !written.contains('<') {
            return Ok(None);
        }
        let text = written.strip_suffix('/').unwrap_or(written);
        let is_meant = |part: &&str| part.starts_with('<') && part.ends_with('>') && captures(part).next().is_none();
        if let Some(misnamed) = text.split('/').find(is_meant) {
            return Err(BadGlob { message: no_capture(misnamed), hint: Some(CAPTURE_NAME.to_owned()) });
        }
        if captures(text).next().is_none() {
            return Ok(None);
        }
        check(written)?;
        if in_braces(text) {
            let hint = Some("write a glob for each of the choices".to_owned());
            return Err(BadGlob { message: "a capture cannot stand in a glob with `{}`".to_owned(), hint });
        }
        let mut components: Vec<Component> = Vec::new();
        for part in text.split('/') {
            let component = match whole_capture(part) {
                Some(name) if components.iter().any(|known| known.captures(name)) => {
                    let message = format!("the glob has the capture `<{name}>` twice");
                    let hint = Some("give the other one another name, or write `*` for it".to_owned());
                    return Err(BadGlob { message, hint });
                }
                Some(name) => Component::Capture(name.to_owned()),
                None if captures(part).next().is_some() => {
                    let message =
                        format!("a capture stands for the whole name of a folder, not for a part as in `{part}`");
                    return Err(BadGlob { message, hint: Some("put it between slashes".to_owned()) });
                }
                None if part == "**" => Component::Any,
                None if is_literal(part) => Component::Literal(part.to_owned()),
                None if stars::is_simple(part) => Component::Stars(part.to_owned()),
                None => Component::Engine(Box::new(Engine::new(built(part)?))),
            };
            components.push(component);
        }
        Ok(Some(Self { components }))
    }

    /// The names of its captures.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.components.iter().filter_map(|component| match component {
            Component::Capture(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Returns the size of its parts that need an engine.
    pub(super) fn engine_bytes(&self) -> usize {
        let bytes = |component: &Component| match component {
            Component::Engine(engine) => engine.text().len(),
            _ => 0,
        };
        self.components.iter().map(bytes).sum()
    }

    /// Returns what the captures stand for in the file at `path`, or in the first of its folders that the glob matches;
    /// `None` if it matches none. A `**` before a capture stands for as few folders as it can.
    pub(crate) fn bind<'p>(&self, path: &'p [u8]) -> Option<Vec<(&str, &'p [u8])>> {
        let names: Vec<&[u8]> = path.split(|&byte| byte == b'/').collect();
        let mut bound: Vec<(usize, &str, &[u8])> = Vec::new();
        let (mut at, mut from) = (0, 0);
        // Position to resume at after a mismatch: behind the last `**`, which then takes one folder more.
        let mut retry = None;
        loop {
            let name = names.get(from).copied();
            let matches = match (self.components.get(at), name) {
                (None, _) => return Some(bound.into_iter().map(|(_, capture, name)| (capture, name)).collect()),
                (Some(Component::Any), _) => {
                    retry = Some((at + 1, from));
                    at += 1;
                    continue;
                }
                (Some(_), None) => false,
                (Some(Component::Literal(text)), Some(name)) => text.as_bytes() == name,
                (Some(Component::Stars(glob)), Some(name)) => stars::matches(glob, name, false),
                (Some(Component::Engine(engine)), Some(name)) => engine.is_match(name),
                // The last name is the file's.
                (Some(Component::Capture(_)), Some(_)) => from + 1 < names.len(),
            };
            if matches {
                if let (Some(Component::Capture(capture)), Some(name)) = (self.components.get(at), name) {
                    bound.push((at, capture, name));
                }
                (at, from) = (at + 1, from + 1);
            } else {
                let (after, start) = retry.filter(|&(_, start)| start < names.len())?;
                retry = Some((after, start + 1));
                (at, from) = (after, start + 1);
                bound.retain(|&(component, ..)| component < after);
            }
        }
    }
}

impl Component {
    fn captures(&self, name: &str) -> bool {
        matches!(self, Self::Capture(known) if known == name)
    }
}

/// Returns the name of a capture that is the whole text.
pub(crate) fn whole_capture(text: &str) -> Option<&str> {
    let name = text.strip_prefix('<')?.strip_suffix('>')?;
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
    (name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.chars().all(is_sign)).then_some(name)
}

/// Returns the captures in a text, `<` and `>` included, with their offsets.
pub(crate) fn captures(text: &str) -> impl Iterator<Item = (usize, &str)> {
    // A name has no `<`, so the nearest one before each `>` counts: the text is read once.
    let mut from = 0;
    text.match_indices('>').filter_map(move |(at, _)| {
        let before = text.get(std::mem::replace(&mut from, at + 1)..=at)?;
        let start = at + 1 - before.len() + before.rfind('<')?;
        let whole = text.get(start..=at)?;
        whole_capture(whole).map(|_| (start, whole))
    })
}

fn in_braces(text: &str) -> bool {
    text.contains(['{', '}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(glob: &str, path: &str) -> Option<String> {
        let glob = CaptureGlob::new(glob).unwrap_or_else(|bad| panic!("{glob}: {}", bad.message)).unwrap();
        let shown = |(name, value): (&str, &[u8])| format!("{name}={}", String::from_utf8_lossy(value));
        glob.bind(path.as_bytes()).map(|bound| bound.into_iter().map(shown).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn captures_are_found_with_their_offsets() {
        for (text, expected) in [
            ("src/<a>/<b-1>", &[(4, "<a>"), (8, "<b-1>")][..]),
            ("<<a>><b>", &[(1, "<a>"), (5, "<b>")]),
            ("<1>/<a/<b>", &[(7, "<b>")]),
            ("é<a>", &[(2, "<a>")]),
            ("a>b<c", &[]),
            ("<>", &[]),
        ] {
            assert_eq!(captures(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn a_capture_is_the_name_of_a_folder() {
        for (glob, path, expected) in [
            ("src/features/<feature>", "src/features/a/x.ts", Some("feature=a")),
            ("src/features/<feature>/", "src/features/a/b/c/x.ts", Some("feature=a")),
            ("src/features/<feature>", "src/features/x.ts", None),
            ("src/features/<feature>", "src/feature/a/x.ts", None),
            ("src/features/<feature>", "lib/src/features/a/x.ts", None),
            ("<a>/*/<b>/**/*.ts", "p/q/r/s/t/x.ts", Some("a=p b=r")),
            ("<a>/*/<b>/**/*.ts", "p/q/r/x.js", None),
            ("**/features/<f>", "a/features/b/features/c/x.ts", Some("f=b")),
            ("**/features/<f>/api", "a/features/b/features/c/api/x.ts", Some("f=c")),
            ("**/<f>/*.ts", "a/b/x.ts", Some("f=b")),
            ("**/<f>/*.ts", "x.ts", None),
            ("packages/[a-z]*/src/<f>", "packages/core/src/x/y.ts", Some("f=x")),
            ("packages/[a-z]*/src/<f>", "packages/Core/src/x/y.ts", None),
            ("packages/c?r*/<f>", "packages/core/x/y.ts", Some("f=x")),
            ("packages/c?r*/<f>", "packages/cr/x/y.ts", None),
            ("p/**x/<f>", "p/yx/a/b.ts", Some("f=a")),
        ] {
            assert_eq!(bound(glob, path).as_deref(), expected, "{glob} on {path}");
        }
    }

    #[test]
    fn a_capture_in_a_wrong_place_is_told() {
        for (glob, words) in [
            ("src/<a>-x", "not for a part as in `<a>-x`"),
            ("src/<a><b>", "not for a part"),
            ("src/{<a>,b}", "with `{}`"),
            ("src/{a,b}/<c>", "with `{}`"),
            ("src/**<a>", "not for a part"),
            ("<a>/x/<a>", "twice"),
            ("./<a>", "leave out `./`"),
        ] {
            let error = CaptureGlob::new(glob).err().map(|bad| bad.message).unwrap_or_default();
            assert!(error.contains(words), "{glob}: {error}");
        }
        for glob in ["src/<>/x", "<1>", "< a>", "<größe>", "x/<f.g>/y"] {
            let error = CaptureGlob::new(glob).err().map(|bad| bad.message).unwrap_or_default();
            assert!(error.ends_with("is no capture"), "{glob}: {error}");
        }
        for glob in ["src", "a<b", "a<1>b", "<a", "x/<a/b>"] {
            assert!(matches!(CaptureGlob::new(glob), Ok(None)), "{glob}");
        }
    }

    #[test]
    fn long_paths_take_linear_steps() {
        let path = "a/".repeat(50_000) + "x.ts";
        assert_eq!(bound("**/a/**/b/<f>", &path), None);
    }
}
