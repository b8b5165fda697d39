//! Tests of the report for a server's hook, line by line.

use std::sync::Arc;

use super::*;
use crate::finding::{About, Brought, Checked, Impact, Place};
use crate::kind::Kind;
use crate::policy::RuleName;
use crate::report::Problem;

fn finding(path: &[u8], line: usize, severity: Severity) -> Finding {
    let place = Place { line, column: 1 };
    Finding {
        rule: Arc::new(About {
            name: RuleName::new(None, "old-path"),
            reason: Some("One path.".into()),
            see: None,
            owner: Some("@core".into()),
            advice: None,
        }),
        severity,
        kind: Kind::Import,
        impact: Impact::Production,
        path: path.into(),
        place,
        statement: place,
        end: place,
        text: b"from a.old import X"[..].into(),
        text_place: place,
        import: Some("a.old.X".into()),
        entry: None,
        name: Some("X".into()),
        local: false,
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
    hostile.notes = vec!["a note with \u{202e} and \u{7}".into(), Arc::from("word ".repeat(60))];
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
    assert_eq!(text.matches("[old-path]").count(), MAX_SHOWN_BLOCKS);
    assert!(
        text.ends_with("\n... and 951 more\nerror: 1 blocked, 1000 warnings in 2 of 3 changed files. Push rejected.\n"),
        "{text}"
    );
    let skipped = Skipped { path: b"big.py".to_vec(), why: "over 8 MiB".into(), severity: Severity::Block };
    let report = Report { verdict: Verdict::Block, skipped: vec![skipped], ..Report::default() };
    assert!(written(&Wire::default(), &report).starts_with("error: big.py: over 8 MiB\nerror: 1 blocked in 1 of"));
}

#[test]
fn a_fault_says_what_comes_of_it() {
    let problem = Problem { message: "bad \x1b".into(), place: Some(("main:policy.toml".into(), 2, 1)), hint: None };
    let fault = Fault {
        problems: vec![problem],
        rendered: Some("error: bad\n\n  | x".into()),
        hint: Some("mend it".into()),
        ..Fault::default()
    };
    let mut out = Vec::new();
    Wire::default().fault(&fault, true, &mut out).unwrap();
    let expected = "error: could not judge: main:policy.toml:2:1: bad \\x1b\n  error: bad\n    | x\n  mend it\nerror: Push rejected. If you cannot mend it, ask the server's admin.\n";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
    let mut out = Vec::new();
    let wire = Wire { gitlab_web: true, ..Wire::default() };
    wire.fault(&fault, false, &mut out).unwrap();
    wire.warning("the log\n", &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.starts_with("GL-HOOK-ERR: warning: could not judge") && !text.contains("rejected"), "{text}");
    assert!(text.ends_with("GL-HOOK-ERR: warning: the log\\n\n"), "{text}");
}
