//! Commits that are made without a hook, and caught when they are pushed.

use super::*;

impl Site {
    /// Returns a server and a client with hooks.
    fn with_hooks() -> Self {
        let site = Self::new();
        let run = site.client.importgate(&["install"]);
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        site
    }

    fn skip(&self, path: &str, content: &str) -> String {
        self.client.write(path, content).stage();
        self.client.git(&["commit", "-q", "--no-verify", "-m", path]);
        self.client.git(&["rev-parse", "HEAD"])
    }

    #[track_caller]
    fn is_caught(&self, place: &str) {
        let push = self.push(&["main"]);
        assert!(!push.is_through, "{}", push.text);
        assert!(push.text.starts_with(&format!("importgate: blocked {place}: ")), "{}", push.text);
        assert!(push.text.contains("Nothing pushed.") && push.lines().is_empty(), "{}", push.text);
        // The server rejects it as well if the client skips its hook.
        self.push(&["--no-verify", "main"]).is_blocked(&[&format!("[old] {place}:1")]);
    }
}

#[test]
fn cherry_pick_is_caught() {
    let site = Site::with_hooks();
    site.branch("elsewhere", "main");
    let bad = site.skip("bad.py", BAD);
    site.client.git(&["checkout", "-q", "main"]);
    site.client.git(&["cherry-pick", &bad]);
    site.is_caught("bad.py:1");
    site.skip("bad.py", "");
    site.push(&["main"]).is_silent();
}

#[test]
fn revert_is_caught() {
    let site = Site::with_hooks();
    // The import never reached the server, so that this is no rollback of existing code.
    site.skip("bad.py", BAD);
    site.skip("bad.py", "import os\n");
    site.push(&["main"]).is_silent();
    site.client.git(&["rm", "-q", "old.py"]);
    site.skip("fine.py", "import os\n");
    let removal = site.client.git(&["rev-parse", "HEAD"]);
    site.push(&["main"]).is_silent();
    // A rollback of existing code is reported and passes, on the client and on the server.
    site.client.git(&["revert", "--no-edit", &removal]);
    let push = site.push(&["main"]);
    assert!(push.is_through && push.text.contains("warning old.py:1: "), "{}", push.text);
    push.warns(&["warning: [old] old.py:1:1", "restored: "]);
    // With another message, a revert cannot be recognised as a rollback.
    site.client.git(&["rm", "-q", "old.py"]);
    site.skip("fine.py", "import sys\n");
    site.push(&["main"]).is_silent();
    site.client.git(&["revert", "--no-edit", "HEAD"]);
    site.client.git(&["commit", "-q", "--amend", "--no-verify", "-m", "brought back"]);
    site.is_caught("old.py:1");
}

#[test]
fn rebase_is_caught() {
    let site = Site::with_hooks();
    // The file is clean when it is written; `rebase --exec` adds the import.
    site.branch("topic", "main");
    site.skip("topic.py", "import os\n");
    site.client.git(&["checkout", "-q", "main"]);
    site.skip("more.py", "import sys\n");
    site.push(&["main"]).is_silent();
    site.client.git(&["checkout", "-q", "topic"]);
    site.client.git(&[
        "rebase",
        "-q",
        "--exec",
        "printf 'from a.old import X\\n' >topic.py && git commit -qa --amend --no-verify --no-edit",
        "main",
    ]);
    site.client.git(&["branch", "-q", "-f", "main", "topic"]);
    site.is_caught("topic.py:1");
}

#[test]
fn several_references_at_once() {
    let site = Site::with_hooks();
    site.branch("good", "main");
    site.skip("fine.py", "import os\n");
    site.branch("bad", "main");
    site.skip("bad.py", BAD);
    site.client.git(&["tag", "-a", "-m", "v1", "v1"]);
    for refs in [&["good", "bad"][..], &["bad", "good"], &["v1"], &[":never", "v1"]] {
        let push = site.push(refs);
        assert!(!push.is_through, "{refs:?}: {}", push.text);
    }
    for refs in [&["good"][..], &["good"], &[":good"]] {
        site.push(refs).is_silent();
    }
    // A remote without a name, to which nothing has been pushed.
    let server = site.server.to_str().unwrap();
    let run = site.client.try_git(&["push", server, "bad"]);
    assert!(String::from_utf8_lossy(&run.stderr).starts_with("importgate: blocked bad.py:1: "));
}
