//! Hidden imports, which are found all the same, and hostile names, which are printed safely.

use std::os::unix::ffi::OsStrExt;

use crate::repo::gated;

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once('\u{feff}').chain(text.chars()).collect::<String>().encode_utf16().flat_map(unit).collect()
}

#[test]
fn every_encoding_is_read() {
    let rows: [(&str, Vec<u8>, u64); 10] = [
        ("utf-8 with a mark", b"\xef\xbb\xbffrom a.old import X\n".to_vec(), 1),
        ("utf-16, little end first", utf16("import os\nfrom a.old import X\n", u16::to_le_bytes), 2),
        ("utf-16, big end first", utf16("import os\r\nfrom a.old import X\r\n", u16::to_be_bytes), 2),
        ("lone carriage returns", b"import os\rfrom a.old import X\r".to_vec(), 2),
        ("form feed", b"\x0cfrom a.old import X\n".to_vec(), 1),
        ("NUL bytes", b"x = '\0\0\0'\nfrom a.old import X\n".to_vec(), 2),
        ("latin-1", b"# -*- coding: latin-1 -*-\nx = '\xe9\xff'\nfrom a.old import X\n".to_vec(), 3),
        ("a wrong byte", b"x = '\xff\xfe'\nfrom a.old import X\n".to_vec(), 2),
        ("utf-7", b"# coding: utf-7\n+AGYAcgBvAG0 a.old import X\n".to_vec(), 2),
        ("no end of line", b"from a.old import X".to_vec(), 1),
    ];
    for (name, content, line) in rows {
        let repo = gated();
        repo.write("x.py", &content);
        repo.git(&["add", "--all"]);
        let run = repo.importgate(&["check", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
        assert_eq!(report["findings"].as_array().unwrap().len(), 1, "{name}: {report:#}");
        assert_eq!(report["findings"][0]["line"], line, "{name}");
        assert_eq!(run.status.code(), Some(1), "{name}");
    }
}

#[test]
fn attributes_and_drivers_hide_nothing() {
    for attributes in
        ["*.py binary\n", "*.py -diff\n", "*.py diff=empty\n", "*.py -text export-ignore\n", "*.py filter=none\n"]
    {
        let repo = gated();
        repo.git(&["config", "diff.empty.textconv", "true"]);
        repo.git(&["config", "diff.external", "true"]);
        repo.write(".gitattributes", attributes);
        repo.write(".git/info/attributes", attributes);
        repo.write("x.py", "from a.old import X\n");
        repo.git(&["add", "--all"]);
        let run = repo.importgate_with_env(&["check"], &[("GIT_EXTERNAL_DIFF", "true")]);
        assert_eq!(run.status.code(), Some(1), "{attributes}");
    }
}

#[test]
fn replace_refs_hide_nothing() {
    let repo = gated();
    repo.write("x.py", "from a.old import X\n");
    repo.git(&["add", "--all"]);
    let bad = repo.git(&["rev-parse", ":x.py"]);
    repo.write("good", "import os\n");
    let good = repo.git(&["hash-object", "-w", "good"]);
    repo.git(&["replace", bad.trim(), good.trim()]);
    assert_eq!(repo.importgate(&["check"]).status.code(), Some(1));
}

#[test]
fn names_and_code_are_printed_safely() {
    let names: [&[u8]; 5] = [
        b"new\nline.py",
        b"esc\x1b[2Jape.py",
        b"bad\xff\xfeutf8.py",
        "bidi\u{202e}yp.x.py".as_bytes(),
        b"quote\"'\\ tab\t.py",
    ];
    for name in names {
        let repo = gated();
        let path = repo.top().join(std::ffi::OsStr::from_bytes(name));
        std::fs::write(path, "from a.old import X  # \x1b[31m\u{202e}\n").unwrap();
        repo.git(&["add", "--all"]);
        let run = repo.importgate(&["check"]);
        assert_eq!(run.status.code(), Some(1), "{name:?}");
        let said = String::from_utf8(run.stdout).unwrap();
        assert!(!said.contains(['\x1b', '\u{202e}', '\t']), "{said:?}");
        let json = repo.importgate(&["check", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
        match report["findings"][0]["path_hex"].as_str() {
            Some(hex) => assert_eq!(hex, name.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
            None => assert_eq!(report["findings"][0]["path"].as_str().unwrap().as_bytes(), name),
        }
    }
}

#[test]
fn hostile_files_are_judged() {
    let deep = "(".repeat(200_000);
    let rows = [
        format!("from a.old import X\n{deep}\n"),
        format!("x = {}\nfrom a.old import X\n", "f\"{".repeat(100_000)),
        format!("{}\nfrom a.old import X\n", "'".repeat(99_999)),
        format!("x = '{}'; from a.old import X\n", "y".repeat(7 << 20)),
        format!("from a.old import X\n{}", "import a\\\n".repeat(100_000)),
    ];
    for (at, content) in rows.iter().enumerate() {
        let repo = gated();
        repo.write("x.py", content);
        repo.git(&["add", "--all"]);
        let run = repo.importgate(&["check"]);
        assert_eq!(run.status.code(), Some(1), "row {at}");
        assert!(run.stdout.len() < 4_000, "row {at} prints {} bytes", run.stdout.len());
    }
}

#[test]
fn a_closed_pipe_changes_nothing_of_the_verdict() {
    let repo = gated();
    for at in 0..60 {
        repo.write(&format!("x{at}.py"), "from a.old import X\n");
    }
    repo.git(&["add", "--all"]);
    for format in ["human", "json"] {
        let mut child = repo
            .importgate_command(&["check", "--format", format])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(1), "{format}");
    }
    let mut child = repo.importgate_command(&["pre-commit"]).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn a_large_file_that_goes_or_shrinks_excuses_itself_alone() {
    let repo = gated();
    let large = |name: &str| std::fs::File::create(repo.top().join(name)).unwrap().set_len(9 << 20).unwrap();
    ["gone.py", "shrunk.py", "large.py"].into_iter().for_each(large);
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "-m", "large files"]);
    repo.remove("gone.py").write("shrunk.py", "from a.old import X\n").write("x.py", "from a.old import X\n");
    std::fs::File::create(repo.top().join("large.py")).unwrap().set_len(10 << 20).unwrap();
    repo.git(&["add", "--all"]);
    let run = repo.importgate(&["check"]);
    let said = String::from_utf8_lossy(&run.stdout);
    assert_eq!(run.status.code(), Some(1), "{said}");
    assert!(said.starts_with("importgate: blocked x.py:1: "), "{said}");
    assert!(said.contains("shrunk.py:1:1  old (warning)") && said.contains("too large to be read before"), "{said}");
    assert!(!said.contains("not in this clone"), "{said}");
}

#[test]
fn a_file_that_is_not_judged_excuses_no_other_whoever_asks() {
    // More names than are judged, with no comma between them.
    let unjudged = format!("from z import (\n{})\n", "b\n=======\n".repeat(20_001));
    let repo = gated();
    repo.write("a.py", "from a.old import X\n").stage();
    repo.git(&["commit", "--quiet", "--no-verify", "--message", "old"]);
    repo.write("a.py", unjudged).write("b.py", "from a.old import X\n").stage();
    for command in ["check", "pre-commit"] {
        let run = repo.importgate(&[command]);
        let text = [run.stdout, run.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        assert_eq!(run.status.code(), Some(1), "{command}: {text}");
        assert!(text.contains("b.py:1:1") && text.contains("over the limit of 20000 imports"), "{command}: {text}");
    }
}
