//! The rows of Rust files by syn: `oracle MODE FILE…` prints an array for each file, or null where syn rejects it.
//! MODE: `rows`, `uses` or `statements`; `modules` takes the roots of crates, and prints an array for each of their files.

mod imports;
mod modules;
mod paths;
mod tokens;

use std::io::Write;

use serde_json::{Value, json};

/// syn descends as deep as the code does.
const STACK: usize = 1 << 30;

fn main() {
    let run = std::thread::Builder::new().stack_size(STACK).spawn(|| {
        let mut arguments = std::env::args().skip(1);
        let mode = arguments.next().unwrap_or_default();
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        for path in arguments {
            let rows = match mode.as_str() {
                "modules" => Value::Array(modules::of_crate(&path)),
                _ => of_file(&mode, &path).unwrap_or(Value::Null),
            };
            writeln!(out, "{}", json!([path, rows])).unwrap();
        }
    });
    run.unwrap().join().unwrap();
}

fn of_file(mode: &str, path: &str) -> Option<Value> {
    let text = std::fs::read(path).ok()?;
    let text = std::str::from_utf8(&text).ok()?;
    // a lone carriage return ends a line for importgate, and none for Rust
    if text.replace("\r\n", "").contains('\r') {
        return None;
    }
    let file = syn::parse_file(text).ok()?;
    let found = match mode {
        "rows" => imports::rows(&file).iter().map(|row| row.json()).collect(),
        "statements" => imports::rows(&file).iter().map(|row| json!([row.line, row.last_line, row.json()])).collect(),
        "uses" => paths::uses(&file),
        _ => return None,
    };
    Some(Value::Array(found))
}
