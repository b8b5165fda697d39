//! Report for people: a headline that stands on its own, then a block for each statement and rule, then the counts.

use std::io::{self, Write};

use super::blocks::{self, Block, worst};
use super::escape::{bytes, lines, text};
use super::wording::{self, MAX_SHOWN_BLOCKS, plural, replacement_lines, statement_lines, summary};
use super::{Fault, Report};
use crate::finding::Finding;
use crate::policy::Severity;
use crate::verdict::Verdict;
use owo_colors::{OwoColorize, Style};

/// Column at which text wraps.
const WIDTH_COLUMNS: usize = 80;
/// Column to which the ids of rules are filled up at most.
const MAX_ID_COLUMNS: usize = 40;

/// Options of the report for people.
#[derive(Clone, Copy, Debug, Default)]
pub struct Human {
    /// Whether to use colour.
    pub color: bool,
    /// Consequence of a block, such as "Commit not made."
    pub consequence: &'static str,
    /// Whether to write a line on a pass too.
    pub say_pass: bool,
    /// Whether every file of the tree was judged, not only changed files.
    pub whole_tree: bool,
}

impl Human {
    pub(super) fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        if report.verdict == Verdict::Pass {
            return if self.say_pass { self.pass(report, out) } else { Ok(()) };
        }
        let blocks = blocks::told(report);
        self.headline(report, blocks.first().and_then(|block| wording::chief(block)), out)?;
        for block in blocks.iter().take(MAX_SHOWN_BLOCKS) {
            self.block(block, out)?;
        }
        for file in report.skipped.iter().filter(|file| file.severity >= Severity::Warn).take(MAX_SHOWN_BLOCKS) {
            writeln!(out, "\n{}  {}", self.paint(&bytes(&file.path), Style::new().bold()), text(&file.why))?;
        }
        if blocks.len() > MAX_SHOWN_BLOCKS {
            writeln!(out, "\n… and {} more; --format json lists them all.", blocks.len() - MAX_SHOWN_BLOCKS)?;
        }
        self.count(report, &blocks, out)?;
        self.totals(report, out)
    }

    fn pass(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        if let Some(left_out) = report.left_out() {
            return writeln!(out, "importgate: {left_out}");
        }
        let files = plural(report.checked.files, self.files_word());
        let ignored = match report.checked.ignored {
            0 => String::new(),
            ignored => format!(", {ignored} ignored"),
        };
        writeln!(out, "importgate: pass. {files}{ignored}, {}", plural(report.checked.imports, "import"))?;
        self.totals(report, out)
    }

    /// Writes the numbers of each rule, of the whole tree.
    fn totals(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let totals = report.totals();
        if !self.whole_tree || totals.is_empty() {
            return Ok(());
        }
        writeln!(out, "\nBy rule:")?;
        let mut totals: Vec<_> = totals.into_iter().collect();
        totals.sort_by_key(|(_, total)| std::cmp::Reverse(total.counts.blocks()));
        let width =
            totals.iter().map(|(rule, _)| rule.told().chars().count()).max().unwrap_or_default().min(MAX_ID_COLUMNS);
        for (rule, total) in totals {
            writeln!(out, "  {:<width$}  {}", text(rule.told()), wording::total(&total))?;
        }
        Ok(())
    }

    fn headline(&self, report: &Report, first: Option<&Finding>, out: &mut dyn Write) -> io::Result<()> {
        let (word, style) = match report.verdict {
            Verdict::Block => ("blocked", Style::new().red().bold()),
            _ => ("warning", Style::new().yellow().bold()),
        };
        write!(out, "importgate: {} ", self.paint(word, style))?;
        match first {
            Some(finding) => {
                let place = finding.place_of_block();
                writeln!(out, "{}:{}: {}", bytes(&finding.path), place.line, summary(finding))
            }
            None => {
                let file = report.skipped.iter().max_by_key(|file| file.severity);
                let (path, why) = file.map_or((&[][..], ""), |file| (&file.path, &file.why));
                writeln!(out, "{}: {}", bytes(path), text(why))
            }
        }
    }

    fn block(&self, block: &[&Finding], out: &mut dyn Write) -> io::Result<()> {
        let Some(finding) = block.first() else { return Ok(()) };
        let place = finding.place_of_block();
        let position = format!("{}:{}:{}", bytes(&finding.path), place.line, place.column);
        let style = if worst(block) == Severity::Block { Style::new().red() } else { Style::new().yellow() };
        write!(
            out,
            "\n{}  {}",
            self.paint(&position, Style::new().bold()),
            self.paint(&text(finding.rule.name.told()), style)
        )?;
        let warning = (worst(block) < Severity::Block).then_some("warning");
        writeln!(out, "{}", wording::remark(block, warning))?;
        for line in statement_lines(block) {
            writeln!(out, "{}", self.paint(&format!("- {line}"), Style::new().red()))?;
        }
        for line in replacement_lines(block) {
            writeln!(out, "{}", self.paint(&format!("+ {line}"), Style::new().green()))?;
        }
        for (word, value) in wording::fields(block) {
            self.field(word, &value, out)?;
        }
        Ok(())
    }

    /// Writes a label and its text, wrapped with a hanging indent.
    fn field(&self, word: &str, value: &str, out: &mut dyn Write) -> io::Result<()> {
        let indent = 3 + 4;
        let lines = wording::wrapped(value, indent, WIDTH_COLUMNS).join(&format!("\n{:indent$}", ""));
        writeln!(out, "  {:<4} {lines}", self.paint_padded(word))
    }

    fn count(&self, report: &Report, blocks: &[Block<'_>], out: &mut dyn Write) -> io::Result<()> {
        write!(out, "\n{}.", wording::counts(report, blocks, self.files_word()))?;
        if report.verdict == Verdict::Block && !self.consequence.is_empty() {
            write!(out, " {}", self.consequence)?;
        }
        writeln!(out)
    }

    const fn files_word(&self) -> &'static str {
        if self.whole_tree { "file" } else { "changed file" }
    }

    fn paint(&self, value: &str, style: Style) -> String {
        if self.color { value.style(style).to_string() } else { value.to_owned() }
    }

    fn paint_padded(&self, word: &str) -> String {
        self.paint(&format!("{word:<4}"), Style::new().dimmed())
    }
}

/// Writes why the run could not judge, and a hint.
///
/// # Errors
/// When `out` cannot be written.
pub fn fault(fault: &Fault, out: &mut dyn Write) -> io::Result<()> {
    let first = fault.problems.first();
    let message = first.map_or("unknown fault", |problem| problem.message.as_str());
    match first.and_then(|problem| problem.place.as_ref()) {
        Some((file, line, column)) => {
            writeln!(out, "importgate: could not judge: {}:{line}:{column}: {}", text(file), text(message))?;
        }
        None => writeln!(out, "importgate: could not judge: {}", text(message))?,
    }
    if let Some(rendered) = &fault.rendered {
        writeln!(out, "\n{}", lines(rendered))?;
    }
    match &fault.hint {
        Some(hint) => writeln!(out, "{}", text(hint)),
        None => Ok(()),
    }
}
