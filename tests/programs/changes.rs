//! Lists what a commit changes, as the library sees it: the blobs at each old side, the new one, and the path.
//! Tests call it as a hook.

#![allow(clippy::print_stdout)]

use std::path::Path;

use importgate::git::{Blob, Repository};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let repository = Repository::open(Path::new("."))?;
    for file in repository.staged()?.files.iter() {
        let id = |blob: Option<Blob>| blob.map_or_else(|| "-".to_owned(), |blob| blob.to_string());
        let sides: Vec<_> = file.old.iter().chain([file.new]).map(id).collect();
        println!("{} {}", sides.join(" "), file.path.escape_ascii());
    }
    Ok(())
}
