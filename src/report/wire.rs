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
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::finding::{About, Brought, Checked, Place};
    use crate::kind::Kind;
    use crate::report::Problem;

    fn finding(path: &[u8], line: usize, severity: Severity) -> Finding {
        let place = Place { line, column: 1 };
        Finding {
            rule: Rc::new(About {
                id: "old-path".into(),
                reason: Some("One path.".into()),
                see: None,
                owner: Some("@core".into()),
                advice: None,
            }),
            severity,
            kind: Kind::Import,
            path: path.into(),
            place,
            statement: place,
            end_line: line,
            text: b"from a.old import X"[..].into(),
            text_place: place,
            import: Some("a.old.X".into()),
            instead: Some("a.new".into()),
            replacement: Some("from a.new import X".into()),
            notes: Vec::new(),
            block_from: None,
            commit: Some(Brought { id: "0123456789abcdef0123456789abcdef01234567".into(), date: 1_800_000_000 }),
        }
    }

    fn report(findings: Vec<Finding>) -> Report {
        let checked = Checked { files: 3, ..Checked::default() };
        Report { verdict: Verdict::of(&findings, &[], &[]), checked, findings, ..Report::default() }
    }

    fn written(wire: &Wire<'_>, report: &Report) -> String {
        let mut out = Vec::new();
        wire.write(report, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_finding_is_told_with_what_to_write_and_where_it_comes_from() {
        let refs = |_: &[&Finding]| vec![b"refs/heads/main".to_vec(), b"refs/heads/\x1b[31m".to_vec()];
        let wire = Wire { refs: &refs, ..Wire::default() };
        let expected = "\
error: [old-path] app/x.py:7:1
  - from a.old import X
  + from a.new import X
  why  One path. ask @core
  from commit 0123456789ab of 2027-01-15
  ref  refs/heads/\\x1b[31m, refs/heads/main
error: 1 blocked in 1 of 3 changed files. Push rejected.
";
        assert_eq!(written(&wire, &report(vec![finding(b"app/x.py", 7, Severity::Block)])), expected);
    }

    #[test]
    fn what_only_warns_or_is_only_reported_is_a_warning() {
        let warned = written(&Wire::default(), &report(vec![finding(b"x.py", 1, Severity::Warn)]));
        assert!(warned.starts_with("warning: [old-path] x.py:1:1\n"), "{warned}");
        assert!(warned.ends_with("\nwarning: 1 warning in 1 of 3 changed files.\n"), "{warned}");
        let wire = Wire { enforce_note: Some("Only reported: nothing is rejected here yet."), ..Wire::default() };
        let reported = written(&wire, &report(vec![finding(b"x.py", 1, Severity::Block)]));
        let end = "warning: 1 blocked in 1 of 3 changed files. Only reported: nothing is rejected here yet.\n";
        assert!(reported.ends_with(end) && !reported.contains("error:"), "{reported}");
        assert_eq!(written(&Wire::default(), &report(vec![finding(b"x.py", 1, Severity::Track)])), "");
    }

    #[test]
    fn lines_stay_plain_whatever_is_pushed() {
        let mut hostile = finding(b"a\x1b]0;x\x07\r\n\xff/\xe2\x80\xae.py", 1, Severity::Block);
        hostile.text = b"from a.old import X # \x1b[2J\r".as_slice().into();
        hostile.replacement = Some("from a.new import X\u{9b}2J".into());
        hostile.notes = vec!["a note with \u{202e} and \u{7}".into(), Rc::from("word ".repeat(60))];
        let refs = |_: &[&Finding]| vec![b"refs/heads/\n\r".to_vec(); 2000];
        for gitlab_web in [false, true] {
            let text = written(&Wire { gitlab_web, refs: &refs, ..Wire::default() }, &report(vec![hostile.clone()]));
            let lines: Vec<_> = text.lines().collect();
            assert!(text.chars().all(|character| character == '\n' || !character.is_control()), "{text:?}");
            assert!(!text.contains('\u{202e}') && text.contains("\\u{202e}"), "{text}");
            assert_eq!(lines.iter().all(|line| line.starts_with("GL-HOOK-ERR: ")), gitlab_web, "{text}");
            assert!(lines.iter().all(|line| line.chars().count() <= 105), "{text}");
        }
    }

    #[test]
    fn much_is_cut_with_the_total() {
        let mut many: Vec<_> = (1..=1000).map(|line| finding(b"x.py", line, Severity::Warn)).collect();
        many.push(finding(b"y.py", 1, Severity::Block));
        let text = written(&Wire::default(), &report(many));
        assert!(text.starts_with("error: [old-path] y.py:1:1\n"), "{text}");
        assert_eq!(text.matches("[old-path]").count(), SHOWN);
        assert!(
            text.ends_with(
                "\n... and 951 more\nerror: 1 blocked, 1000 warnings in 2 of 3 changed files. Push rejected.\n"
            ),
            "{text}"
        );
        let skipped = Skipped { path: b"big.py".to_vec(), why: "over 8 MiB".into(), severity: Severity::Block };
        let report = Report { verdict: Verdict::Block, skipped: vec![skipped], ..Report::default() };
        assert!(written(&Wire::default(), &report).starts_with("error: big.py: over 8 MiB\nerror: 1 blocked in 1 of"));
    }

    #[test]
    fn a_fault_says_what_comes_of_it() {
        let problem =
            Problem { message: "bad \x1b".into(), place: Some(("main:policy.toml".into(), 2, 1)), hint: None };
        let fault = Fault {
            problems: vec![problem],
            rendered: Some("error: bad\n\n  | x".into()),
            hint: Some("mend it".into()),
        };
        let mut out = Vec::new();
        Wire::default().fault(&fault, true, &mut out).unwrap();
        let expected = "error: could not judge: main:policy.toml:2:1: bad \\x1b\n  error: bad\n    | x\n  mend it\nerror: Push rejected.\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
        let mut out = Vec::new();
        let wire = Wire { gitlab_web: true, ..Wire::default() };
        wire.fault(&fault, false, &mut out).unwrap();
        wire.warning("the log\n", &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("GL-HOOK-ERR: warning: could not judge") && !text.contains("rejected"), "{text}");
        assert!(text.ends_with("GL-HOOK-ERR: warning: the log\\n\n"), "{text}");
    }
}
