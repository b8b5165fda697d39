//! The index against HEAD, compared with git's own output, over random edits. The seed is fixed, so failures reproduce.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use importgate::git::{Existing, Repository};

use crate::git_source::{Row, git_says, pushed, staged};
use crate::repo::TestRepo;

/// A small random generator, good enough to choose edits.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed))
    }

    pub fn roll(&mut self, sides: usize) -> usize {
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
            // As for a commit or a merge; the cache-tree is complete afterwards.
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
        let mut dice = Dice::new(seed);
        repo.git(&["commit", "-q", "--allow-empty", "-m", "start"]);
        let mut history = Vec::new();
        for _ in 0..20 {
            history.push(edit(&repo, &mut dice));
            let expected: Vec<Row> = git_says(&repo, &["HEAD"]);
            assert_eq!(staged(repo.top()), expected, "seed {seed}: {history:#?}");
        }
    }
}

/// Adds commits with up to three parents and dates out of order, each with a file of its own.
pub fn random_graph(repo: &TestRepo, dice: &mut Dice, count: usize) {
    let mut import = String::new();
    for mark in 1..=count {
        let date = 1_700_000_000 + dice.roll(50);
        let _ = write!(
            import,
            "commit refs/heads/c{mark}\nmark :{mark}\ncommitter t <t@example.org> {date} +0000\ndata 1\nx\n"
        );
        if mark > 1 && dice.roll(12) > 0 {
            let parents: BTreeSet<usize> =
                (0..=dice.roll(3)).map(|_| mark.saturating_sub(1 + dice.roll(6)).max(1)).collect();
            for (number, parent) in parents.into_iter().enumerate() {
                let _ = writeln!(import, "{} :{parent}", if number == 0 { "from" } else { "merge" });
            }
        }
        let _ = write!(import, "M 100644 inline f{mark}\ndata {}\n{mark}\n", mark.to_string().len());
    }
    std::fs::write(repo.beside("import"), import).unwrap();
    let input = std::fs::File::open(repo.beside("import")).unwrap();
    assert!(repo.command("git").args(["fast-import", "--quiet"]).stdin(input).status().unwrap().success());
}

/// Parents of each commit, by id.
type Graph = HashMap<String, Vec<String>>;

/// Returns all reachable commits. Git is not asked: with dates out of order, `rev-list --not`
/// reports a few commits too many.
fn history<'a>(graph: &'a Graph, tips: &[String]) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut next: Vec<&str> = graph.keys().map(String::as_str).filter(|id| tips.iter().any(|tip| tip == id)).collect();
    while let Some(id) = next.pop() {
        if found.insert(id) {
            next.extend(graph[id].iter().map(String::as_str));
        }
    }
    found
}

#[test]
fn pushed_agrees_with_the_graph() {
    for seed in 1..=4 {
        let repo = TestRepo::new();
        let mut dice = Dice::new(seed);
        random_graph(&repo, &mut dice, 40);
        let repository = Repository::open(repo.top()).unwrap();
        let id = |name: &str| repository.resolve(name).unwrap().unwrap();
        let graph = repo.git(&["rev-list", "--parents", "--all"]);
        let graph: Graph = graph
            .lines()
            .map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>())
            .map(|ids| (ids[0].clone(), ids[1..].to_vec()))
            .collect();
        for _ in 0..12 {
            let tip = format!("c{}", 1 + dice.roll(40));
            let known: Vec<String> = (0..dice.roll(4)).map(|_| format!("c{}", 1 + dice.roll(40))).collect();
            let known: Vec<String> = known.iter().map(|name| id(name)).collect();
            let covered = history(&graph, &known);
            let new: BTreeSet<&str> = history(&graph, &[id(&tip)]).difference(&covered).copied().collect();
            let parents = new.iter().flat_map(|commit| graph[*commit].iter().map(String::as_str));
            let boundary: BTreeSet<&str> = parents.filter(|parent| !new.contains(parent)).collect();
            let mut expected = BTreeSet::new();
            if !new.is_empty() {
                for old in &boundary {
                    let paths = repo.git(&["diff", "--name-only", old, &tip]);
                    expected.extend(paths.lines().map(str::to_owned));
                }
                if boundary.is_empty() {
                    expected.extend(repo.git(&["ls-tree", "--name-only", &tip]).lines().map(str::to_owned));
                }
            }
            let files = pushed(&repository, &id(&tip), &known).unwrap();
            let paths: BTreeSet<String> =
                files.iter().map(|file| String::from_utf8_lossy(&file.path).into_owned()).collect();
            assert_eq!(paths, expected, "seed {seed}: {tip} --not {known:?}");

            // Boundary commits that are no ancestors of others.
            let bases: Vec<&str> = boundary.iter().copied().collect();
            let near = match bases.len() {
                0 => String::new(),
                _ => repo.git(&[&["merge-base", "--independent"], &bases[..]].concat()),
            };
            let near: BTreeSet<&str> = near.lines().collect();
            let commit = repository.peel(&id(&tip)).unwrap().unwrap();
            let news = repository.new_commits(&[commit], &Existing::Commits(&known), usize::MAX).unwrap();
            let since = repository.changes_since_merges(&news, commit).unwrap();
            assert_eq!(since.is_some(), near.len() < boundary.len(), "seed {seed}: {tip} --not {known:?}");
            let Some(since) = since else { continue };
            let paths: BTreeSet<String> =
                since.files.iter().map(|file| String::from_utf8_lossy(&file.path).into_owned()).collect();
            let differing = near.iter().map(|old| repo.git(&["diff", "--name-only", old, &tip]));
            let expected: BTreeSet<String> =
                differing.flat_map(|paths| paths.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
            assert_eq!(paths, expected, "seed {seed}: {tip} --not {known:?}, nearest");
        }
    }
}
