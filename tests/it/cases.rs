//! Cases as data: files before, files after, every finding expected. See the files under `tests/cases`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::repo::TestRepo;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    pub policy: String,
    pub case: Vec<Case>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    policy: Option<String>,
    pub as_of: Option<String>,
    #[serde(default)]
    before: BTreeMap<String, Content>,
    after: BTreeMap<String, Content>,
    expect: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Gone(bool),
}

/// A finding as the cases write it.
fn line(finding: &Value) -> String {
    let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
    let (path, severity, kind, import) = (text("path"), text("severity"), text("kind"), text("import"));
    let mut line = format!("{path}:{}:{} {severity} {kind} {import}", finding["line"], finding["column"]);
    for replacement in finding["replacement"].as_str().unwrap_or_default().lines() {
        line += &format!("\n+ {replacement}");
    }
    if let Some(note) = finding["note"].as_str() {
        line += &format!("\n! {note}");
    }
    line
}

impl Case {
    /// Stages the policy and the files before.
    pub fn put_before(&self, cases: &Cases, repo: &TestRepo) {
        repo.write("policy.toml", self.policy.as_ref().unwrap_or(&cases.policy));
        put(&self.before, repo);
    }

    /// The same with sources so long that hooks look for words first; `None` if it has none that allow it.
    pub fn longer(&self) -> Option<Self> {
        let mut case = self.clone();
        let mut count = 0;
        for (path, content) in case.before.iter_mut().chain(&mut case.after) {
            if let Content::Text(text) = content
                && (path.ends_with(".py") || path.ends_with(".pyi"))
            {
                *text += &"# =\n".repeat(1500);
                count += 1;
            }
        }
        (count > 0).then_some(case)
    }

    /// Stages the files after.
    pub fn put_after(&self, repo: &TestRepo) {
        put(&self.after, repo);
    }
}

fn put(files: &BTreeMap<String, Content>, repo: &TestRepo) {
    for (path, content) in files {
        match content {
            Content::Text(text) => repo.write(path, text),
            Content::Gone(exists) => {
                assert!(!exists, "{path}: a file's text, or false");
                repo.remove(path)
            }
        };
    }
    repo.git(&["add", "--all"]);
}

/// Every file of cases that say what is found.
pub fn all() -> Vec<(PathBuf, Cases)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let source = std::fs::read_to_string(&path).unwrap();
        if !source.contains("[[case]]") || !source.contains("expect = ") {
            continue;
        }
        let cases = toml::from_str(&source).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        found.push((path, cases));
    }
    found
}

fn outcome(cases: &Cases, case: &Case) -> Vec<String> {
    let repo = TestRepo::new();
    case.put_before(cases, &repo);
    repo.git(&["commit", "--quiet", "--no-verify", "--message", "before"]);
    case.put_after(&repo);
    let mut arguments = vec!["check", "--format", "json"];
    arguments.extend(case.as_of.iter().flat_map(|day| ["--as-of", day.as_str()]));
    let run = repo.importgate(&arguments);
    let report: Value = serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    report["findings"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn every_case_gives_the_findings_that_it_expects() {
    let (mut count, mut wrong) = (0, String::new());
    for (path, cases) in all() {
        for case in &cases.case {
            count += 1;
            let got = outcome(&cases, case);
            if got != case.expect {
                wrong +=
                    &format!("\n{} · {}\n  expected {:#?}\n  got {got:#?}\n", path.display(), case.name, case.expect);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 50, "only {count} cases were found");
}
