//! Several threads judge a push as one does.

use super::*;

/// Changes files of several kinds: old and new imports, others of which nothing is forbidden, one that is too large.
fn change_many(site: &Site) {
    for number in 0..300 {
        let path = format!("f{:03}/m{number}.py", number % 7);
        let text = match number % 10 {
            0 => BAD.to_owned(),
            1 => format!("import os\n{BAD}import sys\n{BAD}"),
            2 => "from a import old\n".to_owned(),
            _ => format!("import os, sys as s{number}\nx = 'a.old'\n"),
        };
        site.client.write(&path, text);
    }
    site.client.write("large.py", vec![b'x'; 9 << 20]);
    site.client.write("many.py", "import a\n".repeat(20_001));
    site.client.commit("many");
}

#[test]
fn findings_are_the_same_with_any_number_of_threads() {
    let site = Site::new();
    change_many(&site);
    let mut told = Vec::new();
    for threads in [1, 2, 8] {
        site.admin(&format!("threads = {threads}\n"));
        let push = site.push(&["main"]);
        push.is_blocked(&["f001/m1.py:2:", "large.py", "many.py"]);
        told.push(push.lines().join("\n"));
    }
    assert!(told.iter().all(|one| *one == told[0]), "{}", told.join("\n---\n"));
    // Time that ends is told as with one thread.
    site.admin("threads = 8\ndeadline = '1ns'\n");
    site.push(&["main"]).is_unjudged(&["the deadline of this run has passed"]);
}

#[test]
fn all_cores_judge_a_commit_as_one_does() {
    let site = Site::new();
    change_many(&site);
    let one = ["taskset", "-c", "0"];
    let judged = |before: &[&str], args: &[&str]| {
        let program = site.client.importgate_command(&[]).get_program().to_owned();
        let mut command = site.client.command(before.first().map_or(program.as_os_str(), std::ffi::OsStr::new));
        command.args(before.iter().skip(1));
        if !before.is_empty() {
            command.arg(&program);
        }
        command.args(args).output()
    };
    for args in [
        ["check", "--all", "--format", "json"],
        ["check", "--range=HEAD~..HEAD", "--format", "json"],
        ["check", "--all", "--color", "never"],
    ] {
        let all = judged(&[], &args).unwrap();
        assert_eq!(all.status.code(), Some(1), "{args:?}");
        // Where one core cannot be asked for, there is nothing to compare with.
        if let Ok(alone) = judged(&one, &args) {
            assert_eq!(String::from_utf8_lossy(&alone.stdout), String::from_utf8_lossy(&all.stdout), "{args:?}");
            assert_eq!(String::from_utf8_lossy(&alone.stderr), String::from_utf8_lossy(&all.stderr), "{args:?}");
        }
    }
}
