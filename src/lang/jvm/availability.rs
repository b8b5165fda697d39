//! Availability: whether a recommended path exists in the tree.
//!
//! Classes are looked for in the file's own source root and in the roots beside it (`src/main` for `src/test`, `kotlin`
//! for `java`). Kotlin and Scala do not tie a class to a file of its name, so only Java classes can be missing.

use std::borrow::Cow;

use crate::lang::Surroundings;
use crate::lang::lex::is_word;
use crate::text::Text;
use crate::tree::{Tree, TreeError};

use super::Style;
use super::own_path::packages;

/// Extensions of files that may contain classes for the same virtual machine.
const ENDINGS: [&str; 4] = [".java", ".kt", ".scala", ".groovy"];
/// Folders of a source set, one for each language.
const LANGUAGES: [&str; 4] = ["java", "kotlin", "scala", "groovy"];

/// Returns the reason why the path `instead` cannot be recommended to the file at `path`; `None` if there is none.
pub(in crate::lang) fn why_unavailable(
    path: &[u8],
    instead: &[String],
    around: &Surroundings<'_>,
    style: Style,
) -> Result<Option<String>, TreeError> {
    let Some(blob) = around.tree.read(path)? else { return Ok(None) };
    let package = packages(Text::decode(&blob).bytes(), style).concat();
    let Some(own) = source_root(path, &package) else { return Ok(None) };
    let mut missing: Option<usize> = None;
    for root in roots(&own) {
        match find(around.tree, &root, instead)? {
            Found::Nothing => {}
            Found::Package => return Ok(None),
            Found::File { depth, file } if file == path => {
                return Ok(Some(format!("this file is `{}` itself", instead[..=depth].join("."))));
            }
            Found::File { depth, file } => return lacks(around.tree, &file, instead.get(depth + 1)),
            // A file of another language, or of the tests, may contain a class of any name.
            Found::Missing(_) if root.ends_with(b"kotlin") || root.ends_with(b"scala") => return Ok(None),
            Found::Missing(depth) => missing = missing.max(Some(depth)),
        }
    }
    let class =
        |depth: &usize| instead.get(*depth).is_some_and(|name| name.starts_with(|first: char| first.is_uppercase()));
    let missing = missing.filter(|depth| style == Style::Java && class(depth));
    Ok(missing.map(|depth| format!("`{}` does not exist in this tree", instead[..=depth].join("."))))
}

/// Returns the root of the package folders; `None` if the file is not in the folder of its package.
fn source_root(path: &[u8], package: &[String]) -> Option<Vec<u8>> {
    let slash = path.iter().rposition(|&byte| byte == b'/');
    let mut folder = path.get(..slash.unwrap_or(0))?;
    for segment in package.iter().rev() {
        folder = folder.strip_suffix(segment.as_bytes())?;
        folder = match folder {
            [] => folder,
            _ => folder.strip_suffix(b"/")?,
        };
    }
    Some(folder.to_vec())
}

/// Returns the root and those beside it: the same source set and the main one, in any language.
fn roots(own: &[u8]) -> Vec<Vec<u8>> {
    let mut roots = vec![own.to_vec()];
    let mut segments = own.rsplitn(3, |&byte| byte == b'/');
    if let (Some(language), Some(set), Some(above)) = (segments.next(), segments.next(), segments.next())
        && LANGUAGES.iter().any(|name| name.as_bytes() == language)
    {
        for set in [set, b"main"] {
            for name in LANGUAGES {
                let root = [above, set, name.as_bytes()].join(&b'/');
                if !roots.contains(&root) {
                    roots.push(root);
                }
            }
        }
    }
    roots
}

enum Found {
    /// The root lacks even the first package.
    Nothing,
    /// The whole path consists of packages.
    Package,
    /// The segment at `depth` is a class in a file of its own.
    File { depth: usize, file: Vec<u8> },
    /// The segment at this depth is neither a package nor a class.
    Missing(usize),
}

fn find(tree: &dyn Tree, root: &[u8], path: &[String]) -> Result<Found, TreeError> {
    let mut folder = Cow::Borrowed(root);
    for (depth, segment) in path.iter().enumerate() {
        let mut next = folder.into_owned();
        if !next.is_empty() {
            next.push(b'/');
        }
        next.extend_from_slice(segment.as_bytes());
        for ending in ENDINGS {
            let file = [&next[..], ending.as_bytes()].concat();
            if tree.is_file(&file)? {
                return Ok(Found::File { depth, file });
            }
        }
        if !tree.is_folder(&next)? {
            return Ok(if depth == 0 { Found::Nothing } else { Found::Missing(depth) });
        }
        folder = Cow::Owned(next);
    }
    Ok(Found::Package)
}

/// Returns a message if a file does not mention a member and cannot get it from elsewhere.
fn lacks(tree: &dyn Tree, file: &[u8], member: Option<&String>) -> Result<Option<String>, TreeError> {
    let Some(member) = member.filter(|member| member.is_ascii() && file.ends_with(b".java")) else { return Ok(None) };
    let Some(blob) = tree.read(file)? else { return Ok(None) };
    let text = Text::decode(&blob);
    let mut words = text.bytes().split(|&byte| !is_word(byte) && byte != b'$');
    // A supertype or an annotation processor may provide the member.
    let known = words.any(|word| {
        word == member.as_bytes() || matches!(word, b"extends" | b"implements" | b"lombok" | b"enum" | b"record")
    });
    let file = String::from_utf8_lossy(file);
    Ok((!known).then(|| format!("`{file}` does not mention `{member}`")))
}
