//! Grouping and wording shared by the reports for people.

use std::collections::{BTreeSet, HashMap, HashSet};

use unicode_width::UnicodeWidthStr;

use super::Report;
use super::blocks::{Block, Counts, Total, worst};
use super::escape::{bytes, cut, text};
use crate::finding::Finding;
use crate::kind::Kind;
use crate::listing;
use crate::policy::Severity;

/// Maximum number of blocks shown; the rest are counted.
pub(super) const MAX_SHOWN_BLOCKS: usize = 50;
/// Maximum length of a line of code: a minified line must not fill the screen.
const MAX_LINE_CHARS: usize = 240;
/// Maximum number of lines of a statement that are shown in full.
const MAX_STATEMENT_LINES: usize = 6;
/// Number of hex digits of a commit id that are shown.
const ID_DIGITS: usize = 12;
/// Maximum length of a command that is not broken; longer ones are text of which nobody knows what it is.
const MAX_COMMAND_BYTES: usize = 60;
/// Maximum number of names of a group that are listed; the rest are counted.
const MAX_SHOWN_NAMES: usize = 10;
/// Maximum number of replacements of one statement that are shown.
const MAX_SHOWN_PARTS: usize = 10;

/// Returns the counts: `3 blocked, 1 warning in 2 of 5 changed files`. Blocks are counted, not names.
pub(super) fn counts(report: &Report, blocks: &[Block<'_>], files_word: &str) -> String {
    let blocked = blocks.iter().filter(|block| worst(block) == Severity::Block).count();
    let skipped_hard = report.skipped.iter().filter(|file| file.severity == Severity::Block).count();
    let skipped_soft = report.skipped.iter().filter(|file| file.severity == Severity::Warn).count();
    let rest_of =
        |severity| report.unlisted.iter().filter(move |rest| rest.severity == severity).map(|rest| rest.count);
    let warned = blocks.len() - blocked + skipped_soft + rest_of(Severity::Warn).sum::<usize>();
    let blocked = blocked + skipped_hard + rest_of(Severity::Block).sum::<usize>();
    let counts = match (blocked, warned) {
        (0, warned) => plural(warned, "warning"),
        (blocked, 0) => format!("{blocked} blocked"),
        (blocked, warned) => format!("{blocked} blocked, {}", plural(warned, "warning")),
    };
    let paths = blocks.iter().flatten().map(|finding| &*finding.path);
    let skipped = report.skipped.iter().filter(|file| file.severity >= Severity::Warn).map(|file| &*file.path);
    let touched: BTreeSet<_> = paths.chain(skipped).collect();
    let or_more = if report.unlisted.is_empty() { "" } else { " or more" };
    format!("{counts} in {}{or_more} of {}", touched.len(), plural(report.checked.files, files_word))
}

/// Returns the numbers of a rule: `3 blocked, 1 tracked in 2 files`.
pub(super) fn total(total: &Total) -> String {
    let Counts { blocked, warned, tracked } = total.counts;
    let warned = (warned.blocks > 0).then(|| plural(warned.blocks, "warning"));
    let blocked = (blocked.blocks > 0).then(|| format!("{} blocked", blocked.blocks));
    let tracked = (tracked.blocks > 0).then(|| format!("{} tracked", tracked.blocks));
    let numbers: Vec<_> = [blocked, warned, tracked].into_iter().flatten().collect();
    format!("{} in {}", numbers.join(", "), plural(total.files, "file"))
}

/// Returns labels with their texts for the lines beneath a block: its names, each with what is said of it, and then what
/// is said of all of them.
pub(super) fn fields(block: &[&Finding]) -> Vec<(&'static str, String)> {
    let mut groups: Vec<(Vec<String>, Vec<Field>)> = Vec::new();
    let mut places: HashMap<Vec<Field>, usize> = HashMap::new();
    for finding in block {
        let own = own_fields(finding);
        let place = *places.entry(own.clone()).or_insert(groups.len());
        if place == groups.len() {
            groups.push((Vec::new(), own));
        }
        let name =
            finding.import.as_deref().filter(|_| finding.kind != Kind::Module).map(|name| text(name).into_owned());
        if let Some((names, _)) = groups.get_mut(place) {
            names.extend(name.filter(|name| names.last() != Some(name)));
        }
    }
    let names: HashSet<&String> = groups.iter().flat_map(|(names, _)| names).collect();
    // One name that is replaced stands in the statement and in its replacement.
    let is_named = names.len() > 1 || block.iter().all(|finding| finding.replacement.is_none());
    let of_all = |field: &Field| groups.iter().all(|(_, own)| own.contains(field));
    let mut fields = Vec::new();
    for (names, own) in &groups {
        if is_named && !names.is_empty() {
            fields.push(("name", listing::names(names, MAX_SHOWN_NAMES)));
        }
        fields.extend(own.iter().filter(|field| !of_all(field)).cloned());
    }
    fields.extend(groups.first().into_iter().flat_map(|(_, own)| own.iter().filter(|field| of_all(field)).cloned()));
    fields.extend(brought(block).map(|commits| ("from", commits)));
    fields
}

/// A label and its text.
type Field = (&'static str, String);

/// Returns what is said of one name.
fn own_fields(finding: &Finding) -> Vec<Field> {
    let mut fields = Vec::new();
    if let (None, Some(instead)) = (&finding.replacement, &finding.instead) {
        fields.push(("use", text(instead).into_owned()));
    }
    fields.extend(why(finding).map(|why| ("why", why)));
    fields.extend(finding.notes.iter().map(|note| ("note", text(note).into_owned())));
    fields.extend(finding.block_from.map(|day| ("when", format!("blocks from {day}"))));
    fields
}

/// Returns the distinct statements to write instead, as lines. They are several where a statement is rewritten in parts.
pub(super) fn replacement_lines(block: &[&Finding]) -> Vec<String> {
    let mut seen = HashSet::new();
    let distinct = block.iter().filter_map(|finding| finding.replacement.as_deref()).filter(|own| seen.insert(*own));
    let mut lines: Vec<String> =
        distinct.take(MAX_SHOWN_PARTS).flat_map(str::lines).map(|line| text(line).into_owned()).collect();
    if seen.len() > MAX_SHOWN_PARTS {
        lines.push("…".to_owned());
    }
    lines
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

/// Returns the kinds that a block's severity comes from, unless that is the usual one alone, and `more` in parentheses.
pub(super) fn remark(block: &[&Finding], more: Option<&str>) -> String {
    let severity = worst(block);
    let told = block.iter().filter(|finding| finding.severity == severity).map(|finding| finding.kind);
    let kinds: BTreeSet<&str> = told.clone().map(Kind::name).collect();
    let is_usual = told.clone().all(|kind| matches!(kind, Kind::Import | Kind::Line));
    let words: Vec<_> = kinds.into_iter().filter(|_| !is_usual).chain(more).collect();
    if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
}

/// Cuts text at spaces, but not within a short `command`, which is there to be pasted.
fn pieces(value: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = value;
    loop {
        let close = rest.strip_prefix('`').and_then(|inside| Some(2 + inside.find('`')?));
        let whole = close.filter(|&close| close <= MAX_COMMAND_BYTES).unwrap_or_default();
        let Some(space) = rest.get(whole..).and_then(|after| after.find(' ')) else { break };
        pieces.push(rest.get(..whole + space).unwrap_or_default());
        rest = rest.get(whole + space + 1..).unwrap_or_default();
    }
    pieces.push(rest);
    pieces
}

/// Wraps text into lines that begin at column `indent` and end by column `width`.
pub(super) fn wrapped(value: &str, indent: usize, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut column = indent;
    for (index, piece) in pieces(value).into_iter().enumerate() {
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

/// Returns the finding of a block that the headline tells: one that says what to write.
pub(super) fn chief<'f>(block: &[&'f Finding]) -> Option<&'f Finding> {
    block.iter().find(|finding| finding.instead.is_some()).or(block.first()).copied()
}

/// Returns the advice for the headline.
pub(super) fn summary(finding: &Finding) -> String {
    let import = text(finding.import.as_deref().unwrap_or_default()).into_owned();
    match &finding.instead {
        Some(instead) => format!("use {}", text(instead)),
        _ if !import.is_empty() => match &finding.rule.advice {
            Some(advice) => format!("{import} must not be imported: {}", text(advice)),
            None => format!("{import} must not be imported"),
        },
        _ => finding.rule.advice.as_ref().or(finding.rule.reason.as_ref()).map_or_else(
            || format!("rule {} forbids this line", text(finding.rule.name.told())),
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
