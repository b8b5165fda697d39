//! Index files made by hand.

use std::io::Write as _;

use gix::hash::Kind as HashKind;

use super::file::{Index, MODE_OFFSET};
use crate::git::error::Error;

/// Mode, id, and path.
pub(in crate::git::index) type Row<'a> = (u32, [u8; 20], &'a [u8]);

/// An index of version 2, whose stat data are `stat` and whose checksum is none.
pub(in crate::git::index) fn index(rows: &[Row<'_>], extensions: &[([u8; 4], Vec<u8>)], stat: u8) -> Index {
    index_from(&bytes(rows, extensions, stat)).unwrap()
}

/// The index that a file of these bytes is.
pub(in crate::git::index) fn index_from(bytes: &[u8]) -> Result<Index, Error> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    Index::open(file.path(), HashKind::Sha1)
}

/// The bytes of such an index.
pub(in crate::git::index) fn bytes(rows: &[Row<'_>], extensions: &[([u8; 4], Vec<u8>)], stat: u8) -> Vec<u8> {
    let mut bytes = b"DIRC\0\0\0\x02".to_vec();
    bytes.extend(u32::try_from(rows.len()).unwrap().to_be_bytes());
    for (mode, id, path) in rows {
        let start = bytes.len();
        bytes.extend([stat; MODE_OFFSET]);
        bytes.extend(mode.to_be_bytes());
        bytes.extend([0; 12]);
        bytes.extend(id);
        bytes.extend((path.len().min(0xfff) as u16).to_be_bytes());
        bytes.extend(*path);
        bytes.resize(start + ((bytes.len() - start + 8) & !7), 0);
    }
    for (signature, content) in extensions {
        bytes.extend(signature);
        bytes.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        bytes.extend(content);
    }
    bytes.extend([0; 20]);
    bytes
}
