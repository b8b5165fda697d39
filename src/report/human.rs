//! The report for people: one line that stands alone, then a block for each statement and rule, then the count.

use std::collections::BTreeSet;
use std::io::{self, Write};

use owo_colors::{OwoColorize, Style};
use unicode_width::UnicodeWidthStr;

use super::escape::{bytes, cut, lines, text};
use super::{Fault, Report};
use crate::finding::Finding;
use crate::policy::Severity;
use crate::verdict::Verdict;

/// How many blocks are shown; the rest is counted.
const SHOWN: usize = 50;
/// Words wrap here.
const WIDTH: usize = 80;
/// Code is cut here: a statement to paste must stay whole, a minified line must not fill the screen.
const LONGEST: usize = 240;
/// How many lines of a statement are shown.
const LINES: usize = 6;

/// How to write for people.
#[derive(Clone, Copy, Debug, Default)]
pub struct Human {
    /// Whether to use colour.
    pub color: bool,
    /// What a block means here: "Commit not made." or the like.
    pub consequence: &'static str,
    /// Whether to say that all is well.
    pub say_pass: bool,
    /// Whether every file of the tree was judged, rather than those that changed.
    pub whole_tree: bool,
}

impl Human {
    pub(super) fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let told: Vec<&Finding> = report.findings.iter().filter(|finding| finding.severity >= Severity::Warn).collect();
        if report.verdict == Verdict::Pass {
            return if self.say_pass { self.pass(report, out) } else { Ok(()) };
        }
        // What blocks comes first: the first line names it, and a cap must not hide it.
        let mut blocks: Vec<&[&Finding]> = told.chunk_by(|left, right| same_block(left, right)).collect();
        blocks.sort_by_key(|block| std::cmp::Reverse(worst(block)));
        self.headline(report, blocks.first().and_then(|block| block.first().copied()), out)?;
        for block in blocks.iter().take(SHOWN) {
            self.block(block, out)?;
        }
        for file in report.skipped.iter().filter(|file| file.severity >= Severity::Warn).take(SHOWN) {
            writeln!(out, "\n{}  {}", self.paint(&bytes(&file.path), Style::new().bold()), text(&file.why))?;
        }
        if blocks.len() > SHOWN {
            writeln!(out, "\n… and {} more; --format json lists them all.", blocks.len() - SHOWN)?;
        }
        self.count(report, &told, out)
    }

    fn pass(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let files = plural(report.checked.files, self.files_word());
        let ignored = match report.checked.ignored {
            0 => String::new(),
            ignored => format!(", {ignored} ignored"),
        };
        writeln!(out, "importgate: pass. {files}{ignored}, {}", plural(report.checked.imports, "import"))
    }

    fn headline(&self, report: &Report, first: Option<&Finding>, out: &mut dyn Write) -> io::Result<()> {
        let (word, style) = match report.verdict {
            Verdict::Block => ("blocked", Style::new().red().bold()),
            _ => ("warning", Style::new().yellow().bold()),
        };
        write!(out, "importgate: {}. ", self.paint(word, style))?;
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
            self.paint(&text(&finding.rule.id), style)
        )?;
        match (worst(block), finding.kind.name()) {
            (Severity::Block, "import" | "line") => writeln!(out)?,
            (Severity::Block, kind) => writeln!(out, " ({kind})")?,
            (_, "import" | "line") => writeln!(out, " (warning)")?,
            (_, kind) => writeln!(out, " ({kind}, warning)")?,
        }
        for line in statement_lines(block) {
            writeln!(out, "{}", self.paint(&format!("- {line}"), Style::new().red()))?;
        }
        let replacement = finding.replacement.as_deref().unwrap_or_default();
        for line in replacement.lines() {
            writeln!(out, "{}", self.paint(&format!("+ {}", text(line)), Style::new().green()))?;
        }
        if let Some(why) = why(finding) {
            self.field("why", &why, out)?;
        }
        for note in &finding.notes {
            self.field("note", &text(note), out)?;
        }
        if let Some(day) = finding.block_from {
            self.field("when", &format!("blocks from {day}"), out)?;
        }
        Ok(())
    }

    /// A word and a text beside it, wrapped with a hanging indent.
    fn field(&self, word: &str, value: &str, out: &mut dyn Write) -> io::Result<()> {
        let indent = 3 + 4;
        let mut column = indent;
        write!(out, "  {:<4} ", self.paint_padded(word))?;
        for (index, piece) in value.split(' ').enumerate() {
            let width = piece.width();
            if index > 0 && column + 1 + width > WIDTH {
                write!(out, "\n{:indent$}", "")?;
                column = indent;
            } else if index > 0 {
                write!(out, " ")?;
                column += 1;
            }
            write!(out, "{piece}")?;
            column += width;
        }
        writeln!(out)
    }

    fn count(&self, report: &Report, told: &[&Finding], out: &mut dyn Write) -> io::Result<()> {
        let blocked = told.iter().filter(|finding| finding.severity == Severity::Block).count();
        let skipped_hard = report.skipped.iter().filter(|file| file.severity == Severity::Block).count();
        let skipped_soft = report.skipped.iter().filter(|file| file.severity == Severity::Warn).count();
        let blocked = blocked + skipped_hard;
        let warned = told.len() + skipped_hard + skipped_soft - blocked;
        let counts = match (blocked, warned) {
            (0, warned) => plural(warned, "warning"),
            (blocked, 0) => format!("{blocked} blocked"),
            (blocked, warned) => format!("{blocked} blocked, {}", plural(warned, "warning")),
        };
        let paths = told.iter().map(|finding| &*finding.path);
        let skipped = report.skipped.iter().filter(|file| file.severity >= Severity::Warn).map(|file| &*file.path);
        let touched: BTreeSet<_> = paths.chain(skipped).collect();
        let files = plural(report.checked.files, self.files_word());
        write!(out, "\n{counts} in {} of {files}.", touched.len())?;
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

/// Writes why nothing could be judged, and what to do.
///
/// # Errors
/// When `out` cannot be written.
pub fn fault(fault: &Fault, out: &mut dyn Write) -> io::Result<()> {
    let first = fault.problems.first();
    let message = first.map_or("unknown fault", |problem| problem.message.as_str());
    match first.and_then(|problem| problem.place.as_ref()) {
        Some((file, line, column)) => {
            writeln!(out, "importgate: could not judge. {}:{line}:{column}: {}", text(file), text(message))?;
        }
        None => writeln!(out, "importgate: could not judge. {}", text(message))?,
    }
    if let Some(rendered) = &fault.rendered {
        writeln!(out, "\n{}", lines(rendered))?;
    }
    match &fault.hint {
        Some(hint) => writeln!(out, "{}", text(hint)),
        None => Ok(()),
    }
}

impl Finding {
    /// Where its block says that it stands: the statement, or the name where that is on a later line.
    fn place_of_block(&self) -> crate::finding::Place {
        if self.place.line == self.statement.line { self.statement } else { self.place }
    }
}

fn same_block(left: &Finding, right: &Finding) -> bool {
    left.path == right.path
        && left.rule.id == right.rule.id
        && left.statement == right.statement
        && left.replacement == right.replacement
}

fn worst(block: &[&Finding]) -> Severity {
    block.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Warn)
}

/// What to do, in the words that fit on the first line.
fn summary(finding: &Finding) -> String {
    let import = text(finding.import.as_deref().unwrap_or_default()).into_owned();
    match (&finding.replacement, &finding.instead) {
        (Some(_), Some(instead)) => format!("import from {}", text(instead)),
        _ if !import.is_empty() => format!("{import} is not to be imported"),
        _ => finding.rule.advice.as_ref().or(finding.rule.reason.as_ref()).map_or_else(
            || format!("rule {} forbids this line", text(&finding.rule.id)),
            |advice| text(advice).into_owned(),
        ),
    }
}

fn why(finding: &Finding) -> Option<String> {
    let link = finding.rule.see.as_deref().map(text);
    let owner = finding.rule.owner.as_deref().map(|owner| format!("ask {}", text(owner)));
    let more: Vec<_> = link.into_iter().map(String::from).chain(owner).collect();
    let reason = finding.rule.reason.as_deref().map(|reason| text(reason).into_owned());
    let parts: Vec<_> = reason.into_iter().chain(Some(more.join(", ")).filter(|more| !more.is_empty())).collect();
    Some(parts.join(" ")).filter(|why| !why.is_empty())
}

/// The statement's first line and the lines of the names, cut around them.
fn statement_lines(block: &[&Finding]) -> Vec<String> {
    let Some(first) = block.first() else { return Vec::new() };
    let source = crate::text::Text::new(&first.text[..]);
    let from = first.text_place;
    let number_of = |finding: &Finding| 1 + finding.place.line.saturating_sub(from.line);
    let names: BTreeSet<usize> = block.iter().map(|finding| number_of(finding)).collect();
    let short = source.line_count() <= LINES;
    let mut shown = Vec::new();
    let mut last = 0;
    for number in 1..=source.line_count() {
        let is_name = names.contains(&number);
        if !(short || is_name || number == 1) || shown.len() >= 2 * LINES {
            continue;
        }
        if number > last + 1 {
            shown.push("    …".to_owned());
        }
        last = number;
        let focus = block.iter().find(|finding| number_of(finding) == number);
        let start = if number == 1 { from.column } else { 1 };
        let line = bytes(undented(source.line(number), from.column));
        let focus = focus.map_or(0, |finding| finding.place.column.saturating_sub(start));
        shown.push(cut(&line, focus, LONGEST).into_owned());
    }
    shown
}

/// A line of a statement without the indentation that the statement itself has.
fn undented(line: &[u8], column: usize) -> &[u8] {
    let indentation = line.iter().take(column - 1).take_while(|byte| byte.is_ascii_whitespace()).count();
    &line[indentation..]
}

fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
