//! Reference updates, as git passes them to a server's hook.
//!
//! Formats: githooks(5), "pre-receive" and "update".

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::report::Fault;

/// A reference that a push changes. All fields come from the pusher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Full name, as git's raw bytes.
    pub name: Vec<u8>,
    /// Old object id in hex; zeros for none.
    pub old: String,
    /// New object id in hex; zeros for none.
    pub new: String,
}

impl Update {
    /// Returns whether the reference is a branch.
    #[must_use]
    pub fn is_branch(&self) -> bool {
        self.name.starts_with(b"refs/heads/")
    }

    /// Parses lines of the form `old new ref`, the input of pre-receive.
    ///
    /// # Errors
    /// When a line has another form, or there is none: git never calls the hook without references.
    pub fn of_lines(lines: &[u8]) -> Result<Vec<Self>, Fault> {
        let lines = lines.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let updates = lines.map(Self::of_line).collect::<Result<Vec<_>, _>>()?;
        if updates.is_empty() {
            return Err(Fault::new("git sent no reference")
                .with_hint("Another hook before this one may have read the lines: each needs them all."));
        }
        Ok(updates)
    }

    fn of_line(line: &[u8]) -> Result<Self, Fault> {
        let mut fields = line.splitn(3, |&byte| byte == b' ');
        let id = |field: Option<&[u8]>| String::from_utf8(field?.to_vec()).ok().filter(|id| is_id(id));
        let update = id(fields.next())
            .zip(id(fields.next()))
            .zip(fields.next().filter(|name| !name.is_empty()))
            .map(|((old, new), name)| Self { name: name.to_vec(), old, new });
        update.ok_or_else(|| {
            let line = String::from_utf8_lossy(line);
            Fault::new(format!("git sent a line in an unknown form: {line}"))
        })
    }

    /// Parses the arguments of the update hook.
    ///
    /// # Errors
    /// When they are not a reference and two object ids.
    pub fn of_arguments(name: &OsStr, old: &OsStr, new: &OsStr) -> Result<Self, Fault> {
        Self::of_line(&[old.as_bytes(), new.as_bytes(), name.as_bytes()].join(&b' '))
    }

    /// Returns whether the reference exists after the push.
    #[must_use]
    pub fn exists_after(&self) -> bool {
        is_something(&self.new)
    }

    /// Returns whether the reference existed before the push.
    #[must_use]
    pub fn existed_before(&self) -> bool {
        is_something(&self.old)
    }
}

fn is_id(id: &str) -> bool {
    matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns whether an id is that of an object; zeros stand for none.
pub(crate) fn is_something(id: &str) -> bool {
    id.bytes().any(|digit| digit != b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_whatever_the_name() {
        let (old, new) = ("0".repeat(40), "a".repeat(40));
        let lines = [old.as_bytes(), b" ", new.as_bytes(), b" refs/heads/a b\xff\n"].concat();
        let updates = Update::of_lines(&lines).unwrap();
        assert_eq!(updates.first().unwrap().name, b"refs/heads/a b\xff");
        assert!(updates.iter().all(|update| update.exists_after() && !update.existed_before()));
    }

    #[test]
    fn other_lines_are_faults() {
        let id = "a".repeat(40);
        for line in ["", "\n", "x", &format!("{id} {id}"), &format!("{id} {id} "), &format!("{id} x refs/heads/a")] {
            assert!(Update::of_lines(line.as_bytes()).is_err(), "{line:?}");
        }
    }
}
