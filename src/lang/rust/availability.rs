//! Availability: whether the tree contains a recommended path.

use crate::lang::Surroundings;
use crate::text::Text;
use crate::tree::{Tree, TreeError};

use super::bytes::{identifier_end, start, word_end};
use super::own_module::{OwnModule, Root};

/// Returns the reason why the path `instead` cannot be recommended to the file at `path`. Only the
/// crates of the file's own package are examined: others may be anywhere.
///
/// # Errors
/// When the tree cannot be read.
pub(super) fn why_unavailable(
    path: &[u8],
    instead: &[String],
    around: &Surroundings<'_>,
) -> Result<Option<String>, TreeError> {
    let Some(place) = OwnModule::find(path, around)? else { return Ok(None) };
    let Some((first, names)) = instead.split_first() else { return Ok(None) };
    let named = |root: &&Root| root.name.as_deref() == Some(first);
    let library = place.library.as_ref().filter(named);
    let root = if first == "crate" { Some(&place.root) } else { library.or(Some(&place.root).filter(named)) };
    // Policies call the library that a test or a program uses `crate` as well.
    let other = place.library.as_ref().filter(|other| first == "crate" && Some(*other) != root);
    if let Some(other) = other
        && within(other, path, instead, names, around.tree)?.is_none()
    {
        return Ok(None);
    }
    match root {
        Some(root) if !root.file.is_empty() => within(root, path, instead, names, around.tree),
        _ => Ok(None),
    }
}

/// Follows the path from the crate's root as far as modules have files of their own.
fn within(
    root: &Root,
    path: &[u8],
    instead: &[String],
    names: &[String],
    tree: &dyn Tree,
) -> Result<Option<String>, TreeError> {
    if !tree.is_file(root.file.as_bytes())? {
        return Ok(None);
    }
    let (mut folder, mut file, mut depth) = (root.folder.clone(), root.file.clone(), 0);
    for name in names {
        let beside = [format!("{folder}{name}.rs"), format!("{folder}{name}/mod.rs")];
        let mut found = None;
        for candidate in beside {
            if found.is_none() && tree.is_file(candidate.as_bytes())? {
                found = Some(candidate);
            }
        }
        let Some(found) = found else { break };
        folder = format!("{folder}{name}/");
        file = found;
        depth += 1;
    }
    let Some(name) = names.get(depth) else {
        let own = file.as_bytes() == path;
        return Ok(own.then(|| format!("this file is `{}` itself", instead.join("::"))));
    };
    // A file too large to be read may define anything.
    let Some(blob) = tree.read(file.as_bytes())? else { return Ok(None) };
    let known = may_define(Text::decode(&blob).bytes(), name);
    let module = instead.get(..=depth).unwrap_or(instead).join("::");
    if known {
        return Ok((file.as_bytes() == path).then(|| format!("this file is `{module}` itself")));
    }
    Ok(Some(if depth == 0 {
        format!("`{module}::{name}` does not exist in this tree")
    } else {
        format!("`{file}` does not mention `{name}`")
    }))
}

/// Returns whether a module may have a name, judging by its text alone: it mentions the name, or
/// takes names from elsewhere.
fn may_define(text: &[u8], name: &str) -> bool {
    let mut at = start(text);
    // The file may spell such a name in another normal form.
    let mut found = !name.is_ascii() || memchr::memmem::find(text, b"::*").is_some();
    while at < text.len() && !found {
        let end = identifier_end(text, at).max(word_end(text, at));
        let word = text.get(at..end).unwrap_or_default();
        found = word.strip_prefix(b"r#").unwrap_or(word) == name.as_bytes() || word == b"include";
        at = end.max(at + 1);
    }
    found
}

#[cfg(test)]
mod tests;
