//! Globs of references.

use crate::globs::{GlobId, Globs, PathGlobs};

/// Globs of full reference names. `*` does not cross `/`, `**` does; a name matches everything beneath it.
#[derive(Clone, Debug, Default)]
pub struct RefGlobs {
    pub(super) globs: Globs,
    /// Folders with all that lies beneath, up to the last `/`: very many references may have to be compared.
    folders: Vec<String>,
    /// The other globs.
    ids: Vec<GlobId>,
    /// Literal prefix of each of these, for a fast check.
    starts: Vec<String>,
}

impl RefGlobs {
    /// Builds the set from globs that are known to be valid; invalid ones are left out.
    pub(super) fn of(globs: &[&str]) -> Self {
        let mut own = Self::default();
        for glob in globs {
            if let Ok(id) = own.globs.add(glob) {
                own.add(id);
            }
        }
        own
    }

    pub(super) fn add(&mut self, id: GlobId) {
        let text = self.globs.text(id);
        let end = text.find(['*', '?', '[', ']', '{', '}', '\\']).unwrap_or(text.len());
        if &text[end..] == "**" && text[..end].ends_with('/') {
            self.folders.push(text[..end].to_owned());
            return;
        }
        self.starts.push(text[..end].to_owned());
        self.ids.push(id);
    }

    /// Returns whether one of the globs matches the reference with this full name.
    #[must_use]
    pub fn matches(&self, ref_name: &[u8]) -> bool {
        let is_beneath =
            |folder: &String| ref_name.strip_prefix(folder.as_bytes()).is_some_and(|rest| !rest.is_empty());
        if self.folders.iter().any(is_beneath) {
            return true;
        }
        let begins = self.starts.iter().any(|start| ref_name.starts_with(start.as_bytes()));
        begins && PathGlobs::new(&self.globs, ref_name).any(&self.ids)
    }
}
