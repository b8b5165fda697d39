//! Names that code has for crates where policies have others: for the library of its own package, for renamed
//! dependencies, and by `extern crate … as …` in the crate's root.
//!
//! Format: the Cargo book, "Renaming dependencies" and "The workspace section"; the Rust reference, "Extern crates" and
//! "Extern prelude".

use std::collections::{HashMap, HashSet};

use crate::lang::Surroundings;
use crate::text::Text;
use crate::tree::{TreeError, made_once};

use super::own_module::{OwnModule, package_of, workspace_of};
use super::scan;

/// Maximum number of crates that one name may stand for; a package has one for each.
const MAX_ALIKE: usize = 4;

/// Names in code, each with the first segments that policies have for it.
pub(super) type CrateNames = HashMap<String, Vec<String>>;

/// Names that a crate's root gives to crates.
struct RootNames(Vec<(String, String)>);

/// Returns the names in a file of the crate at `place`.
///
/// # Errors
/// When the tree cannot be read.
pub(super) fn of(path: &[u8], place: &OwnModule, around: &Surroundings<'_>) -> Result<CrateNames, TreeError> {
    let tree = around.tree;
    let mut names = Vec::new();
    let library = place.library.as_ref().filter(|library| **library != place.root);
    names.extend(library.and_then(|library| library.name.clone()).map(|name| (name, "crate".to_owned())));
    if let Some((base, manifest)) = package_of(tree, &String::from_utf8_lossy(path))? {
        names.extend(manifest.renamed.iter().map(in_code));
        if manifest.inherited.iter().any(|name| name != "edition")
            && let Some(workspace) = workspace_of(tree, base)?
        {
            let inherited: HashSet<&String> = manifest.inherited.iter().collect();
            let renamed = workspace.workspace.iter().flat_map(|workspace| &workspace.renamed);
            names.extend(renamed.filter(|(name, _)| inherited.contains(name)).map(in_code));
        }
    }
    let root = &place.root.file;
    let of_root = made_once(tree, root.as_bytes(), || {
        let text = if root.is_empty() { None } else { tree.read(root.as_bytes())? };
        Ok(RootNames(text.map(|text| declared(Text::decode(&text).bytes())).unwrap_or_default()))
    })?;
    names.extend(of_root.0.iter().cloned());
    let mut by_name = CrateNames::new();
    for (name, other) in names {
        let known = by_name.entry(name).or_default();
        if known.len() < MAX_ALIKE && !known.contains(&other) {
            known.push(other);
        }
    }
    Ok(by_name)
}

fn in_code((name, package): &(String, String)) -> (String, String) {
    (name.replace('-', "_"), package.replace('-', "_"))
}

/// Returns the names that `extern crate … as …` declares.
fn declared(text: &[u8]) -> Vec<(String, String)> {
    if memchr::memmem::find(text, b"extern").is_none() {
        return Vec::new();
    }
    let imports = scan::imports(text);
    let renamed = imports.iter().filter_map(|import| {
        let written = text.get(import.statement.start..import.span.start)?;
        let (module, alias) = (import.module.as_deref()?, import.alias.as_deref().filter(|alias| *alias != "_")?);
        let is_extern = memchr::memmem::find(written, b"extern").is_some() && import.name.is_none();
        is_extern.then(|| (alias.to_owned(), if module == "self" { "crate" } else { module }.to_owned()))
    });
    renamed.collect()
}
