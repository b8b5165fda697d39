//! Lists what a commit or range changes, as importgate sees it: `changes [staged | all | range FROM TO] [lines]`.
//!
//! `lines` reads the files as well and counts the added lines.

use std::io::Write as _;
use std::path::Path;

use importgate::git::{Blob, Changes, Error, Repository, added_lines};
use importgate::text::Text;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let repository = Repository::open(Path::new("."))?;
    let changes = match words.as_slice() {
        ["all", ..] => repository.all()?,
        ["range", from, to, ..] => repository.range(from, to)?,
        _ => repository.staged()?,
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if words.last() == Some(&"lines") {
        writeln!(out, "{} files, {} lines added", changes.files.len(), count_added(&repository, &changes)?)?;
        return Ok(());
    }
    for file in &changes.files {
        let id = |blob: Option<Blob>| blob.map_or_else(|| "-".to_owned(), |blob| blob.to_string());
        for old in &file.old {
            write!(out, "{} ", id(*old))?;
        }
        writeln!(out, "{} {}", id(file.new), file.path.escape_ascii())?;
    }
    Ok(())
}

fn count_added(repository: &Repository, changes: &Changes<'_>) -> Result<usize, Error> {
    let mut count = 0;
    for file in &changes.files {
        let Some(new) = file.new.map(|blob| repository.read(blob)).transpose()?.flatten() else { continue };
        let mut olds = Vec::new();
        for old in file.old.iter().flatten() {
            olds.extend(repository.read(*old)?);
        }
        let old: Vec<Text<'_>> = olds.iter().map(|old| Text::decode(old)).collect();
        let old: Vec<&Text<'_>> = old.iter().collect();
        count += added_lines(&old, &Text::decode(&new)).count();
    }
    Ok(count)
}
