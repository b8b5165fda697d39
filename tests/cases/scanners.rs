//! Cases of one text: the rows, uses and code that a language's scanner finds, and the replacements it writes.

use std::collections::BTreeMap;

use importgate::lang::{self, Asked, Change, File, Import, Language, Statement, Surroundings};
use importgate::text::Text;
use importgate::tree::{Tree, TreeError};

use crate::case_file::{Case, shown};
use crate::commits::closes;

/// What is found where the case says what it expects, as the case writes it.
pub fn found(case: &Case) -> (String, Result<(), String>) {
    let file = case.one("file").expect("a text");
    let language = lang::of_path(file.argument.as_bytes()).expect("a file name of a language");
    let (path, text) = (&file.argument, file.text());
    let found = match case.kind() {
        "rows" => rows(language, path, &text),
        "uses" => uses(language, path, &text),
        "code" => code(language, path, &text),
        _ => {
            let (text, note) = rewritten(language, path, &text, case);
            let fits = closes(&text).map_err(|sign| format!("`{sign}` is alone in {text:?}"));
            return (shown(&(text + &note)), fits);
        }
    };
    (shown(&found), Ok(()))
}

fn cell(text: Option<&str>) -> &str {
    text.unwrap_or("-")
}

/// Rows, one a line: kind or form, module, name, alias, level, line of the statement, line of the name.
fn rows(language: &dyn Language, path: &str, text: &str) -> String {
    let text = Text::new(text.as_bytes());
    let row = |import: &Import<'_>| {
        let kind = import.form.name().unwrap_or(import.kind.name());
        let [module, name, alias] =
            [import.module.as_deref(), import.name.as_deref(), import.alias.as_deref()].map(cell);
        let (line, name_line) = (text.line_of(import.statement.start), text.line_of(import.span.start));
        format!("{kind} {module} {name} {alias} {} {line} {name_line}\n", import.level)
    };
    language.imports(File { path: path.as_bytes(), text: text.bytes() }).iter().map(row).collect()
}

/// Uses of everything that is imported, one a line: module, name, level, line, the text with `␠` for each space in it.
fn uses(language: &dyn Language, path: &str, text: &str) -> String {
    let text = Text::new(text.as_bytes());
    let file = File { path: path.as_bytes(), text: text.bytes() };
    let imports = language.imports(file);
    let through = vec![true; imports.len()];
    let row = |import: &Import<'_>| {
        let [module, name] = [import.module.as_deref(), import.name.as_deref()].map(cell);
        let written = String::from_utf8_lossy(&text.bytes()[import.span.clone()]);
        let (line, written) = (text.line_of(import.span.start), spaced(&written));
        format!("{module} {name} {} {line} {written}\n", import.level)
    };
    language.uses(file, &imports, Asked { through: &through, begins: &|_| true }).iter().map(row).collect()
}

/// A use of Python on one line: spaces, line ends and comments between its names become one `␠`.
fn spaced(written: &str) -> String {
    let mut spaced = String::new();
    let mut comment = false;
    for sign in written.chars() {
        comment = (comment || sign == '#') && sign != '\n';
        match sign {
            '\\' | ' ' | '\n' if !spaced.ends_with('␠') => spaced.push('␠'),
            '\\' | ' ' | '\n' => {}
            _ if comment => {}
            _ => spaced.push(sign),
        }
    }
    spaced
}

/// The code that a file holds, line for line; `␤` is a line end that the file does not have.
fn code(language: &dyn Language, path: &str, text: &str) -> String {
    let code = language.decode(File { path: path.as_bytes(), text: text.as_bytes() }).expect("another text");
    let lines = |text: &[u8]| Text::new(text).line_count();
    assert_eq!(lines(&code), lines(text.as_bytes()), "the code has other lines than the file");
    // A line end that only the cell has is a byte that no text has.
    let parts: Vec<_> = code.split(|&byte| byte == 0xff).map(|part| std::str::from_utf8(part).unwrap()).collect();
    parts.join("␤")
}

/// What is written instead of the first statement; notes, each after `! `.
fn rewritten(language: &dyn Language, path: &str, text: &str, case: &Case) -> (String, String) {
    let mut tree: BTreeMap<_, _> = case.all("before").map(|file| (file.argument.clone(), file.text())).collect();
    tree.insert(path.to_owned(), text.to_owned());
    let tree = Files(tree);
    let around = Surroundings { tree: &tree, roots: &|_| vec![0] };
    let file = File { path: path.as_bytes(), text: text.as_bytes() };
    let split = |keyword| (language.notation().split)(&case.one(keyword).expect(keyword).argument).unwrap();
    let (entry, instead) = (split("forbid"), split("use-instead"));
    let mut imports = language.imports(file);
    let first = imports.first().expect("an import").statement.clone();
    let of_file = imports.clone();
    imports.retain(|import| import.statement == first);
    let resolver = language.resolver(file, &around);
    let mut changes = Vec::new();
    for (import, row) in imports.iter().enumerate() {
        let candidates = resolver.resolve(row).unwrap();
        let paths = candidates.iter().map(|path| path.iter().map(ToString::to_string).collect::<Vec<_>>());
        if let Some(resolved) = paths.into_iter().find(|path| path.starts_with(&entry)) {
            changes.push(Change { import, resolved, matched: entry.len(), instead: &instead });
        }
    }
    assert!(!changes.is_empty(), "nothing of the statement is forbidden");
    let code = language.blank(file);
    let statement = Statement { file, code: &code, imports: &imports, of_file: &of_file };
    let rewrite = language.rewrite(&statement, &changes, &around).unwrap();
    (rewrite.text, rewrite.note.map(|note| format!("\n! {note}")).unwrap_or_default())
}

/// A tree of files in memory.
struct Files(BTreeMap<String, String>);

impl Tree for Files {
    fn is_file(&self, path: &[u8]) -> Result<bool, TreeError> {
        Ok(self.0.contains_key(std::str::from_utf8(path)?))
    }

    fn is_folder(&self, path: &[u8]) -> Result<bool, TreeError> {
        let folder = format!("{}/", std::str::from_utf8(path)?);
        Ok(self.0.keys().any(|file| file.starts_with(&folder)))
    }

    fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>, TreeError> {
        Ok(self.0.get(std::str::from_utf8(path)?).map(|text| text.clone().into_bytes()))
    }
}
