//! A line of JSON for each push, appended to the file that the admin names. Nothing of the environment is in it.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use super::allow::Allowance;

/// References that a line names; the rest is counted.
const MAX_REFS: usize = 1000;

/// What is to be said of a push. Text from the pusher stays as it is: JSON escapes what is not printable.
#[derive(Clone, Debug, Default)]
pub struct Entry<'a> {
    /// When the verdict was reached.
    pub time: Timestamp,
    /// The repository's path.
    pub repository: &'a str,
    /// Who pushes, as the host says.
    pub user: Option<&'a str>,
    /// What is pushed.
    pub refs: &'a [RefUpdate<'a>],
    /// `pass`, `warn`, `block`, or `error` where nothing could be judged.
    pub verdict: &'a str,
    /// Whether the push was rejected.
    pub rejected: bool,
    /// How many findings each rule has, by its id.
    pub rules: BTreeMap<&'a str, usize>,
    /// What was allowed by push options, and did let something pass.
    pub allowed: &'a [Allowance],
    /// How many commits are new.
    pub commits: usize,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// Why nothing could be judged, or not all.
    pub why: Option<&'a str>,
}

/// A reference that is pushed.
#[derive(Clone, Copy, Debug)]
pub struct RefUpdate<'a> {
    /// Its full name, bytes as git has them.
    pub name: &'a [u8],
    /// The object id that it had, in hex; zeros for none.
    pub old: &'a str,
    /// The object id that it gets, in hex; zeros for none.
    pub new: &'a str,
}

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    repository: &'a str,
    user: Option<&'a str>,
    refs: Vec<Ref<'a>>,
    refs_total: usize,
    verdict: &'a str,
    rejected: bool,
    rules: &'a BTreeMap<&'a str, usize>,
    allowed: Vec<Allowed<'a>>,
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
struct Allowed<'a> {
    rule: &'a str,
    reason: &'a str,
}

/// Appends the entry to `file`, which is made where it is not there. The line is written at once, so that those of
/// pushes at the same time do not mix.
///
/// # Errors
/// When the file cannot be opened, or does not take the whole line. That is to be told, and changes no verdict.
pub fn append(file: &Path, entry: &Entry<'_>) -> io::Result<()> {
    let line = line(entry)?;
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    let written = options.open(file)?.write(&line)?;
    if written == line.len() { Ok(()) } else { Err(io::ErrorKind::WriteZero.into()) }
}

fn line(entry: &Entry<'_>) -> io::Result<Vec<u8>> {
    let refs = entry.refs.iter().take(MAX_REFS);
    let name = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let line = Line {
        time: format!("{:.3}", entry.time),
        repository: entry.repository,
        user: entry.user,
        refs: refs.map(|update| Ref { name: name(update.name), old: update.old, new: update.new }).collect(),
        refs_total: entry.refs.len(),
        verdict: entry.verdict,
        rejected: entry.rejected,
        rules: &entry.rules,
        allowed: entry.allowed.iter().map(|one| Allowed { rule: &one.rule, reason: &one.reason }).collect(),
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
            user: Some("eve\n"),
            refs,
            verdict: "block",
            rejected: true,
            rules: BTreeMap::from([("old-path", 2)]),
            allowed,
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
        append(&file, &entry(&refs, &allowed)).unwrap();
        append(&file, &entry(&[], &[])).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        let lines: Vec<_> = text.lines().collect();
        let expected = "{\"time\":\"2027-01-15T08:00:00.123Z\",\"repository\":\"/srv/git/a.git\",\"user\":\"eve\\n\",\
                        \"refs\":[{\"name\":\"refs/heads/\u{fffd}\\u001b\",\"old\":\"00\",\"new\":\"ab\"}],\"refs_total\":1,\
                        \"verdict\":\"block\",\"rejected\":true,\"rules\":{\"old-path\":2},\
                        \"allowed\":[{\"rule\":\"old-path\",\"reason\":\"rollback\"}],\"commits\":3,\"ms\":17,\"why\":null}";
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
        assert!(append(folder.path(), &entry(&[], &[])).is_err());
        assert!(append(&folder.path().join("no/such/log"), &entry(&[], &[])).is_err());
    }
}
