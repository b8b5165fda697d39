//! Push log: one line of JSON per push, appended to the configured file. It contains nothing from the environment.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use super::allow::Allowance;

/// Maximum number of references named in a line; the rest are counted.
const MAX_REFS: usize = 1000;

/// Maximum number of sentences in a line about what is weakened; the rest are counted.
const MAX_WEAKENED: usize = 100;

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
    /// The policies that judged it: the name of each, the id of its file, and its verdict.
    pub policies: Vec<(&'a str, Option<&'a str>, &'a str)>,
    /// Whether the push was rejected.
    pub rejected: bool,
    /// Number of findings by rule id: of names.
    pub rules: BTreeMap<&'a str, usize>,
    /// Number of statements by rule id, as people are told.
    pub blocks: BTreeMap<&'a str, usize>,
    /// Allowances by push options that let a finding pass.
    pub allowed: &'a [Allowance],
    /// How much `allow-in` and caps let pass of what is new, by rule id: of names. `None` if that is not known.
    pub excused: Option<&'a BTreeMap<String, usize>>,
    /// Ways in which it weakens the policy in effect, a sentence each.
    pub weakened: &'a [String],
    /// Number of new commits.
    pub commits: usize,
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
    policies: Vec<Policy<'a>>,
    rejected: bool,
    rules: &'a BTreeMap<&'a str, usize>,
    blocks: &'a BTreeMap<&'a str, usize>,
    allowed: Vec<Allowed<'a>>,
    excused: Option<&'a BTreeMap<String, usize>>,
    weakened: &'a [String],
    weakened_total: usize,
    commits: usize,
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
struct Policy<'a> {
    policy: &'a str,
    blob: Option<&'a str>,
    verdict: &'a str,
}

#[derive(Serialize)]
struct Allowed<'a> {
    rule: &'a str,
    reason: &'a str,
}

/// Appends a line to `file`, creating it if needed. It is written in one call, so that lines of concurrent pushes do not
/// mix.
///
/// # Errors
/// When the file cannot be opened, or the line is not written whole. The caller must report it; the verdict stands.
pub fn append(file: &Path, line: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    let mut file = options.open(file)?;
    if file.write(line)? == line.len() {
        return Ok(());
    }
    // The disk is full. The next line must not be a part of this one.
    let _ = file.write(b"\n");
    Err(io::ErrorKind::WriteZero.into())
}

/// Returns the line of an entry, with its end.
///
/// # Errors
/// When the entry cannot be written as JSON.
pub fn line(entry: &Entry<'_>) -> io::Result<Vec<u8>> {
    let refs = entry.refs.iter().take(MAX_REFS);
    let policies = entry.policies.iter();
    let name = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let line = Line {
        time: format!("{:.3}", entry.time),
        repository: entry.repository,
        name: entry.name,
        user: entry.user,
        refs: refs.map(|update| Ref { name: name(update.name), old: update.old, new: update.new }).collect(),
        refs_total: entry.refs.len(),
        verdict: entry.verdict,
        policies: policies.map(|&(policy, blob, verdict)| Policy { policy, blob, verdict }).collect(),
        rejected: entry.rejected,
        rules: &entry.rules,
        blocks: &entry.blocks,
        allowed: entry.allowed.iter().map(|one| Allowed { rule: &one.rule, reason: &one.reason }).collect(),
        excused: entry.excused,
        weakened: entry.weakened.get(..MAX_WEAKENED).unwrap_or(entry.weakened),
        weakened_total: entry.weakened.len(),
        commits: entry.commits,
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

    fn entry<'a>(refs: &'a [RefUpdate<'a>], allowed: &'a [Allowance]) -> Entry<'a> {
        Entry {
            time: Timestamp::constant(1_800_000_000, 123_000_000),
            repository: "/srv/git/a.git",
            name: Some("a"),
            user: Some("eve\n"),
            refs,
            verdict: "block",
            policies: vec![("main:policy.toml", Some("ab"), "block")],
            rejected: true,
            rules: BTreeMap::from([("old-path", 2)]),
            blocks: BTreeMap::from([("old-path", 1)]),
            allowed,
            excused: None,
            weakened: &[],
            commits: 3,
            ms: 17,
            why: None,
        }
    }

    #[test]
    fn lines_are_appended() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log.jsonl");
        let refs = [RefUpdate { name: b"refs/heads/\xff\x1b", old: "00", new: "ab" }];
        let allowed = [Allowance { rule: "old-path".into(), reason: "rollback".into() }];
        append(&file, &line(&entry(&refs, &allowed)).unwrap()).unwrap();
        append(&file, &line(&entry(&[], &[])).unwrap()).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        let lines: Vec<_> = text.lines().collect();
        let expected = "{\"time\":\"2027-01-15T08:00:00.123Z\",\"repository\":\"/srv/git/a.git\",\"name\":\"a\",\"user\":\"eve\\n\",\
                        \"refs\":[{\"name\":\"refs/heads/\u{fffd}\\u001b\",\"old\":\"00\",\"new\":\"ab\"}],\"refs_total\":1,\
                        \"verdict\":\"block\",\
                        \"policies\":[{\"policy\":\"main:policy.toml\",\"blob\":\"ab\",\"verdict\":\"block\"}],\"rejected\":true,\"rules\":{\"old-path\":2},\"blocks\":{\"old-path\":1},\
                        \"allowed\":[{\"rule\":\"old-path\",\"reason\":\"rollback\"}],\"excused\":null,\"weakened\":[],\"weakened_total\":0,\"commits\":3,\"ms\":17,\"why\":null}";
        assert_eq!((lines[0], lines.len()), (expected, 2));
    }

    #[test]
    fn the_documentation_lists_every_field() {
        let document = include_str!("../../docs/server-config.md");
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
    fn what_cannot_be_written_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(append(folder.path(), b"x\n").is_err());
        assert!(append(&folder.path().join("no/such/log"), b"x\n").is_err());
    }
}
