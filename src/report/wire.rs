//! Report for a server's hook: plain lines, which git's client shows with the prefix `remote: `.
//!
//! Clients colour lines that begin with `error:` or `warning:` themselves. GitLab's web pages show only lines that begin
//! with `GL-HOOK-ERR:` (<https://docs.gitlab.com/administration/server_hooks/>, "Custom error messages").

use std::io::{self, Write};

use super::blocks::{self, worst};
use super::escape::{bytes, lines, text};
use super::wording::{self, MAX_SHOWN_BLOCKS, plural, replacement_lines, statement_lines};
use super::{Fault, Report};
use crate::finding::{Finding, Skipped};
use crate::policy::Severity;
use crate::verdict::Verdict;

/// Column at which text wraps, so that a line with the prefix `remote: ` fits in 100 columns.
const WIDTH_COLUMNS: usize = 90;
/// Prefix of lines that GitLab's web pages show.
const GITLAB_PREFIX: &str = "GL-HOOK-ERR: ";
/// Maximum number of references named for a finding; the rest are counted.
const MAX_NAMED_REFS: usize = 3;
/// Maximum number of lines of policy errors shown; about twenty errors.
const MAX_ERROR_LINES: usize = 100;
const NO_REFS: &dyn Fn(&[&Finding]) -> Vec<Vec<u8>> = &|_| Vec::new();

/// Options of the report for a server's hook.
#[derive(Clone, Copy)]
pub struct Wire<'a> {
    /// Whether each line gets the prefix for GitLab's web pages.
    pub gitlab_web: bool,
    /// Consequence of a block, as a sentence.
    pub consequence: &'a str,
    /// Whom the pusher may ask, as it stands in a sentence.
    pub contact: &'a str,
    /// Sentence that says why a block does not reject the push; everything is then a warning.
    pub enforce_note: Option<&'a str>,
    /// Returns the full names of the references that bring the given findings, as git's raw bytes.
    pub refs: &'a dyn Fn(&[&Finding]) -> Vec<Vec<u8>>,
}

impl Default for Wire<'_> {
    fn default() -> Self {
        let contact = "the server's admin";
        Self { gitlab_web: false, consequence: "Push rejected.", contact, enforce_note: None, refs: NO_REFS }
    }
}

impl Wire<'_> {
    /// Writes the report; nothing on a pass.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        if report.verdict == Verdict::Pass {
            return Ok(());
        }
        let blocks = blocks::told(report);
        for block in blocks.iter().take(MAX_SHOWN_BLOCKS) {
            self.block(block, out)?;
        }
        let skipped: Vec<_> = report.skipped.iter().filter(|file| file.severity >= Severity::Warn).collect();
        for file in skipped.iter().take(MAX_SHOWN_BLOCKS) {
            self.skipped(file, out)?;
        }
        let unlisted = report.unlisted.iter().filter(|rest| rest.severity >= Severity::Warn).map(|rest| rest.count);
        let more = blocks.len().saturating_sub(MAX_SHOWN_BLOCKS)
            + skipped.len().saturating_sub(MAX_SHOWN_BLOCKS)
            + unlisted.sum::<usize>();
        if more > 0 {
            self.line(&format!("... and {more} more"), out)?;
        }
        let label = self.label(if report.verdict == Verdict::Block { Severity::Block } else { Severity::Warn });
        let counts = wording::counts(report, &blocks, "changed file");
        let end = match (report.verdict, self.enforce_note) {
            (_, Some(note)) => format!(" {}", text(note)),
            (Verdict::Block, None) => format!(" {}", text(self.consequence)),
            _ => String::new(),
        };
        self.line(format!("{label}: {counts}.{end}").trim_end(), out)
    }

    /// Writes why the push could not be judged, a hint, and the consequence. `rejected` says whether the push is rejected.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn fault(&self, fault: &Fault, rejected: bool, out: &mut dyn Write) -> io::Result<()> {
        let label = if rejected { "error" } else { "warning" };
        self.problem(&format!("{label}: could not judge: "), fault, out)?;
        if !rejected {
            return Ok(());
        }
        let (consequence, contact) = (text(self.consequence), text(self.contact));
        self.line(&format!("error: {consequence} If you cannot mend it, ask {contact}."), out)
    }

    /// Writes why a push is rejected for another reason than its imports, and a hint.
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
        for line in rendered.by_ref().take(MAX_ERROR_LINES) {
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

    /// Writes a one-line warning, such as an ignored option, an unwritable log or a weakened policy.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn warning(&self, message: &str, out: &mut dyn Write) -> io::Result<()> {
        self.line(&format!("warning: {}", text(message)), out)
    }

    fn block(&self, block: &[&Finding], out: &mut dyn Write) -> io::Result<()> {
        let Some(finding) = block.first() else { return Ok(()) };
        let (label, place) = (self.label(worst(block)), finding.place_of_block());
        let (id, path, remark) = (text(finding.rule.name.told()), bytes(&finding.path), wording::remark(block, None));
        self.line(&format!("{label}: [{id}] {path}:{}:{}{remark}", place.line, place.column), out)?;
        for line in statement_lines(block) {
            self.line(&format!("  - {line}"), out)?;
        }
        for line in replacement_lines(block) {
            self.line(&format!("  + {line}"), out)?;
        }
        for (word, value) in wording::fields(block) {
            self.field(word, &value, out)?;
        }
        let mut refs = (self.refs)(block);
        refs.sort_unstable();
        refs.dedup();
        if refs.is_empty() {
            return Ok(());
        }
        let named: Vec<_> = refs.iter().take(MAX_NAMED_REFS).map(|name| bytes(name)).collect();
        let more = refs.len().saturating_sub(MAX_NAMED_REFS);
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

    /// Writes a label and its text, wrapped with a hanging indent.
    fn field(&self, word: &str, value: &str, out: &mut dyn Write) -> io::Result<()> {
        const INDENT_COLUMNS: usize = 7;
        for (number, line) in wording::wrapped(value, INDENT_COLUMNS, WIDTH_COLUMNS).iter().enumerate() {
            let word = if number == 0 { word } else { "" };
            self.line(&format!("  {word:<4} {line}"), out)?;
        }
        Ok(())
    }

    /// Writes a line in one call, so that output of other hooks cannot split it.
    fn line(&self, line: &str, out: &mut dyn Write) -> io::Result<()> {
        let prefix = if self.gitlab_web { GITLAB_PREFIX } else { "" };
        out.write_all(format!("{prefix}{line}\n").as_bytes())
    }
}

#[cfg(test)]
mod tests;
