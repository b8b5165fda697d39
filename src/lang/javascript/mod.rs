//! JavaScript and TypeScript, which share modules and so are one language: import and export statements, calls that
//! name a module by a string, and the scripts of single-file components.
//!
//! Format: ECMA-262 (2026), chapters 12 and 16; TypeScript 5.9; the JSX specification; CommonJS as Node.js has it.

mod attributes;
mod back;
mod blank;
mod bytes;
mod calls;
mod jsx;
mod literal;
mod markup;
mod pattern;
mod references;
mod scan;
mod statement;
#[cfg(test)]
mod tests;

use crate::lang::paths::{self, Names};
use crate::lang::{
    Candidate, Change, File, Import, Language, MOST_IMPORTS, Resolver, Rewrite, Statement, Surroundings,
};
use crate::notation::Notation;
use crate::tree::TreeError;

/// JavaScript with TypeScript.
pub(super) struct JavaScript;

impl Language for JavaScript {
    fn notation(&self) -> Notation {
        Notation {
            language: "javascript",
            aliases: &["typescript"],
            split: |path| paths::cut(path, "/", Names::Apart),
            join: |segments| paths::joined(segments, "/"),
        }
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "vue", "svelte", "astro"]
    }

    fn interpreters(&self) -> &'static [&'static str] {
        &["node", "deno", "bun", "tsx", "ts-node"]
    }

    fn imports<'a>(&self, file: File<'a>) -> Vec<Import<'a>> {
        let mut rows = Vec::new();
        for part in markup::parts(file, |_| {}) {
            let text = file.text.get(..part.end).unwrap_or_default();
            rows.append(&mut scan::scan(text, part.start, part.dialect, scan::Nothing).0);
        }
        rows.truncate(MOST_IMPORTS + 1);
        rows
    }

    fn blank(&self, file: File<'_>) -> Vec<u8> {
        blank::blank(file)
    }

    fn resolver<'a>(&self, _file: File<'a>, _around: &'a Surroundings<'a>) -> Box<dyn Resolver + 'a> {
        Box::new(AsWritten)
    }

    fn rewrite(
        &self,
        statement: &Statement<'_>,
        changes: &[Change<'_>],
        _around: &Surroundings<'_>,
    ) -> Result<Rewrite, TreeError> {
        Ok(paths::in_place(statement, changes, |path| paths::joined(path, "/"), |_, _| None))
    }
}

struct AsWritten;

impl Resolver for AsWritten {
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError> {
        let module = import.module.as_deref().unwrap_or_default();
        let mut path: Candidate<'i> = module.split('/').map(Into::into).collect();
        if let Some(name) = import.name.as_deref().filter(|name| *name != "*") {
            path.push(format!("#{name}").into());
        }
        Ok(vec![path])
    }
}
