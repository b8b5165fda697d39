//! Lists what a push adds, as the library sees it: `new COMMIT`, children before parents, and for each ref
//! `REF PATH` for what its tip changes. Tests call it as a pre-receive hook.
//!
//!     news [REFS-NOT-COUNTED [LIMIT]]

#![allow(clippy::print_stdout)]

use std::path::Path;

use importgate::git::{Existing, Repository, Trust};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let not_counted = arguments.next().filter(|prefix| !prefix.is_empty());
    let limit = arguments.next().map_or(Ok(usize::MAX), |limit| limit.parse())?;
    let repository = Repository::open(Path::new("."))?;
    let (mut old, mut tips) = (Vec::new(), Vec::new());
    for line in std::io::read_to_string(std::io::stdin())?.lines() {
        let &[from, to, name] = line.split(' ').collect::<Vec<_>>().as_slice() else { continue };
        old.push(from.to_owned());
        if to.bytes().any(|digit| digit != b'0') {
            tips.extend(repository.peel(to)?.map(|tip| (tip, name.to_owned())));
        }
    }
    let counts = |name: &[u8]| !not_counted.as_ref().is_some_and(|prefix| name.starts_with(prefix.as_bytes()));
    let ids: Vec<_> = tips.iter().map(|(tip, _)| *tip).collect();
    let old: Vec<&str> = old.iter().map(String::as_str).collect();
    let news = repository.new_commits(
        &ids,
        &Existing::References { trust: Trust { own: &counts, lent: &counts }, old: &old },
        limit,
    )?;
    for commit in news.commits() {
        println!("new {commit}");
    }
    for (is, word) in [(news.is_cut(), "cut"), (news.is_shallow(), "shallow")] {
        if is {
            println!("{word}");
        }
    }
    for (tip, name) in tips {
        let changes = repository.changes_at(&news, tip, &[])?;
        for file in changes.files.iter() {
            println!("{name} {}", file.path.escape_ascii());
        }
    }
    Ok(())
}
