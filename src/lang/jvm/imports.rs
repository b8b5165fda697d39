//! Iteration over the imports of a text, skipping everything that is not code. Calls that load a class may occur
//! anywhere.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::lang::lex::byte;
use crate::lang::{Import, MAX_IMPORTS};

use super::walk::Walk;
use super::{Style, calls};

pub(super) static IMPORT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("import"));

/// Returns every import of a text. `statement` reads the import that may begin at `import`, or at the word `also`, and
/// returns where to go on.
pub(in crate::lang) fn of<'a>(
    text: &'a [u8],
    style: Style,
    also: Option<&'static Finder<'static>>,
    statement: impl Fn(&mut Walk<'a>, usize, &mut Vec<Import<'a>>) -> usize,
) -> Vec<Import<'a>> {
    let [for_name, load_class] = &*calls::METHODS;
    let words: Vec<_> = [&*IMPORT, for_name, load_class].into_iter().chain(also).collect();
    let mut walk = Walk::to(text, style, &words);
    let mut rows = Vec::new();
    let mut at = 0;
    while let Some(next) = walk.next(at)
        && rows.len() <= MAX_IMPORTS
    {
        at = if matches!(byte(text, next), b'f' | b'l') {
            rows.extend(calls::read(&mut walk, next));
            next + 1
        } else {
            statement(&mut walk, next, &mut rows)
        };
    }
    rows
}
