//! Motivating scenario: a module mentioned 1,650 times in some 350 files, of which 20 are imports.

use serde_json::Value;

use crate::repo::TestRepo;

const CORE: &str = "netra_backend/app/websocket_core";
const OLD: &str = "netra_backend.app.websocket_core.websocket_manager_factory";

const POLICY: &str = r#"
importgate = 1

[[rule]]
id = "websocket-manager"
language = "python"
forbid = [
  "netra_backend.app.websocket_core.websocket_manager_factory",
  "netra_backend.app.websocket_core.manager",
  { path = "netra_backend.app.websocket_core.unified_manager.UnifiedWebSocketManager",
    use-instead = "netra_backend.app.websocket_core.websocket_manager.WebSocketManager" },
]
use-instead = "netra_backend.app.websocket_core.websocket_manager"
reason = "One import path for the WebSocket manager."
owner = "@platform"
severity = "block"
allow-in = [
  { in = "netra_backend/app/websocket_core/websocket_manager.py", import = "netra_backend.app.websocket_core.unified_manager" },
  "netra_backend/app/websocket_core/manager.py",
]
cap = [{ kind = "string", severity = "block" }]

[[rule]]
id = "manager-alias"
pattern = '^\s*WebSocketManager\s*(:[^=]+)?=\s*\W*(\w+\.)*Unified'
paths = ["**/*.py"]
advice = "Import WebSocketManager; never alias it."
severity = "block"
"#;

/// Returns twenty imports of the old module: the file, its content, and the line of the finding.
fn imports() -> Vec<(String, String, u64)> {
    let spellings: [(&str, u64); 10] = [
        ("from {old} import create_websocket_manager\n", 1),
        ("import os\n\n\ndef late():\n    from {old} import create_websocket_manager as make\n    return make\n", 5),
        ("try:\n    import {old}\nexcept ImportError:\n    pass\n", 2),
        ("from {package} import websocket_manager_factory\n", 1),
        ("from {package} import (\n    handlers,\n    websocket_manager_factory,\n    protocols,\n)\n", 3),
        ("from {package} import websocket_manager_factory as factory\n", 1),
        ("import importlib\n\nfactory = importlib.import_module(\"{old}\")\n", 3),
        ("from {old} \\\n    import create_websocket_manager\n", 2),
        ("import os; from {old} import create_websocket_manager\n", 1),
        (
            "from unittest.mock import patch\n\n\n@patch('{old}.create_websocket_manager')\ndef test(made):\n    assert made\n",
            4,
        ),
    ];
    let package = OLD.rsplit_once('.').unwrap().0;
    let folders = ["netra_backend/app/routes", "netra_backend/tests"];
    let files = folders.iter().flat_map(|folder| spellings.iter().enumerate().map(move |(at, row)| (folder, at, row)));
    files
        .map(|(folder, at, (source, line))| {
            (format!("{folder}/user_{at}.py"), source.replace("{old}", OLD).replace("{package}", package), *line)
        })
        .collect()
}

/// Returns the extension and content of a file that only mentions the module, `count` times.
fn talk(kind: usize, count: usize) -> (&'static str, String) {
    let repeat = |line: &str| line.replace("{old}", OLD).repeat(count);
    match kind % 6 {
        0 => ("md", format!("# Plan\n\n```python\n{}```\n", repeat("from {old} import create_websocket_manager\n"))),
        1 => ("py", repeat("# from {old} import create_websocket_manager\n")),
        2 => ("py", format!("\"\"\"History.\n\n{}\"\"\"\n", repeat("from {old} import create_websocket_manager\n"))),
        3 => ("py", format!("PATHS = [\n{}]\n", repeat("    \"import {old}\",\n"))),
        4 => ("py", format!("def report(x):\n    return f\"\"\"\n{}\"\"\"\n", repeat("from {old} import {x}\n"))),
        _ => ("json", format!("[{}0]\n", repeat("\"{old}\", "))),
    }
}

fn mentions(folder: &str) -> Vec<(String, String)> {
    (0..330)
        .map(|at| {
            let (ending, source) = talk(at, if at < 300 { 5 } else { 4 });
            (format!("{folder}/talk_{at}.{ending}"), source)
        })
        .collect()
}

fn repository() -> TestRepo {
    let repo = TestRepo::new();
    repo.write("policy.toml", POLICY);
    for package in ["netra_backend", "netra_backend/app", CORE] {
        repo.write(&format!("{package}/__init__.py"), "");
    }
    repo.write(&format!("{CORE}/unified_manager.py"), "class _UnifiedWebSocketManagerImplementation:\n    pass\n\n\nUnifiedWebSocketManager = _UnifiedWebSocketManagerImplementation\n");
    repo.write(&format!("{CORE}/websocket_manager.py"), "from netra_backend.app.websocket_core.unified_manager import UnifiedWebSocketManager as _Unified\n\nWebSocketManager = type(_Unified.__name__, (_Unified,), {})\n\n\ndef create_websocket_manager():\n    return WebSocketManager()\n");
    repo.write(
        &format!("{CORE}/manager.py"),
        "from .unified_manager import UnifiedWebSocketManager\nfrom .websocket_manager import WebSocketManager\n",
    );
    repo.write(&format!("{CORE}/websocket_manager_factory.py"), "def create_websocket_manager():\n    pass\n");
    repo.write(&format!("{CORE}/protocols.py"), "");
    repo.write(&format!("{CORE}/handlers.py"), "");
    repo
}

fn check(repo: &TestRepo, arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
    let run = repo.importgate(&[&["check", "--format", "json"], arguments].concat());
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    (run.status.code(), report["findings"].as_array().unwrap().clone())
}

#[test]
fn twenty_imports_are_found_among_1650_mentions() {
    let repo = repository();
    let mut mentioned = 0;
    for (path, source) in mentions("SPEC") {
        mentioned += source.matches("websocket_manager_factory").count();
        repo.write(&path, &source);
    }
    let mut expected = Vec::new();
    for (path, source, line) in imports() {
        mentioned += source.matches("websocket_manager_factory").count();
        repo.write(&path, &source);
        expected.push((path, line));
    }
    assert!((1_600..1_700).contains(&mentioned), "{mentioned}");
    expected.sort();
    repo.git(&["add", "--all"]);

    let (status, findings) = check(&repo, &["--all"]);
    let place = |finding: &Value| (finding["path"].as_str().unwrap().to_owned(), finding["line"].as_u64().unwrap());
    // The forbidden module itself still exists, but imports nothing.
    assert_eq!(findings.iter().map(place).collect::<Vec<_>>(), expected);
    assert_eq!(status, Some(1));
}

#[test]
fn a_commit_that_only_talks_passes() {
    let repo = repository();
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--message", "before"]);
    for (path, source) in mentions("docs") {
        repo.write(&path, &source);
    }
    repo.git(&["add", "--all"]);
    assert_eq!(check(&repo, &[]), (Some(0), Vec::new()));
}

#[test]
fn every_spelling_is_told_the_one_to_use() {
    let core = OLD.rsplit_once('.').unwrap().0;
    let rows: [(String, Option<String>); 8] = [
        (
            format!("from {core}.manager import WebSocketManager"),
            Some(format!("from {core}.websocket_manager import WebSocketManager")),
        ),
        (format!("from {core} import manager"), Some(format!("from {core} import websocket_manager as manager"))),
        (format!("import {core}.manager"), Some(format!("import {core}.websocket_manager"))),
        (
            format!("from {core}.unified_manager import UnifiedWebSocketManager as WebSocketManager"),
            Some(format!("from {core}.websocket_manager import WebSocketManager")),
        ),
        ("WebSocketManager = UnifiedWebSocketManager".to_owned(), None),
        ("WebSocketManager: type = (unified.UnifiedWebSocketManager)".to_owned(), None),
        (
            format!("importlib.import_module(\"{core}.manager\")"),
            Some(format!("importlib.import_module(\"{core}.websocket_manager\")")),
        ),
        (
            format!("from {OLD} import (\n    create_websocket_manager,\n)"),
            Some(format!("from {core}.websocket_manager import create_websocket_manager")),
        ),
    ];
    for (source, replacement) in rows {
        let repo = repository();
        repo.git(&["add", "--all"]);
        repo.git(&["commit", "--quiet", "--message", "before"]);
        repo.write("netra_backend/app/routes/chat.py", format!("{source}\n"));
        repo.git(&["add", "--all"]);
        let (status, findings) = check(&repo, &[]);
        assert_eq!((status, findings.len()), (Some(1), 1), "{source}: {findings:?}");
        assert_eq!(findings[0]["replacement"].as_str().map(str::to_owned), replacement, "{source}");
    }
}
