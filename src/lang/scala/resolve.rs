//! Import resolution: the path as written, and relative to each package around the file.
//!
//! Source: Scala 2.13 specification 2 (a package clause makes the members of its whole path visible), 4.7 (a star
//! brings no name that the selectors beside it name) and 9.2; `_root_` begins at the top.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::ops::Range;

use crate::lang::jvm::{Style, own_path, resolve};
use crate::lang::paths::counted_by_case;
use crate::lang::{Candidate, Import, Resolver};
use crate::tree::TreeError;

use super::scan::{Group, groups};

/// Resolves the imports of one text.
pub(super) struct FromFile<'a> {
    text: &'a [u8],
    packages: OnceCell<Vec<Vec<String>>>,
    /// The last statement whose groups were asked for; its stars are asked for one after the other.
    last: RefCell<(Range<usize>, Vec<Group>)>,
}

impl<'a> FromFile<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, packages: OnceCell::new(), last: RefCell::default() }
    }

    /// Returns the packages whose members are visible, each as an absolute path, innermost first.
    fn packages(&self) -> &[Vec<String>] {
        self.packages.get_or_init(|| {
            let mut whole = Vec::new();
            let clauses = own_path::packages(self.text, Style::Scala).into_iter();
            let mut packages: Vec<_> = clauses
                .map(|clause| {
                    whole.extend(clause);
                    whole.clone()
                })
                .collect();
            packages.reverse();
            packages
        })
    }
}

impl Resolver for FromFile<'_> {
    fn resolve<'i>(&self, import: &'i Import<'_>) -> Result<Vec<Candidate<'i>>, TreeError> {
        let mut candidates = resolve::as_written(import);
        let Some(written) = candidates.first_mut() else { return Ok(candidates) };
        if written.first().is_some_and(|first| first == "_root_") {
            written.remove(0);
        } else if import.kind != crate::kind::Kind::Dynamic {
            let written = written.clone();
            for package in self.packages() {
                let package = package.iter().map(|segment| Cow::Owned(segment.clone()));
                candidates.push(package.chain(written.iter().cloned()).collect());
            }
        }
        candidates.retain(|path| !path.is_empty());
        Ok(candidates)
    }

    fn is_module(&self, _: &Import<'_>, path: &[Cow<'_, str>], at: usize) -> Result<bool, TreeError> {
        Ok(resolve::is_package(path, at))
    }

    fn is_full_path(&self, path: &[&str]) -> Result<bool, TreeError> {
        Ok(resolve::is_full_path(path))
    }

    fn counted(&self, _: &Import<'_>, path: &[Cow<'_, str>], matched: usize) -> Result<usize, TreeError> {
        Ok(counted_by_case(path, matched))
    }

    fn star_brings(&self, import: &Import<'_>, segment: &str) -> bool {
        let mut last = self.last.borrow_mut();
        let (statement, found) = &mut *last;
        if *statement != import.statement {
            *found = groups(self.text.get(import.statement.clone()).unwrap_or_default());
            statement.clone_from(&import.statement);
        }
        let star = import.span.start - import.statement.start;
        let behind = found.partition_point(|group| group.braces.start <= star);
        let group = behind.checked_sub(1).and_then(|index| found.get(index));
        !group.is_some_and(|group| group.braces.contains(&star) && group.names.contains(segment))
    }
}
