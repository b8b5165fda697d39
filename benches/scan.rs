//! Reads every Python file below a folder, then scans them all, again and again: the scanner alone, on one thread.
//! `benches/scan-python.sh` measures the CPU time of its passes.
//!
//!     cargo bench --bench scan -- FOLDER PASSES

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::PathBuf;

use importgate::lang;
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
    let of_python = |path: &PathBuf| lang::of_path(path.as_os_str().as_encoded_bytes());
    let sources: Vec<_> =
        files.iter().filter_map(|path| Some((of_python(path)?, std::fs::read(path).unwrap()))).collect();
    let mut imports = 0;
    for _ in 0..passes.parse().unwrap() {
        imports = sources.iter().map(|(language, source)| language.imports(Text::decode(source).bytes()).len()).sum();
    }
    println!(
        "{} files, {} bytes, {imports} imports",
        sources.len(),
        sources.iter().map(|(_, text)| text.len()).sum::<usize>()
    );
}
