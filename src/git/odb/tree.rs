//! A tree object's entries.
//!
//! Format: mode in octal, space, name, NUL, id (git's tree-walk.c; gitformat-pack does not describe it).

use memchr::memchr;

use crate::git::change::EntryKind;

/// One entry of a tree object.
pub(in crate::git) struct TreeEntry<'a> {
    pub name: &'a [u8],
    pub kind: EntryKind,
    pub id: &'a [u8],
}

/// The first entry of `data`, and the bytes behind it; `None` if it is malformed.
pub(in crate::git) fn parse_entry(data: &[u8], id_len: usize) -> Option<(TreeEntry<'_>, &[u8])> {
    // These two are nearly all.
    let (kind, rest) = if let Some(rest) = data.strip_prefix(b"100644 ") {
        (EntryKind::File, rest)
    } else if let Some(rest) = data.strip_prefix(b"40000 ") {
        (EntryKind::Folder, rest)
    } else {
        let space = data.iter().take(8).position(|&byte| byte == b' ')?;
        let (digits, rest) = data.split_at_checked(space)?;
        let mode = digits.iter().try_fold(0, |mode: u32, digit| match digit {
            b'0'..=b'7' => Some(mode << 3 | u32::from(digit - b'0')),
            _ => None,
        })?;
        (EntryKind::of(mode), rest.get(1..)?)
    };
    let nul = memchr(0, rest).filter(|&length| length > 0)?;
    let (name, rest) = (rest.get(..nul)?, rest.get(nul + 1..)?);
    let (id, rest) = rest.split_at_checked(id_len)?;
    Some((TreeEntry { name, kind, id }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_trees_are_malformed() {
        let good = [b"100644 a\0", &[7; 20][..]].concat();
        assert_eq!(parse_entry(&good, 20).unwrap().0.name, b"a");
        for end in 0..good.len() {
            assert!(parse_entry(&good[..end], 20).is_none(), "{end}");
        }
        for bad in [&b"100648 a\0"[..], b"100644 \0", b"x a\0", b"100644a\0"] {
            assert!(parse_entry(&[bad, &[7; 20]].concat(), 20).is_none());
        }
    }
}
