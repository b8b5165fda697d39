//! Parts of unit tests of several modules.

use crate::tree::{Memo, Tree, TreeError};

/// A tree without files, which keeps what is made of them.
#[derive(Default)]
pub struct NoFiles(Memo);

impl Tree for NoFiles {
    fn is_file(&self, _: &[u8]) -> Result<bool, TreeError> {
        Ok(false)
    }

    fn is_folder(&self, _: &[u8]) -> Result<bool, TreeError> {
        Ok(false)
    }

    fn read(&self, _: &[u8]) -> Result<Option<Vec<u8>>, TreeError> {
        Ok(None)
    }

    fn memo(&self) -> Option<&Memo> {
        Some(&self.0)
    }
}
