//! `imports`: prints the imports that importgate finds in a file, one JSON object per line.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::check::next_policy;
use super::{Console, FAULT, Imports, PASS};
use crate::git::Repository;
use crate::lang::{self, Asked, File, Language, Surroundings};
use crate::locate::Located;
use crate::policy::Policy;
use crate::report::escape;
use crate::text::Text;
use crate::tree::{Memo, Tree, TreeError};

/// Package roots without a policy.
const ROOTS: [&str; 2] = ["", "src/"];

#[derive(Serialize)]
struct Row<'a> {
    path: &'a str,
    kind: &'a str,
    module: Option<&'a str>,
    name: Option<&'a str>,
    alias: Option<&'a str>,
    level: u32,
    line: usize,
    name_line: usize,
    resolved: Vec<String>,
}

#[inline(never)]
pub(super) fn imports(options: &Imports, console: &mut Console<'_>) -> u8 {
    let repository = Repository::open(Path::new(".")).ok();
    let top = repository.as_ref().and_then(|repository| repository.top()?.canonicalize().ok());
    let policy = repository.as_ref().and_then(policy);
    let mut out = std::io::BufWriter::new(&mut *console.out);
    let mut status = PASS;
    // Files usually are neighbours and share manifests.
    let memo = Memo::default();
    for file in &options.files {
        let disk = Disk::around(file, top.as_deref(), policy.as_deref(), &memo);
        if let Err(error) = disk.and_then(|disk| one(file, &disk, policy.as_deref(), options.uses, &mut out)) {
            let name = file.to_string_lossy();
            let _ = writeln!(console.err, "importgate: {}: {}", escape::text(&name), escape::text(&error.to_string()));
            status = FAULT;
        }
    }
    let _ = out.flush();
    status
}

/// Returns the policy for the next commit, for its package roots; `None` if it is broken, which `check` reports.
fn policy(repository: &Repository) -> Option<Box<Policy>> {
    match next_policy(repository) {
        Ok(Located::Policy(policy)) => Some(policy),
        _ => None,
    }
}

fn one(
    file: &Path,
    disk: &Disk<'_>,
    policy: Option<&Policy>,
    uses: bool,
    out: &mut dyn Write,
) -> Result<(), TreeError> {
    let bytes = std::fs::read(file)?;
    let text = Text::decode(&bytes);
    let language = lang::of_path(&disk.path).or_else(|| lang::of_script(text.bytes()));
    let language = language.or_else(|| lang::named(policy?.language_of(&disk.path)?));
    let language =
        language.ok_or("unknown language: neither the file name nor a `#!` line names one that importgate knows")?;
    let decoded = language.decode(File { path: &disk.path, text: text.bytes() });
    let text = decoded.map_or(text, Text::new);
    rows(&file.to_string_lossy(), language, &text, disk, uses, out)
}

fn rows(
    name: &str,
    language: &dyn Language,
    text: &Text<'_>,
    disk: &Disk<'_>,
    uses: bool,
    out: &mut dyn Write,
) -> Result<(), TreeError> {
    let roots = |path: &[u8]| disk.roots(path);
    let around = Surroundings { tree: disk, roots: &roots };
    let file = File { path: &disk.path, text: text.bytes() };
    let resolver = language.resolver(file, &around);
    let join = language.notation().join;
    let mut imports = language.imports(file);
    if uses {
        let through = vec![true; imports.len()];
        imports.extend(language.uses(file, &imports, Asked { through: &through, begins: &|_| true }));
    }
    for import in imports {
        let candidates = resolver.resolve(&import)?;
        let resolved = candidates.iter().map(|path| join(&path.iter().map(AsRef::as_ref).collect::<Vec<_>>()));
        let row = Row {
            path: name,
            kind: import.form.name().unwrap_or(import.kind.name()),
            module: import.module.as_deref(),
            name: import.name.as_deref(),
            alias: import.alias.as_deref(),
            level: import.level,
            line: text.line_of(import.statement.start),
            name_line: text.line_of(import.span.start),
            resolved: resolved.collect(),
        };
        serde_json::to_writer(&mut *out, &row)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Worktree around the file, or the whole file system if it is in none.
struct Disk<'a> {
    top: PathBuf,
    path: Vec<u8>,
    in_repository: bool,
    policy: Option<&'a Policy>,
    memo: &'a Memo,
}

impl<'a> Disk<'a> {
    fn around(file: &Path, top: Option<&Path>, policy: Option<&'a Policy>, memo: &'a Memo) -> Result<Self, TreeError> {
        let file = file.canonicalize()?;
        let inside = top.and_then(|top| Some((top, file.strip_prefix(top).ok()?)));
        let (top, path) =
            inside.map_or_else(|| (Path::new("/"), file.strip_prefix("/").unwrap_or(&file)), |(top, path)| (top, path));
        let path = path.as_os_str().as_encoded_bytes().to_vec();
        Ok(Self { top: top.to_owned(), path, in_repository: inside.is_some(), policy, memo })
    }

    fn roots(&self, path: &[u8]) -> Vec<usize> {
        if let Some(policy) = self.policy.filter(|_| self.in_repository) {
            return policy.roots_of(path);
        }
        let roots = ROOTS.iter().filter(|root| self.in_repository && path.starts_with(root.as_bytes()));
        roots.map(|root| root.trim_end_matches('/').len()).collect()
    }

    fn at(&self, path: &[u8]) -> PathBuf {
        self.top.join(String::from_utf8_lossy(path).as_ref())
    }
}

impl Tree for Disk<'_> {
    fn is_file(&self, path: &[u8]) -> Result<bool, TreeError> {
        Ok(self.at(path).is_file())
    }

    fn is_folder(&self, path: &[u8]) -> Result<bool, TreeError> {
        Ok(self.at(path).is_dir())
    }

    fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>, TreeError> {
        Ok(std::fs::read(self.at(path)).ok())
    }

    fn memo(&self) -> Option<&Memo> {
        Some(self.memo)
    }
}
