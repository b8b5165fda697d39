//! What relative paths mean, by walking the modules of a crate from its root as the compiler does.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use syn::visit::{self, Visit};
use syn::{Item, ItemMod, ItemUse, UseTree};

use crate::imports::plain;

/// For each file that the crate at `root` reaches without `#[path]`: the line of each relative leaf, and its path.
pub fn of_crate(root: &str) -> Vec<Value> {
    let mut files = vec![(PathBuf::from(root), Path::new(root).parent().map(Path::to_owned).unwrap_or_default(), Vec::new())];
    let mut told = Vec::new();
    while let Some((file, folder, module)) = files.pop() {
        let Some(tree) = std::fs::read_to_string(&file).ok().and_then(|text| syn::parse_file(&text).ok()) else { continue };
        let mut walk = Walk { module: module.clone(), leaves: Vec::new() };
        walk.visit_file(&tree);
        told.push(json!([file.to_string_lossy(), walk.leaves]));
        let mut inner = vec![(folder, module, &tree.items)];
        while let Some((folder, module, items)) = inner.pop() {
            for item in items {
                let Item::Mod(item) = item else { continue };
                if item.attrs.iter().any(|attribute| attribute.path().is_ident("path") || attribute.path().is_ident("cfg_attr")) {
                    continue;
                }
                let name = plain(&item.ident.to_string());
                let below = folder.join(&name);
                let path = [module.as_slice(), &[name.clone()]].concat();
                match &item.content {
                    Some((_, items)) => inner.push((below, path, items)),
                    None => {
                        let beside = [folder.join(format!("{name}.rs")), below.join("mod.rs")];
                        let found = beside.into_iter().find(|file| file.is_file());
                        files.extend(found.map(|file| (file, below, path)));
                    }
                }
            }
        }
    }
    told
}

struct Walk {
    module: Vec<String>,
    leaves: Vec<(usize, String)>,
}

impl<'ast> Visit<'ast> for Walk {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.module.push(plain(&item.ident.to_string()));
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_some() {
            return;
        }
        let mut trees = vec![(Vec::new(), &item.tree)];
        while let Some((mut path, tree)) = trees.pop() {
            let ident = match tree {
                UseTree::Path(tree) => {
                    path.push(plain(&tree.ident.to_string()));
                    trees.push((path, &*tree.tree));
                    continue;
                }
                UseTree::Group(tree) => {
                    trees.extend(tree.items.iter().map(|tree| (path.clone(), tree)));
                    continue;
                }
                UseTree::Glob(tree) => {
                    self.leaf(path, tree.star_token.span);
                    continue;
                }
                UseTree::Name(tree) => &tree.ident,
                UseTree::Rename(tree) => &tree.ident,
            };
            path.push(plain(&ident.to_string()));
            self.leaf(path, ident.span());
        }
    }
}

impl Walk {
    fn leaf(&mut self, path: Vec<String>, span: proc_macro2::Span) {
        let mut base: Option<Vec<String>> = None;
        let mut rest = path.as_slice();
        while let [first, below @ ..] = rest {
            match first.as_str() {
                "crate" => base = Some(Vec::new()),
                "self" => base = Some(base.unwrap_or_else(|| self.module.clone())),
                "super" => {
                    let mut module = base.unwrap_or_else(|| self.module.clone());
                    if module.pop().is_none() {
                        return;
                    }
                    base = Some(module);
                }
                _ => break,
            }
            rest = below;
        }
        let Some(base) = base else { return };
        let rest = rest.iter().filter(|segment| *segment != "self");
        let path: Vec<_> = std::iter::once("crate").chain(base.iter().map(String::as_str)).chain(rest.map(String::as_str)).collect();
        self.leaves.push((span.start().line, path.join("::")));
    }
}
