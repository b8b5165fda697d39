//! Reads every file of a known language below a folder, then scans them all, again and again: the scanner alone, on one thread.
//! `benches/scan.py` measures the CPU time of its passes.
//!
//!     cargo bench --bench scan -- FOLDER PASSES

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::PathBuf;

use importgate::lang::{self, File};
use importgate::text::Text;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [folder, passes] = arguments.as_slice() else { return };
    let (mut folders, mut files) = (vec![PathBuf::from(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            match entry.file_type().unwrap() {
                kind if kind.is_dir() => folders.push(entry.path()),
                kind if kind.is_file() => files.push(entry.path()),
                _ => {}
            }
        }
    }
    let bytes = |path: &PathBuf| path.as_os_str().as_encoded_bytes().to_vec();
    let source = |path: &PathBuf| {
        let path = bytes(path);
        Some((lang::of_path(&path)?, path))
    };
    let sources: Vec<_> = files.iter().filter_map(|path| Some((source(path)?, std::fs::read(path).unwrap()))).collect();
    let mut imports = 0;
    for _ in 0..passes.parse().unwrap() {
        let scanned = sources.iter().map(|((language, path), source)| {
            let text = Text::decode(source);
            language.imports(File { path, text: text.bytes() }).len()
        });
        imports = scanned.sum();
    }
    println!(
        "{} files, {} bytes, {imports} imports",
        sources.len(),
        sources.iter().map(|(_, text)| text.len()).sum::<usize>()
    );
}
