//! Imports of a text: those that the scanner finds, but calls under a name that is more than an
//! import's.

use crate::lang::Import;

use super::recover;
use super::scan::{Scan, scan};
use super::uses::names::Names;
use super::uses::tokens::Tokens;

/// Returns the imports of a text.
pub(super) fn imports(text: &[u8]) -> Vec<Import<'_>> {
    let (Scan { mut rows, by_local, .. }, stray) = recover::scanned(text);
    if by_local.is_empty() {
        return rows;
    }
    let names = Names::of(by_local.iter().map(|call| call.local.as_str()));
    let mut watch = scan(text, Tokens::new(&names), stray).watch;
    let mut is_bound = |local: &str| names.number(local.as_bytes()).is_some_and(|name| watch.is_bound(name));
    let mut other = by_local.iter().filter(|call| is_bound(&call.local)).map(|call| &call.rows).peekable();
    let mut number = 0;
    rows.retain(|_| {
        while other.next_if(|rows| rows.end <= number).is_some() {}
        let stays = other.peek().is_none_or(|rows| number < rows.start);
        number += 1;
        stays
    });
    rows
}
