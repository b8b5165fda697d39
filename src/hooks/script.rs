//! The hook files: their text, how ours are recognised, and how a kept one wants to be called.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use super::Error;

/// A client hook: git's name for it, and the script.
pub(super) struct Hook {
    pub(super) name: &'static str,
    template: &'static str,
}

/// Every hook that `install` writes.
pub(super) const HOOKS: [Hook; 3] = [
    Hook { name: "pre-commit", template: include_str!("../../hooks/pre-commit") },
    Hook { name: "pre-merge-commit", template: include_str!("../../hooks/pre-merge-commit") },
    Hook { name: "pre-push", template: include_str!("../../hooks/pre-push") },
];

/// What makes a file ours; the format's number and the hook's name follow.
const MARKER: &[u8] = b"# importgate-hook ";
/// The format that the templates have.
pub(super) const FORMAT: u32 = 1;
/// How much of a foreign file is read: hooks are small, but nobody must make them so.
const READ_AT_MOST: u64 = 1 << 20;

impl Hook {
    /// The script for this binary. `reader`: see [`reader`].
    pub(super) fn render(&self, program: &Path, reader: Option<&str>) -> Vec<u8> {
        let mut script = Vec::with_capacity(self.template.len() + 128);
        for line in self.template.split_inclusive('\n') {
            match line {
                "program=@program@\n" => {
                    script.extend_from_slice(b"program=");
                    script.extend(quote(program.as_os_str().as_bytes()));
                    script.push(b'\n');
                }
                "reader=@reader@\n" => {
                    script.extend_from_slice(b"reader=");
                    script.extend(quote(reader.unwrap_or_default().as_bytes()));
                    script.push(b'\n');
                }
                line => script.extend_from_slice(line.as_bytes()),
            }
        }
        script
    }

    /// Where pre-commit and prek keep a hook of ours, and call it.
    pub(super) fn legacy(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.legacy", self.name))
    }

    /// Where the hook that was there before is kept.
    pub(super) fn kept(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.before-importgate", self.name))
    }
}

/// The start of a file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(READ_AT_MOST).read_to_end(&mut bytes));
    read.map_err(Error::io("read", path))?;
    Ok(bytes)
}

/// Whether a file is one that we wrote. We write no links.
pub(super) fn is_ours(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file())
        && read(path).is_ok_and(|bytes| ours(&bytes).is_some())
}

/// What the head of one of our own files says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ours {
    /// The format; 0 if it cannot be read.
    pub(super) format: u32,
    /// The binary it runs.
    pub(super) program: Option<PathBuf>,
    /// The shell that reads the kept hook; see [`reader`].
    pub(super) reader: Option<String>,
    /// Somebody converted its line ends: the kernel then looks for an interpreter called `sh\r`.
    pub(super) crlf: bool,
}

/// Reads the head, if the file is ours.
pub(super) fn ours(script: &[u8]) -> Option<Ours> {
    let mut lines = script.split(|&byte| byte == b'\n');
    let first = lines.next()?;
    let rest = lines.next()?.strip_prefix(MARKER)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let format = std::str::from_utf8(&rest[..digits]).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0);
    let program = assigned(script, b"\nprogram=").map(|path| PathBuf::from(OsString::from_vec(path)));
    let reader = assigned(script, b"\nreader=").and_then(|shell| String::from_utf8(shell).ok());
    let reader = reader.filter(|shell| !shell.is_empty());
    let crlf = first.ends_with(b"\r");
    Some(Ours { format, program, reader, crlf })
}

/// The word that a line of ours assigns.
fn assigned(script: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    let at = script.windows(name.len()).position(|window| window == name)?;
    unquote(&script[at + name.len()..])
}

/// The shell that must read a kept hook under its old name, where the hook asks what it is called: renamed, husky's
/// stubs and dispatchers would find nothing to do, and pass. Other hooks are simply run.
pub(super) fn reader(script: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(script).ok()?;
    let shebang = text.strip_prefix("#!")?.lines().next()?.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._- ".contains(c);
    let mut words = shebang.split(' ').filter(|word| !word.is_empty());
    let mut shell = words.next()?;
    if shell.ends_with("/env") {
        shell = words.next()?;
    }
    let shell = shell.rsplit('/').next()?;
    let sources = matches!(shell, "sh" | "dash" | "ash" | "bash" | "ksh") && shebang.chars().all(plain);
    (sources && asks_its_name(text)).then_some(shebang)
}

/// Whether a script looks at the name under which it was called.
pub(super) fn asks_its_name(text: &str) -> bool {
    // husky's stub, Ruby (overcommit), Perl, Python
    const OTHERS: [&str; 4] = ["\"$0\")/h\"", "basename($0", "basename($PROGRAM_NAME", "basename(sys.argv[0]"];
    text.lines().filter(|line| !line.trim_start().starts_with('#')).any(|line| {
        let shell = line.contains("basename ") && (line.contains("$0") || line.contains("${0"));
        shell || line.contains("${0##*/}") || OTHERS.iter().any(|other| line.contains(other))
    })
}

/// One word for a shell, whatever is in it.
pub(super) fn quote(bytes: &[u8]) -> Vec<u8> {
    let mut quoted = vec![b'\''];
    for &byte in bytes {
        if byte == b'\'' {
            quoted.extend_from_slice(br"'\''");
        } else {
            quoted.push(byte);
        }
    }
    quoted.push(b'\'');
    quoted
}

/// What [`quote`] quoted, up to the end of the word.
fn unquote(text: &[u8]) -> Option<Vec<u8>> {
    let mut word = Vec::new();
    let mut rest = text.strip_prefix(b"'")?;
    loop {
        let end = rest.iter().position(|&byte| byte == b'\'')?;
        word.extend_from_slice(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix(br"\''") {
            Some(more) => {
                word.push(b'\'');
                rest = more;
            }
            None => return Some(word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_says_what_it_runs() {
        for path in ["/usr/bin/importgate", "/it's a \"path\"/$HOME/`x`\nimport\\gate", "/'"] {
            for hook in &HOOKS {
                let script = hook.render(Path::new(path), Some("/bin/sh -e"));
                let (program, reader) = (Some(path.into()), Some("/bin/sh -e".into()));
                let expected = Ours { format: FORMAT, program, reader, crlf: false };
                assert_eq!(ours(&script), Some(expected));
                assert!(!script.windows(2).any(|two| two == b"=@"));
            }
        }
    }

    #[test]
    fn only_the_marker_makes_a_file_ours() {
        assert_eq!(ours(b"#!/bin/sh\nimportgate pre-commit\n"), None);
        assert_eq!(ours(b""), None);
        let crlf = ours(b"#!/bin/sh\r\n# importgate-hook 7 pre-commit\r\n");
        assert_eq!(crlf, Some(Ours { format: 7, program: None, reader: None, crlf: true }));
    }

    #[test]
    fn shells_read_what_asks_for_its_name() {
        let husky = b"#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"";
        assert_eq!(reader(husky), Some("/usr/bin/env sh"));
        assert_eq!(reader(b"#!/bin/bash -e\nrun-parts \"$(basename \"$0\").d\"\n"), Some("/bin/bash -e"));
        assert_eq!(reader(b"#!/bin/sh\nname=${0##*/}\n"), Some("/bin/sh"));
        assert_eq!(reader(b"#!/bin/sh\n# basename $0\ncd \"$(dirname \"$0\")\"\n"), None);
        assert_eq!(reader(b"#!/usr/bin/env ruby\nFile.basename($0)\n"), None);
        assert_eq!(reader(b"#!/bin/sh;x\nbasename $0\n"), None);
        assert_eq!(reader(b"\x7fELF\0"), None);
    }
}
