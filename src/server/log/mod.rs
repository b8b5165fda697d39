//! Push log: one line of JSON per push, appended to the configured file. It contains nothing from the environment.

mod policies;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::allow::Allowance;
use crate::policy::RuleName;
use crate::report::Report;
pub use policies::Policy;

/// Maximum number of references named in a line; the rest are counted.
const MAX_REFS: usize = 1000;

/// Maximum number of sentences in a line about what is weakened; the rest are counted.
const MAX_WEAKENED: usize = 100;

/// Maximum number of times that a lock on the log is tried.
const MAX_LOCK_TRIES: usize = 100;

/// Time between two tries.
const LOCK_PAUSE: Duration = Duration::from_millis(1);

/// Log entry of a push. Text from the pusher is kept as is, because JSON escapes unprintable characters.
#[derive(Clone, Debug, Default)]
pub struct Entry<'a> {
    /// Time of the verdict.
    pub time: Timestamp,
    /// Path of the repository.
    pub repository: &'a str,
    /// The name of the repository, according to the host in front.
    pub name: Option<&'a str>,
    /// The pusher, according to the host.
    pub user: Option<&'a str>,
    /// Pushed references.
    pub refs: &'a [RefUpdate<'a>],
    /// `pass`, `warn`, `block`, or `error` if nothing could be judged.
    pub verdict: &'a str,
    /// The policies that judged it, and then the shadow policies.
    pub policies: Vec<Policy<'a>>,
    /// Whether the push was rejected.
    pub rejected: bool,
    /// Number of findings by the rule's name: of names.
    pub rules: BTreeMap<&'a str, usize>,
    /// Number of statements by the rule's name, as people are told.
    pub blocks: BTreeMap<&'a str, usize>,
    /// Rules with findings that push options let pass, with the options.
    pub allowed: &'a [(RuleName, Allowance)],
    /// How much `allow-in` and caps let pass of what is new, by the rule's name: of names. `None` if that is not known.
    pub excused: Option<&'a BTreeMap<String, usize>>,
    /// Ways in which it weakens the policy in effect, a sentence each.
    pub weakened: &'a [String],
    /// Number of new commits.
    pub commits: usize,
    /// Number of new commits that evidently passed no local gate. `None` if that is not known.
    pub ungated: Option<usize>,
    /// Duration in milliseconds.
    pub ms: u64,
    /// Reason why the push, or a part of it, could not be judged.
    pub why: Option<&'a str>,
}

/// A pushed reference.
#[derive(Clone, Copy, Debug)]
pub struct RefUpdate<'a> {
    /// Full name, as git's raw bytes.
    pub name: &'a [u8],
    /// Old object id in hex; zeros for none.
    pub old: &'a str,
    /// New object id in hex; zeros for none.
    pub new: &'a str,
}

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    repository: &'a str,
    name: Option<&'a str>,
    user: Option<&'a str>,
    refs: Vec<Ref<'a>>,
    refs_total: usize,
    verdict: &'a str,
    policies: &'a [Policy<'a>],
    rejected: bool,
    rules: &'a BTreeMap<&'a str, usize>,
    blocks: &'a BTreeMap<&'a str, usize>,
    allowed: Vec<Allowed<'a>>,
    excused: Option<&'a BTreeMap<String, usize>>,
    weakened: &'a [String],
    weakened_total: usize,
    commits: usize,
    ungated: Option<usize>,
    ms: u64,
    why: Option<&'a str>,
}

#[derive(Serialize)]
struct Ref<'a> {
    name: String,
    old: &'a str,
    new: &'a str,
}

#[derive(Serialize)]
struct Allowed<'a> {
    rule: &'a str,
    reason: &'a str,
}

/// Counts a report's findings by rule: of names, and of statements.
#[must_use]
pub fn counts(report: &Report) -> (BTreeMap<&str, usize>, BTreeMap<&str, usize>) {
    let (mut rules, mut blocks) = (BTreeMap::new(), BTreeMap::new());
    for (rule, total) in report.totals() {
        rules.insert(rule.told(), total.counts.names());
        blocks.insert(rule.told(), total.counts.blocks());
    }
    // Of what is not listed, it is not known how much stands in one statement.
    for rest in &report.unlisted {
        for counts in [&mut rules, &mut blocks] {
            *counts.entry(rest.rule.told()).or_default() += rest.count;
        }
    }
    (rules, blocks)
}

/// Appends a line to `file`, creating it if needed. It is written in one call, so that lines of concurrent pushes do not
/// mix, and never behind a part of a line: a writer may have been killed, or have met a full disk.
///
/// # Errors
/// When the file cannot be opened, or the line is not written whole. The caller must report it; the verdict stands.
pub fn append(file: &Path, line: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    // Who may only write it cannot see how it ends.
    let opened = options.clone().read(true).open(file);
    let (mut file, is_readable) = match opened {
        Ok(file) => (file, true),
        Err(_) => (options.open(file)?, false),
    };
    if is_readable && is_ours_alone(&file) && ends_within_a_line(&file) {
        file.write_all(b"\n")?;
    }
    if file.write(line)? == line.len() {
        return Ok(());
    }
    // The disk is full. The next line must not be a part of this one.
    let _ = file.write(b"\n");
    Err(io::ErrorKind::WriteZero.into())
}

/// Locks a file against other writers of the log, until it is closed. Whoever else can read the file may hold a lock: waits no
/// longer than pushes would need to write their lines.
fn is_ours_alone(file: &File) -> bool {
    for _ in 0..MAX_LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return true,
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            // Not every file system has locks.
            Err(TryLockError::Error(_)) => return false,
        }
    }
    false
}

/// Returns whether a file has a last line without its end; of a pipe or a device, that is not asked.
fn ends_within_a_line(mut file: &File) -> bool {
    let mut last = [b'\n'];
    let is_file = file.metadata().is_ok_and(|found| found.is_file() && found.len() > 0);
    is_file && file.seek(SeekFrom::End(-1)).is_ok() && file.read_exact(&mut last).is_ok() && last != *b"\n"
}

/// Returns the line of an entry, with its end.
///
/// # Errors
/// When the entry cannot be written as JSON.
pub fn line(entry: &Entry<'_>) -> io::Result<Vec<u8>> {
    let refs = entry.refs.iter().take(MAX_REFS);
    let name = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let line = Line {
        time: format!("{:.3}", entry.time),
        repository: entry.repository,
        name: entry.name,
        user: entry.user,
        refs: refs.map(|update| Ref { name: name(update.name), old: update.old, new: update.new }).collect(),
        refs_total: entry.refs.len(),
        verdict: entry.verdict,
        policies: &entry.policies,
        rejected: entry.rejected,
        rules: &entry.rules,
        blocks: &entry.blocks,
        allowed: entry.allowed.iter().map(|(rule, one)| Allowed { rule: rule.told(), reason: &one.reason }).collect(),
        excused: entry.excused,
        weakened: entry.weakened.get(..MAX_WEAKENED).unwrap_or(entry.weakened),
        weakened_total: entry.weakened.len(),
        commits: entry.commits,
        ungated: entry.ungated,
        ms: entry.ms,
        why: entry.why,
    };
    let mut bytes = serde_json::to_vec(&line)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry<'a>(refs: &'a [RefUpdate<'a>], allowed: &'a [(RuleName, Allowance)]) -> Entry<'a> {
        Entry {
            time: Timestamp::constant(1_800_000_000, 123_000_000),
            repository: "/srv/git/a.git",
            name: Some("a"),
            user: Some("eve\n"),
            refs,
            verdict: "block",
            policies: vec![Policy {
                policy: "main:policy.toml".into(),
                blob: Some("ab"),
                verdict: "block",
                ..Policy::default()
            }],
            rejected: true,
            rules: BTreeMap::from([("old-path", 2)]),
            blocks: BTreeMap::from([("old-path", 1)]),
            allowed,
            excused: None,
            weakened: &[],
            commits: 3,
            ungated: Some(1),
            ms: 17,
            why: None,
        }
    }

    #[test]
    fn lines_are_appended() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log.jsonl");
        let refs = [RefUpdate { name: b"refs/heads/\xff\x1b", old: "00", new: "ab" }];
        let allowance = Allowance { rule: "old-path".into(), reason: "rollback".into() };
        let allowed = [(RuleName::new(None, "old-path"), allowance)];
        append(&file, &line(&entry(&refs, &allowed)).unwrap()).unwrap();
        append(&file, &line(&entry(&[], &[])).unwrap()).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        let lines: Vec<_> = text.lines().collect();
        let expected = "{\"time\":\"2027-01-15T08:00:00.123Z\",\"repository\":\"/srv/git/a.git\",\"name\":\"a\",\"user\":\"eve\\n\",\
                        \"refs\":[{\"name\":\"refs/heads/\u{fffd}\\u001b\",\"old\":\"00\",\"new\":\"ab\"}],\"refs_total\":1,\
                        \"verdict\":\"block\",\
                        \"policies\":[{\"policy\":\"main:policy.toml\",\"name\":null,\"blob\":\"ab\",\"verdict\":\"block\"}],\"rejected\":true,\"rules\":{\"old-path\":2},\"blocks\":{\"old-path\":1},\
                        \"allowed\":[{\"rule\":\"old-path\",\"reason\":\"rollback\"}],\"excused\":null,\"weakened\":[],\"weakened_total\":0,\"commits\":3,\"ungated\":1,\"ms\":17,\"why\":null}";
        assert_eq!((lines[0], lines.len()), (expected, 2));
    }

    #[test]
    fn the_documentation_lists_every_field() {
        let document = include_str!("../../../docs/server-config.md");
        let section = document.split("\n## The log\n").nth(1).unwrap();
        let listed = section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
        let listed: String = listed.collect::<Vec<_>>().concat();
        let line: serde_json::Value = serde_json::from_slice(&line(&entry(&[], &[])).unwrap()).unwrap();
        for field in line.as_object().unwrap().keys() {
            assert!(listed.contains(&format!("`{field}`")), "{field} is missing in {listed}");
        }
    }

    #[test]
    fn many_references_are_counted() {
        let refs = vec![RefUpdate { name: b"r", old: "0", new: "1" }; MAX_REFS + 5];
        let line: serde_json::Value = serde_json::from_slice(&line(&entry(&refs, &[])).unwrap()).unwrap();
        assert_eq!((line["refs"].as_array().unwrap().len(), &line["refs_total"]), (MAX_REFS, &(MAX_REFS + 5).into()));
    }

    #[test]
    fn a_line_never_follows_a_part_of_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log.jsonl");
        for (before, after) in [("", "x\n"), ("{\"a\": 1}\n", "{\"a\": 1}\nx\n"), ("{\"a\"", "{\"a\"\nx\n")] {
            std::fs::write(&file, before).unwrap();
            append(&file, b"x\n").unwrap();
            assert_eq!(std::fs::read_to_string(&file).unwrap(), after);
        }
        // Somebody who holds a lock keeps nobody from writing.
        let held = File::open(&file).unwrap();
        held.lock().unwrap();
        append(&file, b"y\n").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "{\"a\"\nx\ny\n");
    }

    #[test]
    fn what_cannot_be_written_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(append(folder.path(), b"x\n").is_err());
        assert!(append(&folder.path().join("no/such/log"), b"x\n").is_err());
    }
}
