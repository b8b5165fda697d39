//! One row for each leaf of each `use`, and for each `extern crate`: items by syn's tree, what macros hold by its tokens.

use proc_macro2::{Span, TokenStream};
use serde_json::{Value, json};
use syn::visit::{self, Visit};
use syn::{File, ItemExternCrate, ItemUse, UseTree, Visibility};
use unicode_normalization::UnicodeNormalization;

use crate::tokens;

/// A row of `importgate imports`.
pub struct Row {
    pub kind: &'static str,
    pub module: Option<String>,
    pub name: Option<String>,
    pub alias: Option<String>,
    pub line: usize,
    pub last_line: usize,
    pub place: (usize, usize),
}

impl Row {
    pub fn json(&self) -> Value {
        json!([self.kind, self.module, self.name, self.alias, 0, self.line, self.place.0])
    }
}

/// An identifier as the compiler compares it.
pub fn plain(name: &str) -> String {
    name.strip_prefix("r#").unwrap_or(name).nfc().collect()
}

/// The rows of a file.
pub fn rows(file: &File) -> Vec<Row> {
    let mut imports = Imports { rows: Vec::new() };
    imports.visit_file(file);
    imports.rows.sort_by_key(|row| row.place);
    imports.rows
}

struct Imports {
    rows: Vec<Row>,
}

/// A statement whose leaves are being told.
pub struct Statement {
    pub kind: &'static str,
    pub start: Span,
    pub end: Span,
}

impl Statement {
    pub fn row(&self, path: &[String], name: Option<&str>, alias: Option<String>, span: Span) -> Row {
        let alone = matches!(path, [] | [_]) && path.iter().all(String::is_empty);
        let joined = |path: &[String]| (!path.is_empty()).then(|| path.join("::"));
        let (module, name) = match name {
            // the empty path of all crates, and its star
            Some("*") if alone && !path.is_empty() => (Some("::".to_owned()), Some("*".to_owned())),
            Some("self") if !alone => (joined(path), None),
            Some("*") | None => (joined(path), name.map(str::to_owned)),
            Some(name) if alone => (joined(&[path, &[plain(name)]].concat()), None),
            Some(name) => (joined(path), Some(plain(name))),
        };
        let at = span.start();
        Row {
            kind: self.kind,
            module,
            name,
            alias: alias.map(|alias| plain(&alias)),
            line: self.start.start().line,
            last_line: self.end.end().line,
            place: (at.line, at.column),
        }
    }
}

fn kind(visibility: &Visibility) -> &'static str {
    if matches!(visibility, Visibility::Inherited) { "import" } else { "export" }
}

/// Where a statement starts: its visibility, or its keyword.
fn start(visibility: &Visibility, keyword: Span) -> Span {
    match visibility {
        Visibility::Inherited => keyword,
        Visibility::Public(public) => public.span,
        Visibility::Restricted(restricted) => restricted.pub_token.span,
    }
}

impl<'ast> Visit<'ast> for Imports {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let (start, end) = (start(&item.vis, item.use_token.span), item.semi_token.span);
        let statement = Statement { kind: kind(&item.vis), start, end };
        let first = if item.leading_colon.is_some() { vec![String::new()] } else { Vec::new() };
        let mut trees = vec![(first, &item.tree)];
        while let Some((mut path, tree)) = trees.pop() {
            let row = match tree {
                UseTree::Path(tree) => {
                    path.push(plain(&tree.ident.to_string()));
                    trees.push((path, &tree.tree));
                    continue;
                }
                UseTree::Group(tree) => {
                    trees.extend(tree.items.iter().map(|tree| (path.clone(), tree)));
                    continue;
                }
                UseTree::Name(tree) => statement.row(&path, Some(&tree.ident.to_string()), None, tree.ident.span()),
                UseTree::Rename(tree) => {
                    let alias = Some(tree.rename.to_string());
                    statement.row(&path, Some(&tree.ident.to_string()), alias, tree.ident.span())
                }
                UseTree::Glob(tree) => statement.row(&path, Some("*"), None, tree.star_token.span),
            };
            self.rows.push(row);
        }
    }

    fn visit_item_extern_crate(&mut self, item: &'ast ItemExternCrate) {
        let (start, end) = (start(&item.vis, item.extern_token.span), item.semi_token.span);
        let statement = Statement { kind: kind(&item.vis), start, end };
        let alias = item.rename.as_ref().map(|(_, name)| name.to_string());
        self.rows.push(statement.row(&[], Some(&item.ident.to_string()), alias, item.ident.span()));
        visit::visit_item_extern_crate(self, item);
    }

    fn visit_token_stream(&mut self, stream: &'ast TokenStream) {
        tokens::imports(stream.clone(), &mut self.rows);
    }
}
