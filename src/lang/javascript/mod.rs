//! JavaScript and TypeScript, which share modules and so are one language: import and export statements, calls that
//! name a module by a string, and the scripts of single-file components.
//!
//! Format: ECMA-262 (2026), chapters 12 and 16; TypeScript 5.9; the JSX specification; CommonJS as Node.js has it.

mod angles;
mod attributes;
mod availability;
mod back;
mod blank;
mod bytes;
mod calls;
mod functions;
mod jsdoc;
mod jsx;
mod literal;
mod loaders;
mod markup;
mod next_word;
mod notation;
mod own_path;
mod pattern;
mod position;
mod quoted;
mod references;
mod resolve;
mod rewrite;
mod scan;
mod scanner;
mod statement;
#[cfg(test)]
mod tests;
mod uses;

use crate::lang::{
    About, Asked, Candidate, Change, File, Import, Language, MAX_IMPORTS, Resolver, Rewrite, Statement, Surroundings,
    TestHabits,
};
use crate::tree::TreeError;

/// JavaScript with TypeScript.
pub(super) struct JavaScript;

impl Language for JavaScript {
    fn about(&self) -> &'static About {
        static ABOUT: About = About {
            notation: notation::NOTATION,
            extensions: &[
                "js", "jsx", "mjs", "cjs", "es6", "js.flow", "ts", "tsx", "mts", "cts", "vue", "svelte", "astro",
            ],
            file_names: &[],
            interpreters: &["node", "nodejs", "deno", "bun", "tsx", "ts-node", "ts-node-esm"],
            tests: TestHabits {
                folders: &["test", "tests", "__tests__", "__mocks__", "spec", "e2e", "cypress"],
                names: &["*.test", "*.spec", "*.e2e", "*.cy"],
            },
        };
        &ABOUT
    }

    fn imports<'a>(&self, file: File<'a>) -> Vec<Import<'a>> {
        let mut rows = Vec::new();
        for part in markup::parts(file, |_| {}) {
            let text = file.text.get(..part.end).unwrap_or_default();
            rows.append(&mut scan::scan(text, part.start, part.dialect, scanner::Nothing).0);
        }
        rows.truncate(MAX_IMPORTS + 1);
        rows
    }

    fn reads_uses(&self) -> bool {
        true
    }

    fn uses<'a>(&self, file: File<'a>, imports: &[Import<'a>], asked: Asked<'_>) -> Vec<Import<'a>> {
        uses::uses(file, imports, asked)
    }

    fn in_functions(&self, file: File<'_>, imports: &[Import<'_>]) -> Vec<bool> {
        functions::functions(&blank::bare(file)).hold_names(imports)
    }

    fn blank(&self, file: File<'_>) -> Vec<u8> {
        blank::blank(file)
    }

    fn is_whole(&self, segment: &str) -> bool {
        segment == "#default"
    }

    fn own_paths(&self, file: File<'_>, around: &Surroundings<'_>) -> Result<Vec<Candidate<'static>>, TreeError> {
        own_path::own_paths(file, around)
    }

    fn resolver<'a>(&self, file: File<'a>, around: &'a Surroundings<'a>) -> Box<dyn Resolver + 'a> {
        Box::new(resolve::FromFile::new(file, around))
    }

    fn rewrite(
        &self,
        statement: &Statement<'_>,
        changes: &[Change<'_>],
        around: &Surroundings<'_>,
    ) -> Result<Rewrite, TreeError> {
        rewrite::rewrite(statement, changes, around)
    }

    fn why_unavailable(
        &self,
        path: &[u8],
        instead: &[String],
        around: &Surroundings<'_>,
    ) -> Result<Option<String>, TreeError> {
        availability::why_unavailable(path, instead, around)
    }
}
