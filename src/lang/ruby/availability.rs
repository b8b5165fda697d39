//! Availability: whether a recommended path exists in the tree.

use memchr::memmem;

use crate::lang::Surroundings;
use crate::lang::files::joined;
use crate::lang::lex::word_is;
use crate::tree::TreeError;

use super::files::stem;

/// Returns the reason why the path `instead` cannot be recommended to the file at `path`; `None` if there is none.
pub(super) fn why_unavailable(
    path: &[u8],
    instead: &[String],
    around: &Surroundings<'_>,
) -> Result<Option<String>, TreeError> {
    let (name, module) = match instead.split_last() {
        Some((last, module)) if last.starts_with('#') => (Some(&last[1..]), module),
        _ => (None, instead),
    };
    let written = module.join("/");
    let from_top = module.first().is_some_and(|first| first == ".");
    let Some(file) = joined(if from_top { "" } else { "lib" }, &written).map(|file| format!("{file}.rb")) else {
        return Ok(None);
    };
    if stem(&String::from_utf8_lossy(path)) == stem(&file) {
        return Ok(Some(format!("this file is `{written}` itself")));
    }
    if !around.tree.is_file(file.as_bytes())? {
        // A path that is not under `lib` may belong to a gem.
        let first = module.first().map(String::as_str).unwrap_or_default();
        let ours = from_top || around.tree.is_folder(format!("lib/{first}").as_bytes())?;
        return Ok(ours.then(|| format!("`{written}` does not exist in this tree")));
    }
    let Some(name) = name else { return Ok(None) };
    let Some(blob) = around.tree.read(file.as_bytes())? else { return Ok(None) };
    let mentions = memmem::find_iter(&blob, name.as_bytes()).any(|at| word_is(&blob, at, name.as_bytes()));
    Ok((!mentions).then(|| format!("`{file}` does not mention `{name}`")))
}
