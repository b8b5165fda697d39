//! Whether the tree bears out a recommended path.

use crate::lang::Surroundings;
use crate::text::Text;
use crate::tree::TreeError;

use super::own_path::path_of;
use super::resolve::lookup::{Lookups, below};

/// Words that give a module names which its text need not hold.
const ANY_NAME: &[&[u8]] = &[b"exports", b"__exportStar"];

/// Why the path `instead` cannot be recommended to the file at `path`: no such file exists, it does not mention the
/// name, or it is the file itself. `None` where nothing speaks against it, as of packages, which are not in the tree.
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
        // one that is too large to be read may hold anything
        let Some(blob) = around.tree.read(file.as_bytes())? else { return Ok(None) };
        if !is_code(file) || may_export(Text::decode(&blob).bytes(), name) {
            return Ok(None);
        }
    }
    Ok(files.first().map(|file| format!("`{file}` does not mention `{name}`")))
}

/// Whether a file says itself what it exports: a component or a style sheet need not.
fn is_code(file: &str) -> bool {
    super::resolve::specifier::stem(file) != file
}

/// Whether a module may export a name, its text being all that is known: it mentions it, or gets names from elsewhere.
fn may_export(text: &[u8], name: &str) -> bool {
    // escapes spell such a name in other ways
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
    star && hands_on_all(text)
}

/// `export * from`.
fn hands_on_all(text: &[u8]) -> bool {
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
