//! New commits of a push, seen by a real pre-receive hook in quarantine, compared with git's own
//! output.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use importgate::git::{Error, Existing, Repository};

use crate::repo::TestRepo;

/// A repository, and a bare one whose hook lists what a push adds.
struct Pair {
    repo: TestRepo,
    server: PathBuf,
    seen: PathBuf,
}

/// Returns the program of `tests/programs`; cargo builds it as an example.
fn example() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.set_file_name("examples");
    path.join("news")
}

impl Pair {
    fn new(args: &[&str]) -> Self {
        Self::named("server.git", args)
    }

    fn named(name: &str, args: &[&str]) -> Self {
        let repo = TestRepo::with(args);
        let server = repo.beside(name);
        repo.git(&[&["init", "-q", "-b", "main", "--bare", server.to_str().unwrap()], args].concat());
        repo.git(&["remote", "add", "origin", server.to_str().unwrap()]);
        let seen = repo.beside("seen");
        let pair = Self { repo, server, seen };
        pair.hook("");
        pair
    }

    /// Writes the hook, which runs the program with these arguments.
    fn hook(&self, arguments: &str) -> &Self {
        use std::os::unix::fs::PermissionsExt;
        let path = self.server.join("hooks/pre-receive");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        // Runs with and without the shortcut for objects that are only in quarantine.
        let (example, seen) = (example().display().to_string(), self.seen.display());
        let script = format!(
            "#!/bin/sh\nset -e\ncat > '{seen}.in'\n{example} {arguments} < '{seen}.in' > '{seen}'\n\
             env -u GIT_QUARANTINE_PATH {example} {arguments} < '{seen}.in' > '{seen}.long'\n\
             cmp '{seen}' '{seen}.long' >&2\n"
        );
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    fn commit(&self, path: &str) -> String {
        self.repo.write(path, path).commit(path)
    }

    /// Pushes; returns what the hook saw.
    #[track_caller]
    fn push(&self, refs: &[&str]) -> Vec<String> {
        self.push_from(self.repo.top(), refs)
    }

    #[track_caller]
    fn push_from(&self, dir: &Path, refs: &[&str]) -> Vec<String> {
        std::fs::write(&self.seen, "no hook ran").unwrap();
        self.repo.git_in(dir, &[&["push", "-q", "--force", "origin"], refs].concat());
        std::fs::read_to_string(&self.seen).unwrap().lines().map(str::to_owned).collect()
    }
}

fn new(ids: &[&String]) -> Vec<String> {
    ids.iter().map(|id| format!("new {id}")).collect()
}

#[test]
fn quarantined_commits_are_seen_and_old_ones_hidden() {
    for args in [&[][..], &["--object-format=sha256"]] {
        // The path has to be quoted in GIT_ALTERNATE_OBJECT_DIRECTORIES.
        let pair = Pair::named("a:\"server\\.git", args);
        let one = pair.commit("one");
        assert_eq!(pair.push(&["main"]), [&new(&[&one])[..], &["refs/heads/main one".into()]].concat());
        let (two, three) = (pair.commit("two"), pair.commit("three"));
        let seen = pair.push(&["main"]);
        assert_eq!(seen[..2], new(&[&three, &two]));
        assert_eq!(seen[2..], ["refs/heads/main three", "refs/heads/main two"]);
        // A branch from an old commit, and a tag of it, bring nothing new.
        pair.repo.git(&["tag", "-a", "-m", "t", "t", &one]);
        assert_eq!(pair.push(&[&format!("{one}:refs/heads/old"), "t"]), [""; 0]);
        // After a rewrite, the commits of the old value are not new.
        pair.repo.git(&["reset", "-q", "--hard", &two]);
        let other = pair.commit("other");
        assert_eq!(pair.push(&["main"]), [&new(&[&other])[..], &["refs/heads/main other".into()]].concat());
        assert_eq!(pair.push(&[":old", ":t"]), [""; 0]);
    }
}

#[test]
fn refs_that_do_not_count_hide_nothing() {
    let pair = Pair::new(&[]);
    let base = pair.commit("base");
    pair.push(&["main"]);
    let work = pair.commit("work");
    pair.hook("refs/pull/");
    let expected = [&new(&[&work])[..], &["refs/pull/1 work".into()]].concat();
    assert_eq!(pair.push(&["main:refs/pull/1"]), expected);
    // Neither existing objects nor the push's old value make a commit old under such a reference.
    let expected = [&new(&[&work])[..], &["refs/heads/main work".into()]].concat();
    assert_eq!(pair.push(&["main:refs/heads/main"]), expected);
    pair.repo.git(&["push", "-q", "--force", "origin", &format!("{base}:refs/heads/main")]);
    let again = pair.commit("again");
    let seen = pair.push(&["main:refs/pull/1"]);
    assert_eq!(seen[..2], new(&[&again, &work]));
}

#[test]
fn many_packed_references_hide_too() {
    let pair = Pair::new(&[]);
    let one = pair.commit("one");
    pair.repo.git(&["checkout", "-q", "-b", "side"]);
    let side = pair.commit("side");
    pair.repo.git(&["tag", "-a", "-m", "t", "t", &side]);
    pair.repo.git(&["checkout", "-q", "main"]);
    let main = pair.commit("main");
    pair.push(&["main", "t"]);
    pair.repo.git_in(&pair.server, &["pack-refs", "--all"]);
    // A packed reference that has moved on, and a packed tag that has not.
    let next = pair.commit("next");
    assert_eq!(pair.push(&["main"])[..1], new(&[&next]));
    pair.repo.git(&["checkout", "-q", "side"]);
    let more = pair.commit("more");
    assert_eq!(pair.push(&["side"]), [&new(&[&more])[..], &["refs/heads/side more".into()]].concat());
    for old in [&one, &side, &main] {
        assert_eq!(pair.push(&[&format!("{old}:refs/heads/x-{old}")]), [""; 0]);
    }
    // No reference leads to the commit any longer.
    pair.push(&[":t"]);
    pair.repo.git(&["checkout", "-q", "--detach", &side]);
    pair.push(&[&format!(":refs/heads/x-{side}"), ":side"]);
    assert_eq!(pair.push(&[&format!("{side}:refs/heads/back")])[..1], new(&[&side]));
}

#[test]
fn what_a_fork_borrows_from_is_there() {
    let pair = Pair::new(&[]);
    let one = pair.commit("one");
    pair.push(&["main"]);
    let fork = pair.repo.beside("fork.git");
    pair.repo.git(&["clone", "-q", "--bare", "--shared", pair.server.to_str().unwrap(), fork.to_str().unwrap()]);
    std::fs::copy(pair.server.join("hooks/pre-receive"), fork.join("hooks/pre-receive")).unwrap();
    let upstream = pair.commit("upstream");
    pair.push(&["main"]);
    let own = pair.commit("own");
    pair.repo.git(&["remote", "set-url", "origin", fork.to_str().unwrap()]);
    let seen = pair.push(&["main", &format!("{one}:refs/heads/old")]);
    assert_eq!(seen, [&new(&[&own])[..], &["refs/heads/main own".into()]].concat(), "{upstream}");
}

#[test]
fn a_limit_ends_the_search() {
    let pair = Pair::new(&[]);
    pair.commit("base");
    pair.push(&["main"]);
    for number in 0..5 {
        pair.commit(&format!("f{number}"));
    }
    pair.hook("'' 5");
    let count = |seen: &[String]| seen.iter().filter(|line| line.starts_with("new ")).count();
    let seen = pair.push(&["main:refs/heads/all"]);
    assert!(!seen.contains(&"cut".into()) && count(&seen) == 5, "{seen:?}");
    pair.push(&[":all"]);
    pair.hook("'' 3");
    let seen = pair.push(&["main:refs/heads/some"]);
    assert!(seen.contains(&"cut".into()) && count(&seen) == 4, "{seen:?}");
    // Files of HEAD are not taken for new.
    assert!(!seen.contains(&"refs/heads/some base".into()) && seen.contains(&"refs/heads/some f0".into()), "{seen:?}");
}

#[test]
fn a_shallow_push_ends_where_its_clone_does() {
    let pair = Pair::new(&[]);
    pair.commit("one");
    pair.push(&["main"]);
    let two = pair.commit("two");
    let clone = pair.repo.beside("shallow");
    let from = format!("file://{}", pair.repo.top().display());
    pair.repo.git(&["clone", "-q", "--depth=1", &from, clone.to_str().unwrap()]);
    pair.repo.git_in(&clone, &["remote", "set-url", "origin", pair.server.to_str().unwrap()]);
    std::fs::write(clone.join("three"), "3").unwrap();
    pair.repo.git_in(&clone, &["add", "-A"]);
    pair.repo.git_in(&clone, &["commit", "-q", "-m", "three"]);
    let three = pair.repo.git_in(&clone, &["rev-parse", "HEAD"]);
    pair.repo.git_in(&pair.server, &["config", "receive.shallowUpdate", "true"]);
    let seen = pair.push_from(&clone, &["HEAD:refs/heads/shallow"]);
    assert!(seen.starts_with(&new(&[&three, &two])) && seen.contains(&"shallow".into()), "{seen:?}");
    // A history whose missing parent is on the server does not end there.
    let pair = Pair::new(&[]);
    pair.commit("one");
    pair.commit("two");
    pair.push(&["main"]);
    let from = format!("file://{}", pair.server.display());
    let clone = pair.repo.beside("shallow");
    pair.repo.git(&["clone", "-q", "--depth=1", &from, clone.to_str().unwrap()]);
    std::fs::write(clone.join("three"), "3").unwrap();
    pair.repo.git_in(&clone, &["add", "-A"]);
    pair.repo.git_in(&clone, &["commit", "-q", "-m", "three"]);
    assert_eq!(pair.push_from(&clone, &["HEAD:refs/heads/x"])[1..], ["refs/heads/x three"]);
}

/// Adds a row of commits by fast-import, each with its own date and a file.
fn row(repo: &TestRepo, branch: &str, from: Option<&str>, dates: &[i64]) {
    let mut import = String::new();
    for (number, date) in dates.iter().enumerate() {
        let _ = write!(import, "commit refs/heads/{branch}\ncommitter t <t@example.org> {date} +0000\ndata 1\nx\n");
        if let Some(from) = from.filter(|_| number == 0) {
            let _ = writeln!(import, "from {from}");
        }
        let _ = write!(import, "M 100644 inline {branch}{number}\ndata 1\nx\n");
    }
    std::fs::write(repo.beside("import"), import).unwrap();
    let input = std::fs::File::open(repo.beside("import")).unwrap();
    assert!(repo.command("git").args(["fast-import", "--quiet"]).stdin(input).status().unwrap().success());
}

#[test]
fn dates_out_of_order_make_nothing_new_that_is_there() {
    let repo = TestRepo::new();
    // The base has a future date, its successors on main old ones, and the branch later ones still.
    row(&repo, "main", None, &[1_900_000_000, 1_000, 2_000, 3_000]);
    row(&repo, "work", Some("refs/heads/main~3"), &[1_950_000_000, 5, 1_960_000_000]);
    let repository = Repository::open(repo.top()).unwrap();
    let id = |name: &str| repository.resolve(name).unwrap().unwrap();
    let tips = [repository.peel(&id("work")).unwrap().unwrap()];
    let news = repository.new_commits(&tips, &Existing::Commits(&[id("main")]), usize::MAX).unwrap();
    let found: Vec<String> = news.commits().map(|commit| commit.to_string()).collect();
    assert_eq!(found, ["work", "work~1", "work~2"].map(id));
}

#[test]
fn what_is_missing_matters_only_where_it_is_pushed() {
    let repo = TestRepo::new();
    let ids: Vec<String> = (0..4).map(|number| repo.write("a", number.to_string()).commit("x")).collect();
    repo.git(&["checkout", "-q", "-b", "work"]);
    let work = repo.write("b", "b").commit("work");
    let more = repo.write("b", "c").commit("more");
    let object = |id: &str| repo.top().join(".git/objects").join(&id[..2]).join(&id[2..]);
    std::fs::remove_file(object(&ids[1])).unwrap();
    let repository = Repository::open(repo.top()).unwrap();
    let tips = [repository.peel(&more).unwrap().unwrap()];
    let there = [ids[3].clone(), "1".repeat(40), "no id".into()];
    let news = repository.new_commits(&tips, &Existing::Commits(&there), usize::MAX).unwrap();
    assert_eq!(news.count(), 2);
    // A known commit behind both, which the walk reaches only from the other side.
    let news = repository.new_commits(&tips, &Existing::Commits(std::slice::from_ref(&ids[2])), usize::MAX).unwrap();
    assert_eq!(news.count(), 3);
    for missing in [&ids[1], &work] {
        let _ = std::fs::remove_file(object(missing));
        let repository = Repository::open(repo.top()).unwrap();
        let error = repository.new_commits(&tips, &Existing::Commits(&[ids[0].clone()]), usize::MAX).err().unwrap();
        assert!(matches!(&error, Error::MissingObject { oid, .. } if oid == missing), "{error}");
    }
}

#[test]
fn replaced_and_grafted_commits_are_as_they_were() {
    let repo = TestRepo::new();
    let one = repo.write("a", "1").commit("one");
    let two = repo.write("a", "2").commit("two");
    let three = repo.write("a", "3").commit("three");
    repo.git(&["replace", "--graft", &three, &one]);
    std::fs::create_dir_all(repo.top().join(".git/info")).unwrap();
    std::fs::write(repo.top().join(".git/info/grafts"), format!("{two}\n{three}\n")).unwrap();
    let repository = Repository::open(repo.top()).unwrap();
    let tips = [repository.peel(&three).unwrap().unwrap()];
    let news = repository.new_commits(&tips, &Existing::Commits(&[one]), usize::MAX).unwrap();
    assert_eq!(news.commits().map(|commit| commit.to_string()).collect::<Vec<_>>(), [three, two]);
}

#[test]
fn no_object_is_read_after_the_deadline() {
    let repo = TestRepo::new();
    let id = repo.commit("one");
    let repository = Repository::open(repo.top()).unwrap();
    repository.set_deadline(std::time::Instant::now() - std::time::Duration::from_secs(1));
    let error = repository.peel(&id).err().unwrap();
    assert!(matches!(error, Error::OutOfTime) && error.hint().is_some());
}

#[test]
fn commits_say_what_they_are() {
    let repo = TestRepo::new();
    let one = repo.commit("one");
    let two = repo.commit("two\n\nThis is it.");
    let repository = Repository::open(repo.top()).unwrap();
    let info = repository.commit(repository.peel(&two).unwrap().unwrap()).unwrap();
    assert_eq!(info.parents.iter().map(ToString::to_string).collect::<Vec<_>>(), [one]);
    assert_eq!((info.author_date, &info.message[..]), (1_700_000_000, &b"two\n\nThis is it.\n"[..]));
}

#[test]
fn all_tips_at_once_agree_with_git() {
    for seed in 1..=3 {
        let repo = TestRepo::new();
        let mut dice = crate::random_history::Dice::new(seed);
        crate::random_history::random_graph(&repo, &mut dice, 40);
        let repository = Repository::open(repo.top()).unwrap();
        let id = |name: &str| repository.resolve(name).unwrap().unwrap();
        for _ in 0..10 {
            let tips: BTreeSet<String> =
                (0..1 + dice.roll(4)).map(|_| id(&format!("c{}", 1 + dice.roll(40)))).collect();
            let known: Vec<String> = (0..dice.roll(4)).map(|_| id(&format!("c{}", 1 + dice.roll(40)))).collect();
            let ids: Vec<_> = tips.iter().map(|tip| repository.peel(tip).unwrap().unwrap()).collect();
            let news = repository.new_commits(&ids, &Existing::Commits(&known), usize::MAX).unwrap();
            let order: Vec<String> = news.commits().map(|commit| commit.to_string()).collect();
            let mut arguments = vec!["rev-list", "--parents"];
            arguments.extend(tips.iter().map(String::as_str).chain(["--not"]).chain(known.iter().map(String::as_str)));
            let listed = repo.git(&arguments);
            let said: BTreeSet<&str> = listed.lines().map(|line| line.split(' ').next().unwrap()).collect();
            let ours: BTreeSet<&str> = order.iter().map(String::as_str).collect();
            // With dates out of order, git reports a few commits too many.
            assert!(ours.is_subset(&said), "seed {seed}: {tips:?} --not {known:?}");
            for extra in said.difference(&ours) {
                let is_there = known
                    .iter()
                    .any(|known| repo.try_git(&["merge-base", "--is-ancestor", extra, known]).status.success());
                assert!(is_there, "seed {seed}: {extra}");
            }
            let place = |id: &str| order.iter().position(|other| other == id);
            for line in listed.lines() {
                let mut ids = line.split(' ');
                let Some(child) = ids.next().and_then(place) else { continue };
                assert!(ids.filter_map(place).all(|parent| parent > child), "seed {seed}: {line}");
            }
        }
    }
}

#[test]
fn random_pushes_agree_with_git() {
    for seed in 1..=2 {
        let pair = Pair::new(&[]);
        let mut dice = crate::random_history::Dice::new(seed);
        crate::random_history::random_graph(&pair.repo, &mut dice, 30);
        let mut there: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
        for _ in 0..14 {
            let (commit, branch) = (format!("c{}", 1 + dice.roll(30)), format!("refs/heads/b{}", dice.roll(4)));
            let id = pair.repo.git(&["rev-parse", &commit]);
            if there.get(&branch) == Some(&id) {
                continue;
            }
            let mut arguments = vec!["rev-list", &id, "--not"];
            arguments.extend(there.values().map(String::as_str));
            let listed = pair.repo.git(&arguments);
            let seen = pair.push(&[&format!("{commit}:{branch}")]);
            let ours: BTreeSet<&str> = seen.iter().filter_map(|line| line.strip_prefix("new ")).collect();
            let said: BTreeSet<&str> = listed.lines().collect();
            let is_there = |extra: &str| {
                there
                    .values()
                    .any(|old| pair.repo.try_git(&["merge-base", "--is-ancestor", extra, old]).status.success())
            };
            // With dates out of order, git reports a few commits too many.
            assert!(
                ours.is_subset(&said) && said.difference(&ours).all(|extra| is_there(extra)),
                "seed {seed}: {commit}"
            );
            there.insert(branch, id);
            if dice.roll(4) == 0 {
                pair.repo.git_in(&pair.server, &["pack-refs", "--all"]);
            }
        }
    }
}
