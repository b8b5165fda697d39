//! Grouping and wording shared by the reports for people.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use super::Report;
use super::escape::{bytes, cut, text};
use crate::finding::Finding;
use crate::kind::Kind;
use crate::policy::Severity;

/// Maximum number of blocks shown; the rest are counted.
pub(super) const MAX_SHOWN_BLOCKS: usize = 50;
/// Maximum length of a line of code: a minified line must not fill the screen.
const MAX_LINE_CHARS: usize = 240;
/// Maximum number of lines of a statement that are shown in full.
const MAX_STATEMENT_LINES: usize = 6;
/// Number of hex digits of a commit id that are shown.
const ID_DIGITS: usize = 12;

/// Groups findings into blocks, one for each statement and rule. Blocking ones come first, because the headline names
/// the first and the limit must not hide them.
pub(super) fn blocks<'f>(told: &'f [&'f Finding]) -> Vec<&'f [&'f Finding]> {
    let mut blocks: Vec<_> = told.chunk_by(|left, right| same_block(left, right)).collect();
    blocks.sort_by_key(|block| std::cmp::Reverse(worst(block)));
    blocks
}

/// Returns the findings that people see: warnings and blocks.
pub(super) fn told(report: &Report) -> Vec<&Finding> {
    report.findings.iter().filter(|finding| finding.severity >= Severity::Warn).collect()
}

/// Returns the counts: `3 blocked, 1 warning in 2 of 5 changed files`.
pub(super) fn counts(report: &Report, told: &[&Finding], files_word: &str) -> String {
    let blocked = told.iter().filter(|finding| finding.severity == Severity::Block).count();
    let skipped_hard = report.skipped.iter().filter(|file| file.severity == Severity::Block).count();
    let skipped_soft = report.skipped.iter().filter(|file| file.severity == Severity::Warn).count();
    let rest_of =
        |severity| report.unlisted.iter().filter(move |rest| rest.severity == severity).map(|rest| rest.count);
    let warned = told.len() - blocked + skipped_soft + rest_of(Severity::Warn).sum::<usize>();
    let blocked = blocked + skipped_hard + rest_of(Severity::Block).sum::<usize>();
    let counts = match (blocked, warned) {
        (0, warned) => plural(warned, "warning"),
        (blocked, 0) => format!("{blocked} blocked"),
        (blocked, warned) => format!("{blocked} blocked, {}", plural(warned, "warning")),
    };
    let paths = told.iter().map(|finding| &*finding.path);
    let skipped = report.skipped.iter().filter(|file| file.severity >= Severity::Warn).map(|file| &*file.path);
    let touched: BTreeSet<_> = paths.chain(skipped).collect();
    let or_more = if report.unlisted.is_empty() { "" } else { " or more" };
    format!("{counts} in {}{or_more} of {}", touched.len(), plural(report.checked.files, files_word))
}

/// Returns labels with their texts for the lines beneath a block.
pub(super) fn fields(block: &[&Finding]) -> Vec<(&'static str, String)> {
    let Some(finding) = block.first() else { return Vec::new() };
    let mut fields: Vec<_> = why(finding).map(|why| ("why", why)).into_iter().collect();
    fields.extend(finding.notes.iter().map(|note| ("note", text(note).into_owned())));
    fields.extend(finding.block_from.map(|day| ("when", format!("blocks from {day}"))));
    fields.extend(brought(block).map(|commits| ("from", commits)));
    fields
}

/// Returns the commits that introduced the findings, with author dates in UTC.
fn brought(block: &[&Finding]) -> Option<String> {
    let mut commits: Vec<String> = Vec::new();
    for brought in block.iter().filter_map(|finding| finding.commit.as_ref()) {
        let id: String = brought.id.chars().take(ID_DIGITS).collect();
        let day = brought.day().map(|day| format!(" of {day}"));
        let commit = format!("commit {}{}", text(&id), day.unwrap_or_default());
        if !commits.contains(&commit) {
            commits.push(commit);
        }
    }
    Some(commits.join(", ")).filter(|commits| !commits.is_empty())
}

/// Returns the kind, unless it is the usual one, and `more` in parentheses.
pub(super) fn remark(kind: Kind, more: Option<&str>) -> String {
    let kind = (!matches!(kind, Kind::Import | Kind::Line)).then(|| kind.name());
    let words: Vec<_> = kind.into_iter().chain(more).collect();
    if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
}

/// Wraps text into lines that begin at column `indent` and end by column `width`.
pub(super) fn wrapped(value: &str, indent: usize, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut column = indent;
    for (index, piece) in value.split(' ').enumerate() {
        let own = piece.width();
        let line = lines.last_mut();
        match line {
            Some(line) if index == 0 || column + 1 + own <= width => {
                if index > 0 {
                    line.push(' ');
                    column += 1;
                }
                line.push_str(piece);
                column += own;
            }
            _ => {
                lines.push(piece.to_owned());
                column = indent + own;
            }
        }
    }
    lines
}

impl Finding {
    /// Returns the position shown for its block: the statement, or the name if that is on a later line.
    pub(super) fn place_of_block(&self) -> crate::finding::Place {
        if self.place.line == self.statement.line { self.statement } else { self.place }
    }
}

pub(super) fn same_block(left: &Finding, right: &Finding) -> bool {
    // A finding for the file as a module must not merge with one for the statement on its first line.
    let is_module = |finding: &Finding| finding.kind == Kind::Module;
    left.path == right.path
        && is_module(left) == is_module(right)
        && left.rule.id == right.rule.id
        && left.statement == right.statement
        && left.replacement == right.replacement
}

pub(super) fn worst(block: &[&Finding]) -> Severity {
    block.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Warn)
}

/// Returns the advice for the headline.
pub(super) fn summary(finding: &Finding) -> String {
    let import = text(finding.import.as_deref().unwrap_or_default()).into_owned();
    match (&finding.replacement, &finding.instead) {
        (Some(_), Some(instead)) => format!("use {}", text(instead)),
        _ if !import.is_empty() => format!("{import} must not be imported"),
        _ => finding.rule.advice.as_ref().or(finding.rule.reason.as_ref()).map_or_else(
            || format!("rule {} forbids this line", text(&finding.rule.id)),
            |advice| text(advice).into_owned(),
        ),
    }
}

pub(super) fn why(finding: &Finding) -> Option<String> {
    let link = finding.rule.see.as_deref().map(text);
    let owner = finding.rule.owner.as_deref().map(|owner| format!("ask {}", text(owner)));
    let more: Vec<_> = link.into_iter().map(String::from).chain(owner).collect();
    let reason = finding.rule.reason.as_deref().map(|reason| text(reason).into_owned());
    let parts: Vec<_> = reason.into_iter().chain(Some(more.join(", ")).filter(|more| !more.is_empty())).collect();
    Some(parts.join(" ")).filter(|why| !why.is_empty())
}

/// Returns the statement's first line and the lines of the names, cut around the names.
pub(super) fn statement_lines(block: &[&Finding]) -> Vec<String> {
    let Some(first) = block.first() else { return Vec::new() };
    let source = crate::text::Text::new(&first.text[..]);
    let from = first.text_place;
    let number_of = |finding: &Finding| 1 + finding.place.line.saturating_sub(from.line);
    let names: BTreeSet<usize> = block.iter().map(|finding| number_of(finding)).collect();
    let short = source.line_count() <= MAX_STATEMENT_LINES;
    let mut shown = Vec::new();
    let mut last = 0;
    for number in 1..=source.line_count() {
        let is_name = names.contains(&number);
        if !(short || is_name || number == 1) || shown.len() >= 2 * MAX_STATEMENT_LINES {
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
        shown.push(cut(&line, focus, MAX_LINE_CHARS).into_owned());
    }
    shown
}

/// Strips the statement's own indentation from one of its lines.
fn undented(line: &[u8], column: usize) -> &[u8] {
    let indentation = line.iter().take(column - 1).take_while(|byte| byte.is_ascii_whitespace()).count();
    &line[indentation..]
}

pub(super) fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
