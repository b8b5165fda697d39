//! JSON report: one object, versioned by its field `version`, never capped.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::{Count, Counts, Fault, Report};
use crate::finding::{Brought, Finding};

/// Version of the format; it changes when a field is removed or changes its meaning.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    verdict: &'a str,
    policy: Option<&'a str>,
    policies: &'a [String],
    as_of: Option<String>,
    checked: Checked,
    counts: Numbers,
    findings: Vec<Entry<'a>>,
    skipped: Vec<Skipped>,
    errors: Vec<Error<'a>>,
}

#[derive(Default, Serialize)]
struct Checked {
    files: usize,
    ignored: usize,
    added_lines: usize,
    imports: usize,
}

/// Numbers by severity.
#[derive(Default, Serialize)]
struct Numbers {
    blocked: Number,
    warned: Number,
    tracked: Number,
}

/// Numbers of statements, each with the names that one rule forbids in it, and of names.
#[derive(Default, Serialize)]
struct Number {
    blocks: usize,
    names: usize,
}

impl From<Count> for Number {
    fn from(Count { blocks, names }: Count) -> Self {
        Self { blocks, names }
    }
}

/// A stretch of text; the end is behind its last character.
#[derive(Serialize)]
struct Range {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'a str,
    policy: Option<&'a str>,
    severity: &'a str,
    kind: &'a str,
    #[serde(flatten)]
    path: Path,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    statement: Range,
    text: String,
    import: Option<&'a str>,
    name: Option<&'a str>,
    local: bool,
    impact: &'a str,
    replacement: Option<&'a str>,
    reason: Option<&'a str>,
    advice: Option<&'a str>,
    see: Option<&'a str>,
    owner: Option<&'a str>,
    note: Option<String>,
    block_from: Option<String>,
    commit: Option<&'a str>,
    commit_date: Option<String>,
}

#[derive(Serialize)]
struct Skipped {
    #[serde(flatten)]
    path: Path,
    why: String,
}

#[derive(Serialize)]
struct Error<'a> {
    message: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    hint: Option<&'a str>,
}

/// A path as text, and in hex if it is not UTF-8.
#[derive(Serialize)]
struct Path {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_hex: Option<String>,
}

impl Path {
    fn new(bytes: &[u8]) -> Self {
        let path_hex = std::str::from_utf8(bytes).is_err().then(|| {
            bytes.iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            })
        });
        Self { path: String::from_utf8_lossy(bytes).into_owned(), path_hex }
    }
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let checked = Checked {
        files: report.checked.files,
        ignored: report.checked.ignored,
        added_lines: report.checked.added_lines.unwrap_or(0),
        imports: report.checked.imports,
    };
    let Counts { blocked, warned, tracked } = report.counts();
    let document = Document {
        version: VERSION,
        verdict: report.verdict.name(),
        policy: report.policies.first().map(String::as_str),
        policies: &report.policies,
        as_of: report.as_of.map(|day| day.to_string()),
        checked,
        counts: Numbers { blocked: blocked.into(), warned: warned.into(), tracked: tracked.into() },
        findings: report.findings.iter().map(entry).collect(),
        skipped: report
            .skipped
            .iter()
            .map(|file| Skipped { path: Path::new(&file.path), why: file.why.clone() })
            .collect(),
        errors: Vec::new(),
    };
    finish(&document, out)
}

/// Writes a fault as the same object with verdict `error`.
///
/// # Errors
/// When `out` cannot be written.
pub fn fault(fault: &Fault, out: &mut dyn Write) -> io::Result<()> {
    let errors = fault.problems.iter().map(|problem| Error {
        message: &problem.message,
        file: problem.place.as_ref().map(|(file, ..)| file.as_str()),
        line: problem.place.as_ref().map(|(_, line, _)| *line),
        column: problem.place.as_ref().map(|(.., column)| *column),
        hint: problem.hint.as_deref().or(fault.hint.as_deref()),
    });
    let document = Document {
        version: VERSION,
        verdict: "error",
        policy: None,
        policies: &[],
        as_of: None,
        checked: Checked::default(),
        counts: Numbers::default(),
        findings: Vec::new(),
        skipped: Vec::new(),
        errors: errors.collect(),
    };
    finish(&document, out)
}

fn finish(document: &Document<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    out.write_all(b"\n")
}

fn entry(finding: &Finding) -> Entry<'_> {
    Entry {
        rule: finding.rule.name.id(),
        policy: finding.rule.name.policy(),
        severity: finding.severity.name(),
        kind: finding.kind.name(),
        path: Path::new(&finding.path),
        line: finding.place.line,
        column: finding.place.column,
        end_line: finding.end.line,
        end_column: finding.end.column,
        statement: Range {
            line: finding.statement.line,
            column: finding.statement.column,
            end_line: finding.end.line,
            end_column: finding.end.column,
        },
        text: String::from_utf8_lossy(&finding.text).into_owned(),
        import: finding.import.as_deref(),
        name: finding.name.as_deref(),
        local: finding.local,
        impact: finding.impact.name(),
        replacement: finding.replacement.as_deref(),
        reason: finding.rule.reason.as_deref(),
        advice: finding.rule.advice.as_deref(),
        see: finding.rule.see.as_deref(),
        owner: finding.rule.owner.as_deref(),
        note: Some(finding.notes.join("; ")).filter(|note| !note.is_empty()),
        block_from: finding.block_from.map(|day| day.to_string()),
        commit: finding.commit.as_ref().map(|commit| commit.id.as_str()),
        commit_date: finding.commit.as_ref().and_then(Brought::day).map(|day| day.to_string()),
    }
}
