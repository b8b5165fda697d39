//! The paths of a file that are written out in full, and what is used through imports, by syn's tree and its places.

use std::collections::HashSet;

use proc_macro2::{Delimiter, LineColumn, Span, TokenStream, TokenTree, extra::DelimSpan};
use serde_json::{Value, json};
use syn::visit::{self, Visit};
use syn::{File, Path, PathArguments, QSelf};

use crate::imports::{Row, plain, rows};
use crate::tokens::{self, Cursor, is_keyword};

/// Of more rows the first ones and one more are told.
const MOST: usize = 20_000;

type Place = (usize, usize);

/// What a file holds, by places.
#[derive(Default)]
pub struct Found {
    pub types: HashSet<String>,
    /// Braces, and whether they are those of a module.
    pub braces: Vec<(Place, Place, bool)>,
    pub paths: Vec<Written>,
}

/// A path as it is written, up to its first arguments.
pub struct Written {
    pub from: Place,
    pub last: Place,
    pub global: bool,
    pub segments: Vec<String>,
}

pub fn place(at: LineColumn) -> Place {
    (at.line, at.column)
}

impl Found {
    pub fn brace(&mut self, span: DelimSpan, module: bool) {
        self.braces.push((place(span.open().start()), place(span.close().start()), module));
    }

    pub fn path(&mut self, from: Span, global: bool, segments: &[(String, Span)]) {
        let Some((_, last)) = segments.last() else { return };
        let (from, last) = (place(from.start()), place(last.start()));
        let segments = segments.iter().take(64).map(|(name, _)| plain(name)).collect();
        self.paths.push(Written { from, last, global, segments });
    }

    fn of_syn(&mut self, path: &Path, most: usize) {
        let mut segments = Vec::new();
        for segment in path.segments.iter().take(most) {
            segments.push((segment.ident.to_string(), segment.ident.span()));
            if !matches!(segment.arguments, PathArguments::None) {
                break;
            }
        }
        let Some((_, first)) = segments.first() else { return };
        let from = path.leading_colon.map_or(*first, |colons| colons.spans[0]);
        self.path(from, path.leading_colon.is_some(), &segments);
    }

    fn qualified(&mut self, qself: &Option<QSelf>, path: &Path) {
        match qself {
            Some(qself) => {
                self.visit_type(&qself.ty);
                if qself.position > 0 {
                    self.of_syn(path, qself.position);
                }
                visit::visit_path(self, path);
            }
            None => self.visit_path(path),
        }
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_path(&mut self, path: &'ast Path) {
        self.of_syn(path, usize::MAX);
        visit::visit_path(self, path);
    }

    fn visit_expr_path(&mut self, expr: &'ast syn::ExprPath) {
        expr.attrs.iter().for_each(|attribute| self.visit_attribute(attribute));
        self.qualified(&expr.qself, &expr.path);
    }

    fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
        self.qualified(&path.qself, &path.path);
    }

    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        item.attrs.iter().for_each(|attribute| self.visit_attribute(attribute));
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if let Some((brace, _)) = &item.content {
            self.brace(brace.span, true);
        }
        visit::visit_item_mod(self, item);
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.brace(block.brace_token.span, false);
        visit::visit_block(self, block);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        if let syn::MacroDelimiter::Brace(brace) = &item.delimiter {
            self.brace(brace.span, false);
        }
        visit::visit_macro(self, item);
    }

    fn visit_token_stream(&mut self, stream: &'ast TokenStream) {
        in_tokens(stream.clone(), self);
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        let name = match item {
            syn::Item::Struct(item) => Some(&item.ident),
            syn::Item::Enum(item) => Some(&item.ident),
            syn::Item::Union(item) => Some(&item.ident),
            syn::Item::Trait(item) => Some(&item.ident),
            syn::Item::TraitAlias(item) => Some(&item.ident),
            syn::Item::Type(item) => Some(&item.ident),
            _ => None,
        };
        self.types.extend(name.map(|name| plain(&name.to_string())));
        visit::visit_item(self, item);
    }

    fn visit_trait_item_type(&mut self, item: &'ast syn::TraitItemType) {
        self.types.insert(plain(&item.ident.to_string()));
        visit::visit_trait_item_type(self, item);
    }

    fn visit_impl_item_type(&mut self, item: &'ast syn::ImplItemType) {
        self.types.insert(plain(&item.ident.to_string()));
        visit::visit_impl_item_type(self, item);
    }

    fn visit_foreign_item_type(&mut self, item: &'ast syn::ForeignItemType) {
        self.types.insert(plain(&item.ident.to_string()));
        visit::visit_foreign_item_type(self, item);
    }

    fn visit_type_param(&mut self, parameter: &'ast syn::TypeParam) {
        self.types.insert(plain(&parameter.ident.to_string()));
        visit::visit_type_param(self, parameter);
    }
}

/// The same among the tokens of a macro.
fn in_tokens(stream: TokenStream, found: &mut Found) {
    let mut cursor = Cursor::new(stream);
    while let Some(token) = cursor.peek(0).cloned() {
        let before = cursor.at.checked_sub(1).and_then(|at| cursor.tokens.get(at)).cloned();
        let earlier = cursor.at.checked_sub(2).and_then(|at| cursor.tokens.get(at)).cloned();
        let sign = |token: &Option<TokenTree>, signs: &str| {
            matches!(token, Some(TokenTree::Punct(punct)) if signs.contains(punct.as_char()))
        };
        match &token {
            TokenTree::Group(group) => {
                if group.delimiter() == Delimiter::Brace {
                    let module = matches!(&earlier, Some(TokenTree::Ident(word)) if word == "mod");
                    found.brace(group.delim_span(), module);
                }
                in_tokens(group.stream(), found);
                cursor.at += 1;
            }
            TokenTree::Ident(word) if word == "pub" => {
                cursor.at += 1;
                let hidden = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis);
                cursor.at += usize::from(cursor.peek(0).is_some_and(hidden));
            }
            TokenTree::Ident(word) if word == "use" && !sign(&before, ".$'") => {
                let at = cursor.at;
                cursor.at += 1;
                if tokens::used(&mut cursor, "import", word.span()).is_none() {
                    cursor.at = at + 1;
                }
            }
            TokenTree::Ident(word) if is_keyword(word) || word == "dyn" || sign(&before, "'") => {
                tokens::definition(&cursor, &mut found.types);
                cursor.at += 1;
            }
            TokenTree::Ident(word) => {
                if word == "union" {
                    tokens::definition(&cursor, &mut found.types);
                }
                let field = sign(&before, ".") && !sign(&earlier, ".");
                let from = word.span();
                let segments = segments(&mut cursor);
                if !field {
                    found.path(from, false, &segments);
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == '$' && cursor.is(1, "crate") => {
                let segments = segments(&mut cursor);
                found.path(punct.span(), false, &segments);
            }
            TokenTree::Punct(punct) if matches!(punct.as_char(), '$' | '#') && cursor.word(1).is_some() => {
                cursor.at += 2;
                if cursor.colons(0) {
                    cursor.at += 2;
                    segments(&mut cursor);
                }
            }
            TokenTree::Punct(punct) if cursor.colons(0) => {
                let near = before.as_ref().is_some_and(|token| token.span().end() == punct.span().start());
                let goes_on = near && sign(&before, ">") && !sign(&earlier, "-=");
                cursor.at += 2;
                let segments = segments(&mut cursor);
                if !goes_on {
                    found.path(punct.span(), true, &segments);
                }
            }
            _ => cursor.at += 1,
        }
    }
}

/// Reads a path from its first segment on.
fn segments(cursor: &mut Cursor) -> Vec<(String, Span)> {
    let mut segments = Vec::new();
    while let Some((name, span, count)) = cursor.segment() {
        segments.push((name, span));
        cursor.at += count;
        if !cursor.colons(0) {
            break;
        }
        cursor.at += 2;
    }
    segments
}

/// The rows of kind `attribute` where everything is asked for.
pub fn uses(file: &File) -> Vec<Value> {
    let mut found = Found::default();
    found.visit_file(file);
    found.paths.sort_by_key(|path| path.from);
    let imports = rows(file);
    let scopes = Scopes { found: &found, imports: &imports };
    let mut told = Vec::new();
    for path in &found.paths {
        if told.len() > MOST {
            // importgate stops there as well, and says so
            break;
        }
        scopes.tell(path, |module, name| {
            told.push(json!(["attribute", module, name, Value::Null, 0, path.from.0, path.last.0]));
        });
    }
    told.truncate(MOST + 1);
    told
}

struct Scopes<'a> {
    found: &'a Found,
    imports: &'a [Row],
}

impl Scopes<'_> {
    /// The innermost braces around a place.
    fn around(&self, at: Place, module: bool) -> Option<&(Place, Place, bool)> {
        let around = self.found.braces.iter().filter(|(from, to, is)| *from < at && at < *to && (*is || !module));
        around.max_by_key(|(from, ..)| *from)
    }

    fn tell(&self, path: &Written, mut add: impl FnMut(String, &str)) {
        let [first, rest @ ..] = path.segments.as_slice() else { return };
        let [.., last] = rest else { return };
        let module = path.segments[..path.segments.len() - 1].join("::");
        if path.global {
            return add(format!("::{module}"), last);
        }
        if matches!(first.as_str(), "crate" | "$crate" | "self" | "super") {
            return add(module, last);
        }
        if first == "Self" || self.found.types.contains(first) {
            return;
        }
        let known: Vec<&Row> = self.imports.iter().filter(|import| local(import) == Some(first)).collect();
        let mut seen = Vec::new();
        for import in known.iter().filter(|_| known.len() <= 16) {
            let block = self.around(import.place, false);
            if block.is_some_and(|(from, to, _)| path.from <= *from || path.from >= *to) {
                continue;
            }
            if let Some(levels) = self.levels(import.place, path.from) {
                seen.push((block.map_or((0, 0), |block| block.0), *import, levels));
            }
        }
        let innermost = seen.iter().map(|(block, ..)| *block).max();
        for (_, import, levels) in seen.iter().filter(|(block, ..)| Some(*block) == innermost) {
            let own = import.module.clone().unwrap_or_default();
            let relative = matches!(own.split("::").next(), Some("self" | "super"));
            let mut segments: Vec<&str> = if relative { vec!["super"; *levels] } else { Vec::new() };
            segments.push(&own);
            segments.extend(import.name.as_deref());
            segments.extend(rest[..rest.len() - 1].iter().map(String::as_str));
            add(segments.join("::"), last);
        }
        if seen.is_empty() {
            add(module, last);
        }
    }

    /// How many modules the place is deeper than the import that it sees, by a star in each.
    fn levels(&self, import: Place, at: Place) -> Option<usize> {
        let (outer, mut levels, mut here) = (self.around(import, true), 0, self.around(at, true));
        while here != outer {
            let inner = here?;
            let star = |row: &&Row| row.name.as_deref() == Some("*") && row.module.as_deref() == Some("super");
            self.imports.iter().filter(star).find(|row| self.around(row.place, true) == Some(inner))?;
            here = self.around(inner.0, true);
            levels += 1;
        }
        Some(levels)
    }
}

fn local(import: &Row) -> Option<&str> {
    let own = import.name.as_deref().or_else(|| import.module.as_deref()?.rsplit("::").next());
    import.alias.as_deref().or(own).filter(|name| !matches!(*name, "_" | "*" | "" | "self" | "super" | "crate"))
}
