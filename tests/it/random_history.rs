//! The index against HEAD, compared with what git says, over random edits. The seed is fixed: a failure comes again.

use crate::git_source::{Row, git_says, staged};
use crate::repo::TestRepo;

/// A small generator, good enough to choose edits.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

const PATHS: &[&str] = &[
    "a", "a-b", "a.c", "a/b", "a/b/c", "a/b-c", "a/c/d/e", "b", "b/x", "b0", "c/a/x", "c/b/x", "c/b0", "TREE",
    "d/TREE/x",
];

fn edit(repo: &TestRepo, dice: &mut Dice) -> String {
    let path = dice.pick(PATHS);
    let blob = repo.top().join("../blob");
    std::fs::write(&blob, format!("{}\n", dice.roll(4))).unwrap();
    let id = repo.git(&["hash-object", "-w", "../blob"]);
    let mode = dice.pick(&["100644", "100644", "100644", "100755", "120000"]);
    match dice.roll(14) {
        0..7 => {
            let what = format!("{mode},{id},{path}");
            repo.git(&["update-index", "--add", "--replace", "--cacheinfo", &what]);
            what
        }
        7..9 => {
            repo.git(&["update-index", "--force-remove", path]);
            format!("remove {path}")
        }
        9 => {
            // As a commit does, and a merge; the cache-tree is whole afterwards.
            repo.git(&["write-tree"]);
            "write-tree".into()
        }
        10 => {
            let version = dice.pick(&["2", "4"]);
            repo.git(&["update-index", "--index-version", version]);
            format!("version {version}")
        }
        11 => {
            let split = dice.pick(&["--split-index", "--no-split-index"]);
            repo.git(&["update-index", split]);
            split.into()
        }
        12 => {
            let commit = id.replace(|_: char| true, "1");
            repo.git(&["update-index", "--add", "--replace", "--cacheinfo", &format!("160000,{commit},{path}")]);
            format!("submodule {path}")
        }
        _ => {
            repo.git(&["commit", "-q", "--allow-empty", "--no-verify", "-m", "x"]);
            "commit".into()
        }
    }
}

#[test]
fn staged_agrees_with_git() {
    for seed in 1..=16 {
        let repo = TestRepo::new();
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed));
        repo.git(&["commit", "-q", "--allow-empty", "-m", "start"]);
        let mut history = Vec::new();
        for _ in 0..20 {
            history.push(edit(&repo, &mut dice));
            let expected: Vec<Row> = git_says(&repo, &["HEAD"]);
            assert_eq!(staged(repo.top()), expected, "seed {seed}: {history:#?}");
        }
    }
}
