//! Availability: whether a recommended path exists in the tree.

use memchr::memmem;

use crate::lang::Surroundings;
use crate::lang::files::joined;
use crate::lang::lex::word_is;
use crate::tree::TreeError;

use super::files::package;

/// Returns the reason why the path `instead` cannot be recommended to the file at `path`; `None` if there is none.
pub(super) fn why_unavailable(
    path: &str,
    instead: &[String],
    around: &Surroundings<'_>,
) -> Result<Option<String>, TreeError> {
    let (name, module) = match instead.split_last() {
        Some((last, module)) if last.starts_with('#') => (last.strip_prefix('#'), module),
        _ => (None, instead),
    };
    let Some((first, inner)) = module.split_first() else { return Ok(None) };
    let inner = inner.join("/");
    let file = if first == "." {
        joined("", &inner)
    } else {
        let own = package(path, around.tree)?.filter(|own| first.strip_prefix("package:") == Some(&own.name));
        own.and_then(|own| own.file(&inner))
    };
    let Some(file) = file.filter(|file| !file.is_empty() && !inner.is_empty()) else { return Ok(None) };
    let written = module.join("/");
    if file == path {
        return Ok(Some(format!("this file is `{written}` itself")));
    }
    if !around.tree.is_file(file.as_bytes())? {
        return Ok(Some(format!("`{written}` does not exist in this tree")));
    }
    let Some(name) = name else { return Ok(None) };
    let Some(blob) = around.tree.read(file.as_bytes())? else { return Ok(None) };
    let has = |word: &[u8]| memmem::find_iter(&blob, word).any(|at| word_is(&blob, at, word));
    // A library re-exports what it exports, and contains the declarations of its parts.
    Ok((!has(name.as_bytes()) && !has(b"export") && !has(b"part"))
        .then(|| format!("`{file}` does not mention `{name}`")))
}
