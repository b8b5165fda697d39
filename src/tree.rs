//! One side of a change as a tree of files, for whoever must look beside the file at hand.

/// Why a tree could not be read: a fault of the repository, never an answer.
pub type TreeError = Box<dyn std::error::Error + Send + Sync>;

/// The files of one side of a change. Paths start at the top of the repository, without a leading slash.
pub trait Tree {
    /// Whether a regular file stands at `path`.
    ///
    /// # Errors
    /// When the repository cannot be read.
    fn is_file(&self, path: &[u8]) -> Result<bool, TreeError>;

    /// Whether a folder stands at `path`.
    ///
    /// # Errors
    /// When the repository cannot be read.
    fn is_folder(&self, path: &[u8]) -> Result<bool, TreeError>;

    /// The content of the regular file at `path`; `None` where there is none or it is over the size limit.
    ///
    /// # Errors
    /// When the repository cannot be read.
    fn read(&self, path: &[u8]) -> Result<Option<Vec<u8>>, TreeError>;
}
