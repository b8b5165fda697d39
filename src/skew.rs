//! Files that are meant for a newer importgate than this one.

/// Version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Whether a newer importgate would understand a file that is invalid to this one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Newer {
    /// Nothing says so.
    #[default]
    No,
    /// Perhaps: the file has a key that is unknown here, which may be a mistake as well.
    Perhaps,
    /// The file says so itself; holds how, in the words of its error.
    Certainly(String),
}

impl Newer {
    /// Notes what else is known of the same file; what is certain stays.
    pub fn join(&mut self, other: Self) {
        match (&*self, &other) {
            (Self::Certainly(_), _) | (_, Self::No) => {}
            _ => *self = other,
        }
    }
}
