//! Questions about files that only the system can answer, asked through a shell.
//!
//! Mode bits do not show noexec mounts, read-only ones or other users' files. One shell answers all questions of a run: a
//! fleet has thousands.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// Answers each line of standard input, a letter and a path, with `y` or `n`.
const SCRIPT: &str = r#"while IFS= read -r line; do
file=${line#?}
case $line in
x*) [ -f "$file" ] && [ -x "$file" ] ;;
w*) [ -w "$file" ] ;;
*) false ;;
esac && echo y || echo n
done"#;

/// The shell and its pipes.
struct Shell {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// Ends when its standard input is closed, with this process.
    _child: Child,
}

/// Returns whether this user may execute a file.
pub(super) fn may_run(path: &Path) -> bool {
    ask(b'x', path)
}

/// Returns whether this user may append to a file, or create it. The file is not touched.
#[must_use]
pub fn may_write(file: &Path) -> bool {
    match fs::metadata(file) {
        Ok(meta) => !meta.is_dir() && ask(b'w', file),
        // A link to nothing is not a file that is yet to be made.
        Err(_) if file.is_symlink() => false,
        Err(_) => file.parent().is_some_and(|folder| folder.is_dir() && ask(b'w', folder)),
    }
}

fn ask(question: u8, path: &Path) -> bool {
    static SHELL: Mutex<Option<Shell>> = Mutex::new(None);
    // A question is one line: a path with several needs a shell of its own.
    if path.as_os_str().as_bytes().contains(&b'\n') {
        let test = if question == b'x' { "[ -f \"$1\" ] && [ -x \"$1\" ]" } else { "[ -w \"$1\" ]" };
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", test, "sh"]).arg(path).stdin(Stdio::null());
        return shell.status().is_ok_and(|status| status.success());
    }
    let mut shell = SHELL.lock().unwrap_or_else(PoisonError::into_inner);
    if shell.is_none() {
        *shell = Shell::start().ok();
    }
    let answer = shell.as_mut().map(|shell| shell.ask(question, path));
    match answer {
        Some(Ok(answer)) => answer,
        _ => {
            *shell = None;
            false
        }
    }
}

impl Shell {
    fn start() -> io::Result<Self> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        Ok(Self { input, output: BufReader::new(output), _child: child })
    }

    fn ask(&mut self, question: u8, path: &Path) -> io::Result<bool> {
        let line = [&[question], path.as_os_str().as_bytes(), b"\n"].concat();
        self.input.write_all(&line)?;
        let mut answer = Vec::new();
        self.output.read_until(b'\n', &mut answer)?;
        match answer.as_slice() {
            b"y\n" => Ok(true),
            b"n\n" => Ok(false),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}
