//! Number of file reads: each blob is opened and scanned once per run while it is held, at most twice beyond that.

use importgate::finding::{Reads, Tally};
use importgate::git::Repository;
use importgate::policy::Date;
use importgate::report::Report;
use importgate::request::{Request, Source};

use crate::repo::{TestRepo, gated};

const BAD: &str = "from a.old import X\n";

fn judge(repo: &TestRepo, source: Source, tally: Tally) -> Report {
    let repository = Repository::open(repo.top()).unwrap();
    let request = Request { tally, ..Request::new(source, "2026-01-01".parse::<Date>().unwrap()) };
    importgate::judge(&repository, &request).unwrap()
}

/// Judges the index; returns the number of findings, and of file reads.
fn staged(repo: &TestRepo) -> (usize, Reads) {
    let report = judge(repo.stage(), Source::Staged, Tally::Nothing);
    (report.findings.len(), report.checked.reads)
}

fn reads(opened: usize, scanned: usize, compared: usize) -> Reads {
    Reads { opened, scanned, compared }
}

/// Returns lines of 32 bytes that import nothing.
fn filler(bytes: usize, name: &str) -> String {
    (0..bytes / 32).map(|line| format!("{name:8}_{line:012} = 1234567\n")).collect()
}

#[test]
fn a_finding_takes_each_blob_once() {
    let repo = gated();
    repo.write("x.py", "import os, old\n").write("y.py", "import sys, old\n").commit("base");
    repo.write("x.py", format!("import os, old\n{BAD}"));
    assert_eq!(staged(&repo), (1, reads(2, 2, 1)));
    // A clean file is not compared; its old side is read, as it may offset new imports.
    repo.write("y.py", "import os.path, old\n");
    assert_eq!(staged(&repo), (1, reads(4, 4, 1)));
}

#[test]
fn a_clean_commit_reads_no_old_side() {
    let repo = gated();
    repo.write("x.py", "import os\n").commit("base");
    repo.write("x.py", "import os, old\n");
    assert_eq!(staged(&repo), (0, reads(1, 1, 0)));
}

#[test]
fn reports_that_count_lines_compare_once() {
    let repo = gated();
    repo.write("x.py", "import os, old\n").commit("base");
    repo.write("x.py", format!("import os, old\n{BAD}")).stage();
    for tally in [Tally::Imports, Tally::ImportsAndLines] {
        let report = judge(&repo, Source::Staged, tally);
        assert_eq!((report.findings.len(), report.checked.reads), (1, reads(2, 2, 1)));
    }
}

#[test]
fn a_line_that_is_not_added_takes_no_more() {
    let repo = gated();
    repo.write("x.py", format!("\"\"\"\n{BAD}\"\"\"\n")).commit("base");
    repo.write("x.py", format!("\n{BAD}\n"));
    assert_eq!(staged(&repo), (1, reads(2, 2, 1)));
}

#[test]
fn a_moved_file_takes_each_blob_once() {
    let repo = gated();
    let code = format!("import os\n{}", filler(1000, "x"));
    repo.write("legacy/x.txt", format!("{code}{BAD}")).write("legacy/z.py", "import sys\n").commit("base");
    repo.remove("legacy/x.txt").remove("legacy/z.py");
    repo.write("new/x.py", format!("{code}{BAD}")).write("new/y.py", format!("{code}{BAD}{BAD}"));
    // Two new and two deleted files: each new one is compared with its old sides, of which it has none, and with the deleted
    // file that it was.
    assert_eq!(staged(&repo), (3, reads(4, 3, 4)));
}

#[test]
fn new_files_times_deleted_ones_are_not_all_compared() {
    let repo = gated();
    for number in 0..64 {
        repo.write(&format!("gone/x{number}.py"), format!("x{number} = 1\n"));
    }
    repo.commit("base");
    let new = 300;
    for number in 0..64 {
        repo.remove(&format!("gone/x{number}.py"));
    }
    for number in 0..new {
        repo.write(&format!("new/y{number}.py"), BAD);
    }
    let (findings, reads) = staged(&repo);
    // As many as 64 MiB have of 4 KiB, and of each new file with its old sides, of which it has none.
    assert!(findings == new && reads.compared > new && reads.compared <= new + (1 << 14), "{reads:?}");
}

#[test]
fn a_merge_takes_each_blob_once() {
    let repo = gated();
    let lines = filler(1000, "x");
    repo.write("x.py", &lines).write("y.py", "import os\n").commit("base");
    repo.git(&["branch", "side"]);
    repo.write("x.py", format!("import os\n{lines}")).commit("ours");
    repo.git(&["checkout", "-q", "side"]);
    repo.write("x.py", format!("{lines}import sys\n")).write("y.py", "import a\n").commit("theirs");
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["merge", "-q", "--no-commit", "--no-ff", "side"]);
    repo.write("x.py", format!("import os\n{BAD}{lines}import sys\n"));
    // x.py: new, ours and theirs; y.py: theirs, which is the new one, and ours.
    assert_eq!(staged(&repo), (1, reads(5, 5, 1)));
}

#[test]
fn a_range_with_attribution_takes_each_blob_once() {
    let repo = gated();
    repo.write("x.py", "import os\n").write("y.py", "import sys\n").commit("base");
    repo.git(&["branch", "base"]);
    let first = repo.write("x.py", format!("import os\n{BAD}")).write("y.py", "import sys, os\n").commit("first");
    repo.write("x.py", format!("import os\n\n{BAD}")).commit("shifts it");
    let third = repo.write("z.py", BAD).commit("third");
    let report = judge(&repo, Source::Range("base".into(), "main".into()), Tally::Nothing);
    let commits: Vec<_> = report.findings.iter().filter_map(|finding| finding.commit.clone()).map(|by| by.id).collect();
    assert_eq!(commits, [first, third]);
    // Three versions of x.py, two of y.py, one of z.py.
    assert_eq!((report.checked.reads.opened, report.checked.reads.scanned), (6, 6));
}

#[test]
fn files_that_do_not_fit_are_read_twice_at_most() {
    let repo = gated();
    let names: Vec<String> = (10..30).map(|number| format!("x{number}")).collect();
    for name in &names {
        repo.write(&format!("{name}.py"), format!("import old\n{}", filler(1 << 20, name)));
    }
    repo.commit("base");
    for name in &names {
        repo.write(&format!("{name}.py"), format!("import old\n{}{BAD}", filler(1 << 20, name)));
    }
    // With the starts of their lines, 14 of 20 new sides fit into 16 MiB. The others are compared with their old sides at
    // once, and read again to write their findings.
    let (held, not_held) = (14, 6);
    assert_eq!(staged(&repo), (held + not_held, reads(2 * held + 4 * not_held, 2 * held + 3 * not_held, 20)));
}

#[test]
fn one_policy_that_is_named_takes_no_more() {
    let repo = gated();
    repo.write("x.py", "import os, old\n").commit("base");
    repo.write("x.py", format!("import os, old\n{BAD}"));
    assert_eq!(staged(&repo), (1, reads(2, 2, 1)));
    repo.git(&["config", "importgate.policy", "policy.toml"]);
    assert_eq!(staged(&repo), (1, reads(2, 2, 1)));
    repo.git(&["config", "--add", "importgate.policy", "policy.toml"]);
    assert_eq!(staged(&repo), (1, reads(2, 2, 1)));
    // Another one takes as much again.
    repo.git(&["config", "--add", "importgate.policy", "HEAD:policy.toml"]);
    assert_eq!(staged(&repo), (2, reads(4, 4, 2)));
}
