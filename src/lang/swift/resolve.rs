//! Import resolution: the path as written.

use std::borrow::Cow;

use crate::lang::{Candidate, Import, Resolver, shortened};
use crate::tree::TreeError;

/// Resolves every path as written: a module has the same name in every file.
pub(super) struct AsWritten;

impl Resolver for AsWritten {
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError> {
        let module = import.module.as_deref().into_iter().flat_map(|module| shortened(module).split('.'));
        let path: Candidate<'i> = module.chain(import.name.as_deref().map(shortened)).map(Cow::Borrowed).collect();
        Ok(if path.is_empty() { Vec::new() } else { vec![path] })
    }

    /// A module's import brings all its names, but a rule about one of them is about who names it.
    fn star(&self, import: &Import<'_>) -> Option<&'static str> {
        import.name.is_none().then_some("*")
    }

    fn is_module(&self, _: &Import<'_>, path: &[Cow<'_, str>], at: usize) -> Result<bool, TreeError> {
        // A star or a name is the last segment.
        Ok(at + 1 < path.len())
    }

    fn star_brings(&self, _import: &Import<'_>, _segment: &str) -> bool {
        false
    }
}
