//! Availability: whether the tree contains a recommended path.

use crate::lang::Surroundings;
use crate::text::Text;
use crate::tree::TreeError;

use super::own_path::path_of;
use super::resolve::lookup::{Lookups, below};

/// Identifiers by which a module may export names that its text does not contain.
const ANY_NAME: &[&[u8]] = &[b"exports", b"__exportStar"];

/// Returns the reason why the path `instead` cannot be recommended to the file at `path`: no such
/// file exists, it does not mention the name, or it is the file itself. `None` if there is none, as
/// for packages, which are not in the tree.
///
/// # Errors
/// When the tree cannot be read.
pub(super) fn why_unavailable(
    path: &[u8],
    instead: &[String],
    around: &Surroundings<'_>,
) -> Result<Option<String>, TreeError> {
    let end = instead.iter().position(|segment| segment.starts_with('#')).unwrap_or(instead.len());
    let (module, names) = instead.split_at(end);
    let Some(segments) = module.strip_prefix(&[".".to_owned()][..]) else { return Ok(None) };
    let written = module.join("/");
    if path_of(path) == module {
        return Ok(Some(format!("this file is `{written}` itself")));
    }
    let lookups = Lookups::new(around.tree);
    let files = lookups.files(segments, usize::MAX)?;
    if files.is_empty() {
        let folder = segments.join("/");
        if !lookups.is_folder(&folder)? {
            return Ok(Some(format!("`{written}` does not exist in this tree")));
        }
        let has_main = lookups.is_file(&below(&folder, "package.json"))?;
        return Ok((!has_main).then(|| format!("`{written}` is a folder without an index")));
    }
    let Some(name) = names.first().and_then(|name| name.strip_prefix('#')) else { return Ok(None) };
    for file in &files {
        // A file too large to be read may contain anything.
        let Some(blob) = around.tree.read(file.as_bytes())? else { return Ok(None) };
        if !is_code(file) || may_export(Text::decode(&blob).bytes(), name) {
            return Ok(None);
        }
    }
    Ok(files.first().map(|file| format!("`{file}` does not mention `{name}`")))
}

/// Returns whether a file is code, which states its exports; a component or style sheet need not.
fn is_code(file: &str) -> bool {
    super::resolve::specifier::stem(file) != file
}

/// Returns whether a module may export a name: its text mentions it, or takes names from others.
fn may_export(text: &[u8], name: &str) -> bool {
    // Such a name may be spelled with escapes.
    if !name.bytes().all(is_name) || !name.is_ascii() {
        return true;
    }
    let mut star = false;
    for word in text.split(|&byte| !is_name(byte)) {
        if word == name.as_bytes() || ANY_NAME.contains(&word) {
            return true;
        }
        star |= word == b"export";
    }
    star && has_star_export(text)
}

/// Returns whether the text has an `export *`.
fn has_star_export(text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, b"export").any(|at| {
        let after = text.get(at + b"export".len()..).unwrap_or_default();
        after.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'*')
    })
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

#[cfg(test)]
mod tests;
