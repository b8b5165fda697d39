//! Compares the readers of git's binary formats with gix: if both answer, the answers are the same,
//! and an answer that gix does not give is one of the target's exceptions. `run` describes how it
//! is built and called.
#![no_main]
#![allow(dead_code, unused_imports)]

#[path = "../../../src/git/mod.rs"]
mod git;
#[path = "../../../src/text.rs"]
mod text;
#[path = "../../../src/tree.rs"]
mod tree;

mod cache_tree;
mod delta_chain;
mod index;
mod input;
mod pack;
mod pack_entry;
mod pack_index;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

type Target = fn(&[u8]);

const TARGETS: [(&str, Target); 5] = [
    ("index", index::run),
    ("cache-tree", cache_tree::run),
    ("pack-index", pack_index::run),
    ("pack-entry", pack_entry::run),
    ("delta-chain", delta_chain::run),
];

/// The target that the environment names; without one, all names are printed.
static FUZZED: LazyLock<Target> = LazyLock::new(|| {
    let asked = std::env::var("FUZZ_TARGET").unwrap_or_default();
    let Some((_, target)) = TARGETS.iter().find(|(name, _)| *name == asked) else {
        TARGETS.iter().for_each(|(name, _)| println!("{name}"));
        std::process::exit(i32::from(!asked.is_empty()));
    };
    *target
});

fuzz_target!(init: { LazyLock::force(&FUZZED); }, |input: &[u8]| FUZZED(input));
