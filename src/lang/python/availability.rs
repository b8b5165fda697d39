//! Availability: whether the tree has what a recommended path names.

use std::ops::Range;

use crate::lang::Surroundings;
use crate::text::Text;
use crate::tree::{Tree, TreeError};

/// Returns the reason why the path `instead` cannot be recommended to the file at `path`: its
/// module is missing, does not mention the name, or is the file itself. `None` if there is no
/// reason in the tree.
///
/// # Errors
/// When the tree cannot be read.
pub fn why_unavailable(
    path: &[u8],
    instead: &[String],
    around: &Surroundings<'_>,
) -> Result<Option<String>, TreeError> {
    // Which root comes first at run time is unknown: one that has the path is enough, and the
    // closest miss is the most informative.
    let mut found = false;
    let mut closest: Option<(usize, String)> = None;
    for length in (around.roots)(path) {
        let root = path.get(..length).unwrap_or_default();
        let Some(place) = FoundModule::find(around.tree, root, instead)? else { continue };
        let why = place.why_unavailable(around.tree, instead)?;
        // A package that does not mention the next segment lacks a submodule: a clearer answer.
        if place.is(path) && !(place.package && why.is_some()) {
            return Ok(Some(format!("this file is `{}` itself", instead[..place.depth].join("."))));
        }
        match why {
            None => found = true,
            Some(words) if closest.as_ref().is_none_or(|(depth, _)| *depth < place.depth) => {
                closest = Some((place.depth, words));
            }
            Some(_) => {}
        }
    }
    Ok(closest.filter(|_| !found).map(|(_, words)| words))
}

/// Returns how many segments of a path are modules or folders in the tree; `None` if none is.
///
/// # Errors
/// When the tree cannot be read.
pub fn module_depth(path: &[u8], dotted: &[&str], around: &Surroundings<'_>) -> Result<Option<usize>, TreeError> {
    let dotted: Vec<String> = dotted.iter().map(|&segment| segment.to_owned()).collect();
    let mut deepest = None;
    for length in (around.roots)(path) {
        let root = path.get(..length).unwrap_or_default();
        deepest = deepest.max(FoundModule::find(around.tree, root, &dotted)?.map(|place| place.depth));
    }
    Ok(deepest)
}

/// The module at the end of the part of a path that exists beneath a root.
struct FoundModule {
    /// Number of the path's segments that are modules or folders.
    depth: usize,
    /// Files of the module, with the stub beside it; none for a namespace package.
    files: Vec<Vec<u8>>,
    /// Whether it can hold submodules.
    package: bool,
}

impl FoundModule {
    /// Follows a path from a root; `None` if the root lacks even the first segment: then the path
    /// is a third party's.
    fn find(tree: &dyn Tree, root: &[u8], path: &[String]) -> Result<Option<Self>, TreeError> {
        let mut folder = root.strip_suffix(b"/").unwrap_or(root).to_vec();
        let mut place = Self { depth: 0, files: Vec::new(), package: true };
        for segment in path {
            if !place.package || segment.is_empty() {
                break;
            }
            if !folder.is_empty() {
                folder.push(b'/');
            }
            folder.extend_from_slice(segment.as_bytes());
            // Python's lookup order: a package before a module.
            let inits = existing(tree, &folder, ["/__init__.py", "/__init__.pyi"])?;
            let files = if inits.is_empty() { existing(tree, &folder, [".py", ".pyi"])? } else { Vec::new() };
            let package = files.is_empty();
            if package && inits.is_empty() && !tree.is_folder(&folder)? {
                break;
            }
            place = Self { depth: place.depth + 1, files: if package { inits } else { files }, package };
        }
        Ok((place.depth > 0).then_some(place))
    }

    fn is(&self, path: &[u8]) -> bool {
        self.files.iter().any(|file| file == path)
    }

    fn why_unavailable(&self, tree: &dyn Tree, path: &[String]) -> Result<Option<String>, TreeError> {
        let Some(name) = path.get(self.depth) else { return Ok(None) };
        for file in &self.files {
            // A file too large to be read may define anything.
            let Some(blob) = tree.read(file)? else { return Ok(None) };
            if may_define(Text::decode(&blob).bytes(), name) {
                return Ok(None);
            }
        }
        Ok(Some(match self.files.first() {
            Some(file) if !self.package => {
                format!("`{}` does not mention `{name}`", String::from_utf8_lossy(file))
            }
            _ => format!("`{}` does not exist in this tree", path[..=self.depth].join(".")),
        }))
    }
}

fn existing(tree: &dyn Tree, stem: &[u8], endings: [&str; 2]) -> Result<Vec<Vec<u8>>, TreeError> {
    let mut files = Vec::new();
    for ending in endings {
        let file = [stem, ending.as_bytes()].concat();
        if tree.is_file(&file)? {
            files.push(file);
        }
    }
    Ok(files)
}

/// Returns whether a module may have a name: its text mentions it, or takes names from elsewhere.
fn may_define(text: &[u8], name: &str) -> bool {
    // The file may spell such a name in another normal form.
    !name.is_ascii()
        || words(text).any(|word| match &text[word.clone()] {
            // names made on demand, and packages spread over several folders
            b"__getattr__" | b"__path__" => true,
            b"import" => {
                text[word.end..].iter().find(|&&byte| !byte.is_ascii_whitespace() && byte != b'\\') == Some(&b'*')
            }
            other => other == name.as_bytes(),
        })
}

fn words(text: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let count =
            |from: usize, inside: bool| text[from..].iter().take_while(|&&byte| is_name(byte) == inside).count();
        let start = at + count(at, false);
        at = start + count(start, true);
        (start < at).then_some(start..at)
    })
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests;
