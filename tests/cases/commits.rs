//! Cases of one commit: findings when it is staged, and the same findings from a range, a hook and a server.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::case_file::{Case, Section};
use crate::repo::TestRepo;
use crate::site::{Push, Site};

/// A file with this ending may be made so long that hooks look for words first.
const GROWS: [&str; 2] = [".py", ".pyi"];

/// What is found in the staged commit, as the case writes it, and how another view differs from it if one does: the
/// case as it is, and with files so long that hooks look for words first.
pub fn found(case: &Case) -> (String, Result<(), String>) {
    let (found, views) = judged(case);
    let longer = longer(case).map_or(Ok(()), |longer| judged(&longer).1);
    let views = views.and(longer.map_err(|how| format!("with long files: {how}")));
    (found.iter().map(written).collect(), views.and_then(|()| found.iter().try_for_each(|finding| fits(case, finding))))
}

/// Whether the brackets of a replacement close, and those of what it stands for do, so that a file with it parses if it
/// did before: a file whose own brackets do not close did not. A replacement that leaves arguments to what follows says
/// so.
fn fits(case: &Case, finding: &Value) -> Result<(), String> {
    let Some(replacement) = finding["replacement"].as_str() else { return Ok(()) };
    closes(replacement).map_err(|sign| format!("`{sign}` is alone in {replacement:?}"))?;
    let stays = finding["note"].as_str().is_some_and(|note| note.contains("arguments stay"));
    let is_it = |file: &&Section| finding["path"] == file.argument.as_str();
    let text = case.all("after").chain(case.all("before")).find(is_it).unwrap().text();
    // Lines of a notebook are those of its code.
    if stays || closes(&text).is_err() || finding["path"].as_str().unwrap().ends_with(".ipynb") {
        return Ok(());
    }
    let number = |key: &str| usize::try_from(finding["statement"][key].as_u64().unwrap()).unwrap();
    let lines: Vec<&str> = text.split('\n').collect();
    let (first, last) = (number("line") - 1, number("end_line") - 1);
    let mut replaced: Vec<Vec<char>> = lines[first..=last].iter().map(|line| line.chars().collect()).collect();
    replaced.last_mut().unwrap().truncate(number("end_column") - 1);
    replaced[0].drain(..number("column") - 1);
    let replaced = replaced.iter().map(String::from_iter).collect::<Vec<_>>().join("\n");
    closes(&replaced).map_err(|sign| format!("`{sign}` is alone in {replaced:?}, which {replacement:?} stands for"))
}

/// Whether brackets close one another, or the first that does not.
pub fn closes(text: &str) -> Result<(), char> {
    let mut open = Vec::new();
    for sign in text.chars() {
        match sign {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' if open.pop() != Some(sign) => return Err(sign),
            _ => {}
        }
    }
    open.pop().map_or(Ok(()), Err)
}

/// A clone where the policy and the files before are committed, and a server that has this commit.
fn before(case: &Case) -> Site {
    // No sample hooks to be copied, a thousand times over.
    let client = TestRepo::with(&["--template="]);
    client.write("policy.toml", case.one("policy").expect("a policy").text());
    put(case, "before", &client);
    client.git(&["commit", "--quiet", "--no-verify", "--message", "before"]);
    client.git(&["clone", "--quiet", "--bare", "--template=", ".", "../server.git"]);
    client.git(&["remote", "add", "origin", "../server.git"]);
    let server = client.beside("server.git");
    let site = Site { client, server };
    site.install();
    site
}

/// Stages the files before, or after.
fn put(case: &Case, when: &str, repo: &TestRepo) {
    for file in case.all(when) {
        repo.write(&file.argument, file.text());
    }
    for file in case.all("gone").filter(|_| when == "after") {
        repo.remove(&file.argument);
    }
    repo.git(&["add", "--all"]);
}

/// The case with Python files so long that hooks look for words first; `None` if it has none.
fn longer(case: &Case) -> Option<Case> {
    let grows = |path: &str| GROWS.iter().any(|ending| path.ends_with(ending));
    let files = || case.all("before").chain(case.all("after"));
    files().any(|file| grows(&file.argument)).then(|| {
        case.map_texts(|file| {
            let is_file = matches!(file.keyword.as_str(), "before" | "after");
            (is_file && grows(&file.argument)).then(|| file.text() + &"# =\n".repeat(1500))
        })
    })
}

/// What `check` finds, but for the commit.
fn findings(repo: &TestRepo, arguments: &[&str], case: &Case) -> Vec<Value> {
    let mut arguments = [&["check", "--format", "json"], arguments].concat();
    arguments.extend(case.all("as-of").flat_map(|day| ["--as-of", day.argument.as_str()]));
    let run = repo.importgate(&arguments);
    let report: Value = serde_json::from_slice(&run.stdout).expect("a report");
    let mut findings = report["findings"].as_array().unwrap().clone();
    for finding in &mut findings {
        finding.as_object_mut().unwrap().retain(|key, _| !key.starts_with("commit"));
    }
    findings
}

/// A finding as a case writes it: a line of its own, then what to write instead, then notes.
fn written(finding: &Value) -> String {
    let text = |key: &str| finding[key].as_str().unwrap_or("-");
    let (path, severity, kind, import) = (text("path"), text("severity"), text("kind"), text("import"));
    let mut lines = format!("{path}:{}:{} {severity} {kind} {import}\n", finding["line"], finding["column"]);
    for replacement in finding["replacement"].as_str().unwrap_or_default().lines() {
        lines += &format!("+ {replacement}\n");
    }
    if let Some(note) = finding["note"].as_str() {
        lines += &format!("! {note}\n");
    }
    lines
}

/// Severity, rule and place of what people are told.
type Told = BTreeSet<String>;

/// What people are told at a commit: `place  rule (remarks)`, each before a line of code.
fn told(text: &[u8]) -> Told {
    let text = String::from_utf8_lossy(text);
    let mut told = Told::new();
    for line in text.split("\n\n").skip(1).filter_map(|block| block.lines().next()) {
        let Some((place, rest)) = line.split_once("  ") else { continue };
        let (rule, remark) = rest.split_once(' ').unwrap_or((rest, ""));
        let severity = if remark.contains("warning") { "warning" } else { "error" };
        told.insert(format!("{severity}: [{rule}] {place}"));
    }
    told
}

fn told_on_the_wire(push: &Push) -> Told {
    push.findings().iter().map(|line| line.split(" (").next().unwrap().to_owned()).collect()
}

/// The findings in the index, and whether a range, `check`, the hook at the commit, and the server find the same.
fn judged(case: &Case) -> (Vec<Value>, Result<(), String>) {
    let site = before(case);
    put(case, "after", &site.client);
    let found = findings(&site.client, &[], case);
    let differs = differs(&site, case, &found);
    (found, differs.map_or(Ok(()), Err))
}

fn differs(site: &Site, case: &Case, found: &[Value]) -> Option<String> {
    let staged = findings(&site.client, &["--staged"], case);
    let check = site.client.importgate(&["check"]);
    let commit = site.client.importgate(&["pre-commit"]);
    site.client.git(&["commit", "-q", "--allow-empty", "-m", "after"]);
    let range = findings(&site.client, &["--range", "HEAD~..HEAD"], case);
    let push = site.push(&["main"]);
    if found != staged || staged != range {
        return Some(format!("found {found:#?}\nstaged {staged:#?}\nrange {range:#?}"));
    }
    let (at_commit, wire) = (told(&commit.stderr), told_on_the_wire(&push));
    let count = staged.iter().filter(|finding| finding["severity"] == "block").count();
    // The cases' own day is not today, but both hooks' day is.
    let is_today = case.one("as-of").is_none();
    if at_commit != wire || commit.status.success() != push.is_through || is_today && (count == 0) != push.is_through {
        return Some(format!("{count} block; at commit {at_commit:#?}\non the wire {wire:#?}\n{}", push.text));
    }
    // `check` reads every import, to count them; hooks read only what could be forbidden.
    let checked = told(&check.stdout);
    (at_commit != checked).then(|| format!("at commit {at_commit:#?}\nbut checked {checked:#?}"))
}
