//! Arguments → a run → an exit status.

mod check;
mod imports;
mod push;
mod receive;
mod setup;

use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::policy::Date;
use crate::report::Fault;

/// Nothing is forbidden, or only warned about.
pub const PASS: u8 = 0;
/// Something is blocked.
pub const BLOCKED: u8 = 1;
/// Nothing could be judged.
pub const FAULT: u8 = 2;

/// Room for half a million references.
const MOST: u64 = 64 << 20;

const EXIT_STATUS: &str = "\
Exit status:
  0  nothing is blocked (warnings included)
  1  something is blocked
  2  could not judge: an invalid policy, an unreadable repository, a wrong call";

/// Where a run reads and writes.
pub struct Console<'a> {
    /// What git hands to a hook.
    pub input: &'a mut dyn Read,
    /// Reports that were asked for.
    pub out: &'a mut dyn Write,
    /// What hooks say, and faults.
    pub err: &'a mut dyn Write,
    /// Says the last words and ends the process, for a run that has taken too long.
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
    /// Judge what is staged, a range of commits, or the whole tree
    #[command(after_help = EXIT_STATUS)]
    Check(Check),
    /// Print the imports that importgate sees in files, a JSON object a line
    Imports(Imports),
    /// Install the hooks in the repository around the current folder
    Install(Install),
    /// Remove the hooks, and put back what was there before
    Uninstall(Uninstall),
    /// Say whether git will really run the hooks here, and why not
    Doctor,
    /// What the pre-commit hook calls: judge what is staged
    PreCommit(Hook),
    /// What the pre-merge-commit hook calls: judge what is staged against every parent
    PreMergeCommit(Hook),
    /// What the pre-push hook calls: judge the commits that are about to be pushed
    PrePush(Push),
    /// What a server's pre-receive hook calls: judge what is pushed
    #[command(after_help = EXIT_STATUS)]
    PreReceive(Receive),
    /// What a server's update hook calls: judge one reference that is pushed
    #[command(after_help = EXIT_STATUS)]
    Update(Update),
}

#[derive(Debug, Args)]
struct Check {
    /// Judge the index against HEAD, as `git commit` would record it (the default)
    #[arg(long, group = "source")]
    staged: bool,
    /// Judge B as if it were pushed to a server that has A
    #[arg(long, value_name = "A..B", group = "source")]
    range: Option<String>,
    /// Judge every file of the index, old code included
    #[arg(long, group = "source")]
    all: bool,
    /// Judge by one rule only
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// Read the policy from this file
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// How to report
    #[arg(long, value_enum, default_value_t = FormatName::Human)]
    format: FormatName,
    /// Take this day (YYYY-MM-DD, UTC) for the dates of the policy, rather than today
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    #[command(flatten)]
    color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// For people
    Human,
    /// One object with every finding
    Json,
}

#[derive(Debug, Args)]
struct Color {
    /// When to use colour (NO_COLOR is respected)
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
    /// Whether to colour what goes to `stream`. See <https://no-color.org>.
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
    /// Also what is used through imports, and by paths written out in full (kind `attribute`)
    #[arg(long)]
    uses: bool,
}

#[derive(Debug, Args)]
struct Install {
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Install even where core.hooksPath is set for all repositories
    #[arg(long)]
    global: bool,
    /// Judge what is pushed here: in a bare repository, or in a folder of hooks that a git host runs
    #[arg(long)]
    server: bool,
    /// Judge each reference by itself, with the hook `update` instead of `pre-receive`
    #[arg(long, requires = "server")]
    update: bool,
}

#[derive(Debug, Args)]
struct Uninstall {
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Uninstall even where core.hooksPath is set for all repositories
    #[arg(long)]
    global: bool,
    /// Remove the hooks that judge what is pushed here; the default where nothing else can be meant
    #[arg(long)]
    server: bool,
}

#[derive(Debug, Args)]
struct Hook {
    /// What git hands to the hook; not used
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    _arguments: Vec<std::ffi::OsString>,
}

#[derive(Debug, Args)]
struct Push {
    /// The remote's name, or its address where it has no name
    remote: std::ffi::OsString,
    /// The remote's address
    address: Option<std::ffi::OsString>,
}

#[derive(Debug, Args)]
struct Receive {
    /// Read what the server's admin decided from this file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The path of the hook that calls; importgate-server.toml is looked for beside it
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
    /// The object id that it has, in hex; zeros for none
    old: std::ffi::OsString,
    /// The object id that it gets, in hex; zeros for none
    new: std::ffi::OsString,
}

impl Arguments {
    /// The arguments of this process.
    ///
    /// # Errors
    /// When they are none that are known, or ask for help.
    pub fn of_process() -> Result<Self, clap::Error> {
        // What a developer waits for is known without the whole grammar.
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

/// What git hands to a hook that is told of references, a line for each; `what` is what messages call it.
fn lines(input: &mut dyn Read, what: &str) -> Result<Vec<u8>, Fault> {
    let mut lines = Vec::new();
    match input.take(MOST).read_to_end(&mut lines) {
        // What is cut off would go unjudged.
        Ok(length) if length as u64 == MOST => Err(Fault::new("too many references are pushed at once")),
        Ok(_) => Ok(lines),
        Err(error) => Err(Fault::new(format!("{what} cannot be read: {error}"))),
    }
}

/// Runs the command; the status is for the caller to exit with.
///
/// No command is inlined here: their frames together would be pages that a hook touches in vain.
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
        Command::Doctor => setup::doctor(console),
    }
}
