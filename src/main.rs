//! The binary: parses arguments, runs, prints, exits. Nothing else in the crate prints or exits.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use importgate::cli::{self, Arguments, Console};

#[cfg(all(target_os = "linux", target_env = "gnu", target_feature = "crt-static"))]
mod users;

fn main() -> ExitCode {
    let arguments = match Arguments::of_process() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to stdout and succeed; a usage error means that nothing could be judged.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let mut out = IgnoreErrors(io::stdout());
    let mut err = IgnoreErrors(io::stderr());
    let mut input = io::stdin().lock();
    let mut console = Console { input: &mut input as &mut dyn Read, out: &mut out, err: &mut err, give_up };
    let status = cli::run(&arguments, &mut console);
    let _ = out.flush();
    ExitCode::from(status)
}

/// Ends the process for a run that has passed its deadline.
#[allow(clippy::exit)]
fn give_up(last_words: &[u8], status: u8) -> ! {
    let _ = io::stderr().write_all(last_words);
    std::process::exit(status.into())
}

/// Writer that ignores errors: a closed pipe must not change the exit status.
struct IgnoreErrors<W>(W);

impl<W: Write> Write for IgnoreErrors<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(self.0.write(bytes).unwrap_or(bytes.len()))
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = self.0.flush();
        Ok(())
    }
}
