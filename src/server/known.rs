//! Policies of branches that have their own, each held once for all branches that have the same.

use std::collections::HashMap;
use std::rc::Rc;

use crate::git::{Blob, Content, Repository};
use crate::policy::Policy;
use crate::report::Fault;

/// Maximum size of different policies of branches, in bytes: held, they take some 25 times as much.
const MAX_KNOWN_BYTES: usize = 1 << 20;

/// Policies of branches that have their own, by the files that they are: many branches may have the same.
#[derive(Default)]
pub(super) struct Known {
    policies: HashMap<Blob, Rc<Policy>>,
    bytes: usize,
}

impl Known {
    /// Returns a policy that is known; `None` where there is room for another one.
    ///
    /// # Errors
    /// When the policies would take too much memory.
    pub(super) fn room(&self, repository: &Repository, blob: Blob) -> Result<Option<Rc<Policy>>, Fault> {
        if let Some(policy) = self.policies.get(&blob) {
            return Ok(Some(Rc::clone(policy)));
        }
        if self.bytes + size_of_blob(repository, blob) > MAX_KNOWN_BYTES && !self.policies.is_empty() {
            return Err(Fault::new("the branches of this push have too many different policies of their own")
                .with_hint("Push fewer of them at once."));
        }
        Ok(None)
    }

    pub(super) fn keep(&mut self, repository: &Repository, blob: Blob, policy: Rc<Policy>) {
        if self.policies.insert(blob, policy).is_none() {
            self.bytes += size_of_blob(repository, blob);
        }
    }
}

/// Returns the size of a file in bytes; 0 where it cannot be read, and so is no policy.
fn size_of_blob(repository: &Repository, blob: Blob) -> usize {
    match repository.read(blob) {
        Ok(Content::Bytes(bytes)) => bytes.len(),
        _ => 0,
    }
}
