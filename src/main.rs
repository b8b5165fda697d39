//! The binary: parses arguments, runs, prints, exits.

fn main() {}
