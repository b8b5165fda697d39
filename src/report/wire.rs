//! The report as git sends it over the wire: plain lines, of which the client makes `remote: ` lines.
//!
//! Clients colour what begins with `error:` or `warning:` themselves. GitLab's pages show only lines that begin with
//! `GL-HOOK-ERR:` (<https://docs.gitlab.com/administration/server_hooks/>, "Custom error messages").

use std::io::{self, Write};

use super::escape::{bytes, lines, text};
use super::words::{self, SHOWN, plural, statement_lines, summary, worst};
use super::{Fault, Report};
use crate::finding::{Finding, Skipped};
use crate::policy::Severity;
use crate::verdict::Verdict;

/// Words wrap here, so that a line with `remote: ` before it stays within 100 columns.
const WIDTH: usize = 90;
/// The prefix of what GitLab's pages show.
const GITLAB: &str = "GL-HOOK-ERR: ";
/// How many references are named; the rest is counted.
const REFS: usize = 3;
/// How many lines of a policy's errors are shown: some twenty errors.
const RENDERED: usize = 100;
const NO_REFS: &dyn Fn(&[&Finding]) -> Vec<Vec<u8>> = &|_| Vec::new();

/// How to write over the wire.
#[derive(Clone, Copy)]
pub struct Wire<'a> {
    /// Whether each line gets the prefix that GitLab's pages look for.
    pub gitlab_web: bool,
    /// What a block means here, in a sentence.
    pub consequence: &'a str,
    /// Why what blocks does not reject the push, in a sentence; everything is then a warning.
    pub enforce_note: Option<&'a str>,
    /// The full names of the references whose push brings one of some findings, bytes as git has them.
    pub refs: &'a dyn Fn(&[&Finding]) -> Vec<Vec<u8>>,
}

impl Default for Wire<'_> {
    fn default() -> Self {
        Self { gitlab_web: false, consequence: "Push rejected.", enforce_note: None, refs: NO_REFS }
    }
}

impl Wire<'_> {
    /// Writes the report: nothing where nothing is to be told.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        if report.verdict == Verdict::Pass {
            return Ok(());
        }
        let told = words::told(report);
        let blocks = words::blocks(&told);
        for block in blocks.iter().take(SHOWN) {
            self.block(block, out)?;
        }
        let skipped: Vec<_> = report.skipped.iter().filter(|file| file.severity >= Severity::Warn).collect();
        for file in skipped.iter().take(SHOWN) {
            self.skipped(file, out)?;
        }
        let unlisted = report.unlisted.iter().filter(|rest| rest.severity >= Severity::Warn).map(|rest| rest.count);
        let more = blocks.len().saturating_sub(SHOWN) + skipped.len().saturating_sub(SHOWN) + unlisted.sum::<usize>();
        if more > 0 {
            self.line(&format!("... and {more} more"), out)?;
        }
        let label = self.label(if report.verdict == Verdict::Block { Severity::Block } else { Severity::Warn });
        let counts = words::counts(report, &told, "changed file");
        let end = match (report.verdict, self.enforce_note) {
            (_, Some(note)) => format!(" {}", text(note)),
            (Verdict::Block, None) => format!(" {}", text(self.consequence)),
            _ => String::new(),
        };
        self.line(format!("{label}: {counts}.{end}").trim_end(), out)
    }

    /// Writes why nothing could be judged, what to do, and what comes of it. `rejected` is whether the push is.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn fault(&self, fault: &Fault, rejected: bool, out: &mut dyn Write) -> io::Result<()> {
        let label = if rejected { "error" } else { "warning" };
        self.problem(&format!("{label}: could not judge: "), fault, out)?;
        if rejected { self.line(&format!("error: {}", text(self.consequence)), out) } else { Ok(()) }
    }

    /// Writes why a push is rejected for something else than what it imports, and what to do.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn refusal(&self, fault: &Fault, out: &mut dyn Write) -> io::Result<()> {
        self.problem(&format!("{}: ", self.label(Severity::Block)), fault, out)?;
        let end = self.enforce_note.unwrap_or(self.consequence);
        self.line(&format!("{}: {}", self.label(Severity::Block), text(end)), out)
    }

    fn problem(&self, lead: &str, fault: &Fault, out: &mut dyn Write) -> io::Result<()> {
        let first = fault.problems.first();
        let message = text(first.map_or("unknown fault", |problem| problem.message.as_str()));
        let place = first.and_then(|problem| problem.place.as_ref());
        let place = place.map(|(file, line, column)| format!("{}:{line}:{column}: ", text(file))).unwrap_or_default();
        self.line(&format!("{lead}{place}{message}"), out)?;
        let rendered = fault.rendered.as_deref().map(lines).unwrap_or_default();
        let mut rendered = rendered.lines().filter(|line| !line.is_empty());
        for line in rendered.by_ref().take(RENDERED) {
            self.line(&format!("  {line}"), out)?;
        }
        let more = rendered.count();
        if more > 0 {
            self.line(&format!("  ... and {} more", plural(more, "line")), out)?;
        }
        match &fault.hint {
            Some(hint) => self.line(&format!("  {}", text(hint)), out),
            None => Ok(()),
        }
    }

    /// Writes a warning of one line: an option that is ignored, a log that cannot be written, what a policy weakens.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn warning(&self, message: &str, out: &mut dyn Write) -> io::Result<()> {
        self.line(&format!("warning: {}", text(message)), out)
    }

    fn block(&self, block: &[&Finding], out: &mut dyn Write) -> io::Result<()> {
        let Some(finding) = block.first() else { return Ok(()) };
        let (label, place) = (self.label(worst(block)), finding.place_of_block());
        let (id, path, remark) = (text(&finding.rule.id), bytes(&finding.path), words::remark(finding.kind, None));
        self.line(&format!("{label}: [{id}] {path}:{}:{}{remark}", place.line, place.column), out)?;
        for line in statement_lines(block) {
            self.line(&format!("  - {line}"), out)?;
        }
        match &finding.replacement {
            Some(replacement) => {
                for line in replacement.lines() {
                    self.line(&format!("  + {}", text(line)), out)?;
                }
            }
            // No line before it says so, unlike in the report on a terminal.
            None if finding.notes.is_empty() => self.field("note", &summary(finding), out)?,
            None => {}
        }
        for (word, value) in words::fields(block) {
            self.field(word, &value, out)?;
        }
        let mut refs = (self.refs)(block);
        refs.sort_unstable();
        refs.dedup();
        if refs.is_empty() {
            return Ok(());
        }
        let named: Vec<_> = refs.iter().take(REFS).map(|name| bytes(name)).collect();
        let more = refs.len().saturating_sub(REFS);
        let more = if more > 0 { format!(" and {}", plural(more, "other")) } else { String::new() };
        self.field("ref", &format!("{}{more}", named.join(", ")), out)
    }

    fn skipped(&self, file: &Skipped, out: &mut dyn Write) -> io::Result<()> {
        let label = self.label(file.severity);
        self.line(&format!("{label}: {}: {}", bytes(&file.path), text(&file.why)), out)
    }

    fn label(&self, severity: Severity) -> &'static str {
        if severity == Severity::Block && self.enforce_note.is_none() { "error" } else { "warning" }
    }

    /// A word and a text beside it, wrapped with a hanging indent.
    fn field(&self, word: &str, value: &str, out: &mut dyn Write) -> io::Result<()> {
        const INDENT: usize = 7;
        for (number, line) in words::wrapped(value, INDENT, WIDTH).iter().enumerate() {
            let word = if number == 0 { word } else { "" };
            self.line(&format!("  {word:<4} {line}"), out)?;
        }
        Ok(())
    }

    /// One line at once, so that lines of other hooks stand between ours but never in them.
    fn line(&self, line: &str, out: &mut dyn Write) -> io::Result<()> {
        let prefix = if self.gitlab_web { GITLAB } else { "" };
        out.write_all(format!("{prefix}{line}\n").as_bytes())
    }
}

#[cfg(test)]
mod tests;
