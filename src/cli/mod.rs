//! Arguments → a run → an exit status.

mod check;
mod excuses;
mod fleet;
mod imports;
mod own_policies;
mod pre_commit;
mod push;
mod receive;
mod references;
mod remote;
mod setup;

use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::policy::Date;
use crate::report::Fault;

/// Exit status: nothing is blocked.
pub const PASS: u8 = 0;
/// Exit status: something is blocked.
pub const BLOCKED: u8 = 1;
/// Exit status: the run could not judge.
pub const FAULT: u8 = 2;

/// Maximum size of a hook's standard input; room for half a million references.
const MAX_INPUT_BYTES: u64 = 64 << 20;

const EXIT_STATUS: &str = "\
Exit status:
  0  nothing is blocked (warnings included)
  1  something is blocked (with --fail-on warn: or warned about)
  2  could not judge: an invalid policy, an unreadable repository, a wrong call";

/// Input and output streams of a run.
pub struct Console<'a> {
    /// Standard input, where git passes references to a hook.
    pub input: &'a mut dyn Read,
    /// Standard output, for reports of `check`, `doctor` and the like.
    pub out: &'a mut dyn Write,
    /// Standard error, for hook messages and faults.
    pub err: &'a mut dyn Write,
    /// Writes a last message and exits with a status, for a run that has passed its deadline.
    pub give_up: fn(&[u8], u8) -> !,
}

/// Blocks forbidden imports as they are added to a git repository, and says what to write instead.
#[derive(Debug, Parser)]
#[command(name = "importgate", version, after_help = EXIT_STATUS, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge what is staged, the worktree, a range of commits, or the whole tree
    #[command(after_help = EXIT_STATUS)]
    Check(Check),
    /// Print the imports that importgate finds in files, one JSON object per line
    Imports(Imports),
    /// Install the hooks in the repository around the current folder
    Install(Install),
    /// Remove the hooks, and restore the hooks that were there before
    Uninstall(Uninstall),
    /// Check whether git will really run the hooks here, and if not, why
    Doctor(Doctor),
    /// Judge what is staged (called by the pre-commit hook)
    PreCommit(Hook),
    /// Judge what is staged against every parent (called by the pre-merge-commit hook)
    PreMergeCommit(Hook),
    /// Judge the commits that are about to be pushed (called by the pre-push hook)
    PrePush(Push),
    /// Judge what is pushed (called by a server's pre-receive hook)
    #[command(after_help = EXIT_STATUS)]
    PreReceive(Receive),
    /// Judge one pushed reference (called by a server's update hook)
    #[command(after_help = EXIT_STATUS)]
    Update(Update),
}

#[derive(Debug, Args)]
struct Check {
    /// Tell the findings of these files and folders alone; the whole change is judged
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Judge the index against HEAD, as `git commit` would record it (the default)
    #[arg(long, group = "source")]
    staged: bool,
    /// Judge what `git add -A` would stage, without staging it
    #[arg(long, group = "source")]
    worktree: bool,
    /// Judge B as if it were pushed to a server that has A
    #[arg(long, value_name = "A..B", group = "source")]
    range: Option<String>,
    /// Compare the tree of HEAD with that of REV alone, such as in a shallow clone
    #[arg(long, value_name = "REV", group = "source")]
    against: Option<String>,
    /// Judge every file of the index, old code included
    #[arg(long, group = "source")]
    all: bool,
    /// Judge by one rule only; of several policies, by the rules of that id, or by one as policy/id
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// Read the policy from this file; of several, each judges on its own, and the strictest verdict wins
    #[arg(long, value_name = "FILE")]
    policy: Vec<PathBuf>,
    /// The least severity for exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Block, value_name = "SEVERITY")]
    fail_on: FailOn,
    /// Report format
    #[arg(long, value_enum, default_value_t = FormatName::Human)]
    format: FormatName,
    /// Compare the policy's dates with this day (YYYY-MM-DD, UTC) instead of today
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    #[command(flatten)]
    color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Block,
    Warn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// Plain text
    Human,
    /// One JSON object with every finding
    Json,
}

#[derive(Debug, Args)]
struct Color {
    /// When to use colour; NO_COLOR is respected
    #[arg(long, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    color: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum When {
    /// On a terminal
    Auto,
    Always,
    Never,
}

impl When {
    /// Returns whether to colour output to `stream`. See <https://no-color.org>.
    fn decide(self, stream: &dyn Terminal) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                let is_set = |name| std::env::var_os(name).is_some_and(|value: std::ffi::OsString| !value.is_empty());
                let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                stream.is_terminal() && !is_set("NO_COLOR") && !is_dumb
            }
        }
    }
}

/// A standard stream that may be a terminal.
trait Terminal {
    fn is_terminal(&self) -> bool;
}

impl<T: IsTerminal> Terminal for T {
    fn is_terminal(&self) -> bool {
        IsTerminal::is_terminal(self)
    }
}

#[derive(Debug, Args)]
struct Imports {
    /// Files to read, from the worktree
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Also print uses through imports and of fully qualified paths (kind `attribute`)
    #[arg(long)]
    uses: bool,
}

#[derive(Debug, Args)]
struct Install {
    /// Print what would be done without doing it
    #[arg(long)]
    dry_run: bool,
    /// Install even where core.hooksPath is set for all repositories
    #[arg(long)]
    global: bool,
    /// Judge what is pushed here: in a bare repository, or in a folder of hooks that a git host runs
    #[arg(long)]
    server: bool,
    /// Install the hook `update`, which judges each reference separately, instead of `pre-receive`
    #[arg(long, requires = "server")]
    update: bool,
}

#[derive(Debug, Args)]
struct Uninstall {
    /// Print what would be done without doing it
    #[arg(long)]
    dry_run: bool,
    /// Uninstall even where core.hooksPath is set for all repositories
    #[arg(long)]
    global: bool,
    /// Remove the hooks that judge what is pushed here; the default in a bare repository and in a git host's hooks folder
    #[arg(long)]
    server: bool,
}

#[derive(Debug, Args)]
struct Doctor {
    /// Check all repositories beneath this folder, as those of a server, and sum up
    #[arg(long, value_name = "DIR")]
    fleet: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Hook {
    /// Arguments from git; not used
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    _arguments: Vec<std::ffi::OsString>,
}

#[derive(Debug, Args)]
struct Push {
    /// The remote's name, or its address where it has no name; pre-commit and prek name it in the environment
    remote: Option<std::ffi::OsString>,
    /// The remote's address
    _address: Option<std::ffi::OsString>,
    /// Names of files, which pre-commit and prek pass unless told otherwise; not used
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    _files: Vec<std::ffi::OsString>,
}

#[derive(Debug, Args)]
struct Receive {
    /// Read the server configuration from this file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Path of the calling hook; importgate-server.toml is looked for beside it
    #[arg(long, value_name = "PATH")]
    hook: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Update {
    #[command(flatten)]
    receive: Receive,
    /// The reference's full name
    #[arg(value_name = "REF")]
    reference: std::ffi::OsString,
    /// The old object id in hex; zeros if the reference is new
    old: std::ffi::OsString,
    /// The new object id in hex; zeros if the reference is deleted
    new: std::ffi::OsString,
}

impl Arguments {
    /// Parses the arguments of this process.
    ///
    /// # Errors
    /// When they are invalid, or ask for help or the version.
    pub fn of_process() -> Result<Self, clap::Error> {
        // The hooks on the path of every commit skip building clap's parser.
        let mut words = std::env::args_os().skip(1);
        if let (Some(word), None) = (words.next(), words.next()) {
            let hook = Hook { _arguments: Vec::new() };
            if word == "pre-commit" {
                return Ok(Self { command: Command::PreCommit(hook) });
            }
            if word == "pre-merge-commit" {
                return Ok(Self { command: Command::PreMergeCommit(hook) });
            }
        }
        Self::try_parse()
    }
}

/// Reads the lines that git sends to a hook, one per reference; `what` names them in messages.
fn lines(input: &mut dyn Read, what: &str) -> Result<Vec<u8>, Fault> {
    let mut lines = Vec::new();
    match input.take(MAX_INPUT_BYTES).read_to_end(&mut lines) {
        // Truncated input would leave references unjudged.
        Ok(length) if length as u64 == MAX_INPUT_BYTES => Err(Fault::new("too many references are pushed at once")),
        Ok(_) => Ok(lines),
        Err(error) => Err(Fault::new(format!("{what} cannot be read: {error}"))),
    }
}

/// Runs the command and returns the exit status.
///
/// Commands are not inlined, because their combined stack frame would cost every hook page faults.
#[must_use]
pub fn run(arguments: &Arguments, console: &mut Console<'_>) -> u8 {
    match &arguments.command {
        Command::Check(options) => check::check(options, console),
        Command::PreCommit(_) => check::hook("Commit not made.", console),
        Command::PreMergeCommit(_) => check::hook("Merge not committed.", console),
        Command::PrePush(options) => push::push(options, console),
        Command::PreReceive(options) => receive::pre_receive(options, console),
        Command::Update(options) => receive::update(options, console),
        Command::Imports(options) => imports::imports(options, console),
        Command::Install(options) => setup::install(options, console),
        Command::Uninstall(options) => setup::uninstall(options, console),
        Command::Doctor(options) => match &options.fleet {
            Some(folder) => fleet::doctor(folder, console),
            None => setup::doctor(console),
        },
    }
}
