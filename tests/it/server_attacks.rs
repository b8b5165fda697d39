//! Pushes that should slip through, hold a server up, or fill its memory.

use std::path::PathBuf;
use std::process::Output;

use crate::repo::{POLICY, TestRepo};

const BAD: &str = "from a.old import X\n";

/// A clone, and beside it the guarded server that has its first commit.
struct Guarded {
    repo: TestRepo,
}

impl Guarded {
    fn new(admin: &str) -> Self {
        let repo = TestRepo::new();
        repo.write("policy.toml", POLICY).write("legacy.py", BAD);
        repo.commit("first");
        repo.git(&["init", "-q", "--bare", "-b", "main", "../server.git"]);
        repo.git(&["push", "-q", "../server.git", "main"]);
        let own = Self { repo };
        let install = own.repo.importgate_command(&["install", "--server"]).current_dir(own.server()).output().unwrap();
        assert!(install.status.success(), "{install:?}");
        std::fs::write(own.server().join("hooks/importgate-server.toml"), format!("importgate-server = 1\n{admin}"))
            .unwrap();
        own
    }

    fn server(&self) -> PathBuf {
        self.repo.beside("server.git")
    }

    /// Pushes refspecs, and tells what came of it.
    fn push(&self, refs: &[&str]) -> Output {
        self.repo.try_git(&[&["push", "../server.git"], refs].concat())
    }

    #[track_caller]
    fn passes(&self, refs: &[&str]) -> String {
        let run = self.push(refs);
        assert!(run.status.success(), "{refs:?}: {}", stderr(&run));
        stderr(&run)
    }

    #[track_caller]
    fn rejected(&self, refs: &[&str], why: &str) -> String {
        let run = self.push(refs);
        assert!(!run.status.success() && stderr(&run).contains(why), "{refs:?}: {}", stderr(&run));
        stderr(&run)
    }
}

fn stderr(run: &Output) -> String {
    let text = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(!text.contains("panicked"), "{text}");
    text
}

/// What another reference has brought already is as new to the policy as what is written on the branch itself.
#[test]
fn a_policy_is_not_weakened_by_way_of_another_branch() {
    let ground = Guarded::new("protect-policy = true\n");
    let repo = &ground.repo;
    repo.git(&["checkout", "-q", "-b", "topic"]);
    repo.write("policy.toml", "importgate = 1\n");
    repo.commit("weaker");
    let told = ground.passes(&["topic"]);
    assert!(told.contains("refs/heads/topic would weaken the policy, once it is merged"), "{told}");
    ground.rejected(&["topic:main"], "refs/heads/main would weaken the policy, which this server protects");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("x.txt", "");
    repo.commit("besides");
    repo.git(&["merge", "-q", "-m", "merge", "topic"]);
    ground.rejected(&["main"], "refs/heads/main would weaken the policy, which this server protects");
    // Where it is not protected, it is told once more: now it stands.
    let ground = Guarded::new("");
    let repo = &ground.repo;
    repo.write("policy.toml", "importgate = 1\n");
    repo.commit("weaker");
    ground.passes(&["main:topic"]);
    assert!(ground.passes(&["main"]).contains("refs/heads/main weakens the policy: rule `old` removed"));
}
