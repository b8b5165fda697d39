//! Index files made by hand, and repositories made by git.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use gix::hash::Kind as HashKind;

use super::error::Error;
use super::index::file::{Index, MODE_OFFSET};

/// Mode, id, and path.
pub(super) type Row<'a> = (u32, [u8; 20], &'a [u8]);

/// An index of version 2, whose stat data are `stat` and whose checksum is none.
pub(super) fn index(rows: &[Row<'_>], extensions: &[([u8; 4], Vec<u8>)], stat: u8) -> Index {
    index_from(&bytes(rows, extensions, stat)).unwrap()
}

/// The index that a file of these bytes is.
pub(super) fn index_from(bytes: &[u8]) -> Result<Index, Error> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    Index::open(file.path(), HashKind::Sha1)
}

/// The bytes of such an index.
pub(super) fn bytes(rows: &[Row<'_>], extensions: &[([u8; 4], Vec<u8>)], stat: u8) -> Vec<u8> {
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

/// The output of a shell script that makes a repository in `dir`; git knows no configuration there but its own.
pub(super) fn git(dir: &Path, script: &str) -> String {
    let mut command = Command::new("sh");
    command.current_dir(dir).args(["-ec", script]).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", dir).env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
