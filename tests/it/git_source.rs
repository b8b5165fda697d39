//! Changed files and added lines, compared with git's own output.

use std::path::Path;

use importgate::git::{Blob, ChangedFile, Changes, Content, Error, Existing, Repository, Snapshot};
use importgate::tree::Tree;

use crate::repo::TestRepo;

/// Path, object at the old side, object at the new side.
pub type Row = (String, Option<String>, Option<String>);

fn id(blob: Option<Blob>) -> Option<String> {
    blob.map(|blob| blob.to_string())
}

fn rows(changes: &Changes<'_>) -> Vec<Row> {
    let row =
        |file: &ChangedFile| (String::from_utf8_lossy(&file.path).into(), id(file.old.get(0).flatten()), id(file.new));
    changes.files.iter().map(row).collect()
}

/// Returns importgate's changes of the index; each side must agree with the list.
pub fn staged(dir: &Path) -> Vec<Row> {
    let repository = Repository::open(dir).unwrap();
    let changes = repository.staged().unwrap();
    for file in changes.files.iter() {
        assert_eq!(changes.new_side.blob(&file.path).unwrap(), file.new);
        for (side, old) in changes.old_sides.iter().zip(file.old.iter()) {
            assert_eq!(side.blob(&file.path).unwrap(), old);
        }
    }
    rows(&changes)
}

/// Returns the regular files of `git diff --cached`.
pub fn git_says(repo: &TestRepo, args: &[&str]) -> Vec<Row> {
    git_says_in(repo, repo.top(), &[&["--cached"], args].concat())
}

fn git_says_in(repo: &TestRepo, dir: &Path, args: &[&str]) -> Vec<Row> {
    rows_of(&repo.git_in(dir, &[&["diff", "--raw", "--no-renames", "--no-abbrev", "-z"], args].concat()))
}

/// Returns the regular files of git's raw format.
pub fn rows_of(raw: &str) -> Vec<Row> {
    let mut fields = raw.split('\0');
    let mut rows = Vec::new();
    while let (Some(head), Some(path)) = (fields.next(), fields.next()) {
        let head: Vec<&str> = head.trim_start_matches(':').split(' ').collect();
        let side = |mode: usize, id: usize| head[mode].starts_with("100").then(|| head[id].to_owned());
        let (old, new) = (side(0, 2), side(1, 3));
        if old != new {
            rows.push((path.to_owned(), old, new));
        }
    }
    rows
}

#[track_caller]
fn agrees(repo: &TestRepo) -> Vec<Row> {
    let expected = git_says(repo, &[]);
    assert_eq!(staged(repo.top()), expected);
    expected
}

/// Compares the index as it is, and as `git commit` hands it over. Returns the number of changes.
#[track_caller]
pub fn agrees_both_ways(repo: &TestRepo) -> usize {
    let [count, handed_over] = [&["status", "--porcelain", "--untracked-files=no"][..], &["write-tree"]].map(|args| {
        repo.git(args);
        agrees(repo).len()
    });
    assert_eq!(count, handed_over);
    count
}

fn paths(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|(path, ..)| path.as_str()).collect()
}

/// Returns a repository with files at several depths, committed.
fn sample(args: &[&str]) -> TestRepo {
    let repo = TestRepo::with(args);
    repo.write("a.py", "a\n").write("pkg/b.py", "b\n").write("pkg/deep/c.py", "c\n").write("other/d.py", "d\n");
    repo.commit("first");
    repo
}

#[test]
fn a_first_commit_is_all_new() {
    let repo = TestRepo::new();
    assert_eq!(staged(repo.top()), []);
    repo.write("a.py", "a\n").write("pkg/b.py", "b\n").stage();
    let rows = agrees(&repo);
    assert_eq!(paths(&rows), ["a.py", "pkg/b.py"]);
    let repository = Repository::open(repo.top()).unwrap();
    assert!(repository.staged().unwrap().old_sides.is_empty());
}

#[test]
fn added_modified_deleted_and_renamed_files() {
    for args in [&[][..], &["--object-format=sha256"]] {
        let repo = sample(args);
        assert!(agrees(&repo).is_empty());
        repo.write("a.py", "a2\n").write("pkg/new.py", "n\n");
        repo.git(&["mv", "pkg/deep/c.py", "pkg/moved.py"]);
        repo.stage();
        assert_eq!(paths(&agrees(&repo)), ["a.py", "pkg/deep/c.py", "pkg/moved.py", "pkg/new.py"]);
        let repository = Repository::open(repo.top()).unwrap();
        // Neither an unknown id nor one of the other hash's length names an object.
        for length in [40, 64] {
            assert_eq!(repository.resolve(&"1".repeat(length)).unwrap(), None);
            assert!(pushed(&repository, &"1".repeat(length), &[]).is_err());
        }
    }
}

#[test]
fn modes_links_and_submodules_are_no_files() {
    let repo = sample(&[]);
    repo.git(&["update-index", "--chmod=+x", "a.py"]);
    assert!(agrees(&repo).is_empty(), "a mode alone is no change");
    repo.remove("a.py").remove("pkg/b.py");
    std::os::unix::fs::symlink("pkg/b.py", repo.top().join("a.py")).unwrap();
    let head = repo.git(&["rev-parse", "HEAD"]);
    repo.stage().git(&["update-index", "--add", "--cacheinfo", &format!("160000,{head},sub")]);
    let rows = agrees(&repo);
    assert_eq!(paths(&rows), ["a.py", "pkg/b.py"]);
    assert!(rows.iter().all(|(_, _, new)| new.is_none()));
    repo.git(&["commit", "-q", "-m", "link"]);
    repo.remove("a.py").write("a.py", "file again\n").git(&["add", "a.py"]);
    let rows = agrees(&repo);
    assert!(matches!(&rows[..], [(path, None, Some(_))] if path == "a.py"));
}

#[test]
fn a_file_becomes_a_folder_and_back() {
    let repo = sample(&[]);
    repo.remove("a.py").write("a.py/x.py", "x\n").write("a.py-b", "y\n").stage();
    assert_eq!(paths(&agrees(&repo)), ["a.py", "a.py-b", "a.py/x.py"]);
    repo.commit("folder");
    std::fs::remove_dir_all(repo.top().join("a.py")).unwrap();
    repo.write("a.py", "a\n").stage();
    assert_eq!(paths(&agrees(&repo)), ["a.py", "a.py/x.py"]);
}

#[test]
fn intended_entries_are_not_there_yet() {
    let repo = sample(&[]);
    repo.write("pkg/later.py", "l\n").write("pkg/b.py", "b2\n");
    repo.git(&["add", "-N", "pkg/later.py"]);
    repo.git(&["add", "pkg/b.py"]);
    assert_eq!(paths(&agrees(&repo)), ["pkg/b.py"]);
    let repository = Repository::open(repo.top()).unwrap();
    assert!(!repository.staged().unwrap().new_side.is_file(b"pkg/later.py").unwrap());
}

#[test]
fn every_index_format() {
    let repo = sample(&[]);
    for change in [
        &["update-index", "--index-version", "4"][..],
        &["update-index", "--split-index"],
        &["update-index", "--no-split-index", "--index-version", "2"],
    ] {
        repo.git(change);
        repo.write("pkg/b.py", format!("{change:?}")).write(&format!("{}.py", change.len()), "x\n").stage();
        assert!(!agrees(&repo).is_empty());
        repo.git(&["write-tree"]);
        agrees(&repo);
        repo.commit("next");
        assert!(agrees(&repo).is_empty());
    }
}

#[test]
fn a_sparse_index_is_whole() {
    let repo = sample(&[]);
    repo.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "pkg/deep"]);
    assert!(repo.git(&["ls-files", "--sparse"]).contains("other/\n"));
    repo.write("pkg/deep/c.py", "c2\n");
    repo.git(&["add", "pkg/deep/c.py"]);
    assert_eq!(paths(&agrees(&repo)), ["pkg/deep/c.py"]);
    let repository = Repository::open(repo.top()).unwrap();
    let all = repository.all().unwrap();
    assert_eq!(paths(&rows(&all)), ["a.py", "other/d.py", "pkg/b.py", "pkg/deep/c.py"]);
    assert_looks(&all.new_side);
    assert_looks(&repository.staged().unwrap().new_side);
}

/// Asserts that a side has the sample's files and folders.
fn assert_looks(side: &Snapshot<'_>) {
    for folder in ["", "pkg", "pkg/deep", "other"] {
        assert!(side.is_folder(folder.as_bytes()).unwrap(), "{folder}");
        assert!(!side.is_file(folder.as_bytes()).unwrap(), "{folder}");
    }
    for file in ["a.py", "pkg/b.py", "pkg/deep/c.py", "other/d.py"] {
        assert!(side.is_file(file.as_bytes()).unwrap(), "{file}");
        assert!(!side.is_folder(file.as_bytes()).unwrap(), "{file}");
    }
    for nothing in ["pk", "pkg/", "pkg/x", "a.py/x", "other/d", "zzz", "/", "/a.py"] {
        assert!(!side.is_file(nothing.as_bytes()).unwrap(), "{nothing}");
        assert!(!side.is_folder(nothing.as_bytes()).unwrap(), "{nothing}");
    }
}

#[test]
fn sides_are_looked_into() {
    let repo = sample(&[]);
    let repository = Repository::open(repo.top()).unwrap();
    let staged = repository.staged().unwrap();
    assert_looks(&staged.new_side);
    assert_looks(&staged.old_sides[0]);
    assert_looks(&repository.all().unwrap().new_side);
    assert_looks(&repository.side_of("HEAD").unwrap());
    assert_eq!(staged.new_side.read(b"pkg/b.py").unwrap().unwrap(), b"b\n");
    repo.write("big.py", vec![b'\n'; (8 << 20) + 1]).stage();
    let repository = Repository::open(repo.top()).unwrap();
    let staged = repository.staged().unwrap();
    assert!(staged.new_side.is_file(b"big.py").unwrap());
    assert_eq!(staged.new_side.read(b"big.py").unwrap(), None);
    assert_eq!(repository.read(staged.files[0].new.unwrap()).unwrap(), Content::TooLarge((8 << 20) + 1));
}

#[test]
fn a_conflict_counts_as_ours() {
    let repo = sample(&[]);
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("a.py", "theirs\n").write("only-theirs.py", "t\n").commit("side");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("a.py", "ours\n").commit("ours");
    assert!(!repo.try_git(&["merge", "side"]).status.success());
    let repository = Repository::open(repo.top()).unwrap();
    let changes = repository.staged().unwrap();
    assert_eq!(changes.old_sides.len(), 2);
    let ours = repo.git(&["rev-parse", "main:a.py"]);
    let file = changes.files.iter().find(|file| file.path == b"a.py").unwrap();
    assert_eq!((id(file.new), id(file.old.get(0).flatten())), (Some(ours.clone()), Some(ours)));
}

#[test]
fn merges_have_all_parents() {
    let repo = sample(&[]);
    for side in ["one", "two"] {
        repo.git(&["checkout", "-q", "-b", side, "main"]);
        repo.write(&format!("{side}.py"), side).commit(side);
    }
    repo.git(&["checkout", "-q", "main"]);
    repo.write("main.py", "m\n").commit("main");
    repo.git(&["merge", "-q", "--no-commit", "one", "two"]);
    let repository = Repository::open(repo.top()).unwrap();
    let changes = repository.staged().unwrap();
    assert_eq!(changes.old_sides.len(), 3);
    assert_eq!(paths(&rows(&changes)), ["main.py", "one.py", "two.py"]);
    for (side, parent) in ["HEAD", "one", "two"].iter().enumerate() {
        let expected = git_says(&repo, &[parent]);
        let ours: Vec<Row> = changes
            .files
            .iter()
            .filter(|file| file.old.get(side) != Some(file.new))
            .map(|file| (String::from_utf8_lossy(&file.path).into(), id(file.old.get(side).flatten()), id(file.new)))
            .collect();
        assert_eq!(ours, expected);
    }
}

/// Returns the program of `tests/programs` that prints what a hook would see; cargo builds it as
/// an example.
fn changes_example() -> String {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.set_file_name("examples");
    path.join("changes").to_str().unwrap().to_owned()
}

fn seen_by_hook(repo: &TestRepo) -> Vec<String> {
    let text = std::fs::read_to_string(repo.beside("seen")).unwrap();
    text.lines().map(|line| line.rsplit(' ').next().unwrap().to_owned()).collect()
}

fn listing_hook(repo: &TestRepo, name: &str) {
    let seen = repo.beside("seen");
    repo.hook(name, &format!("{} staged > {}", changes_example(), seen.display()));
}

#[test]
fn hooks_see_the_commit_about_to_be_made() {
    let repo = sample(&[]);
    listing_hook(&repo, "pre-commit");
    repo.write("a.py", "a2\n").write("pkg/b.py", "b2\n");
    repo.git(&["add", "pkg/b.py"]);
    repo.git(&["commit", "-q", "-m", "path", "a.py"]);
    assert_eq!(seen_by_hook(&repo), ["a.py"]);
    repo.git(&["commit", "-q", "-m", "staged"]);
    assert_eq!(seen_by_hook(&repo), ["pkg/b.py"]);
    repo.write("pkg/deep/c.py", "c2\n");
    repo.git(&["commit", "-q", "-a", "-m", "all"]);
    assert_eq!(seen_by_hook(&repo), ["pkg/deep/c.py"]);
    let linked = repo.beside("linked");
    repo.git(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    std::fs::write(linked.join("pkg/b.py"), "linked\n").unwrap();
    repo.git_in(&linked, &["commit", "-q", "-m", "linked", "pkg/b.py"]);
    assert_eq!(seen_by_hook(&repo), ["pkg/b.py"]);
}

#[test]
fn a_merge_hook_sees_the_other_parents() {
    let repo = sample(&[]);
    listing_hook(&repo, "pre-merge-commit");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("side.py", "s\n").commit("side");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("main.py", "m\n").commit("main");
    repo.git(&["merge", "-q", "-m", "merge", "side"]);
    let text = std::fs::read_to_string(repo.beside("seen")).unwrap();
    assert_eq!(text.lines().map(|line| line.split(' ').count()).collect::<Vec<_>>(), [4, 4], "{text}");
}

#[test]
fn worktrees_and_submodules() {
    let repo = sample(&[]);
    let linked = repo.beside("linked");
    repo.git(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    std::fs::write(linked.join("a.py"), "linked\n").unwrap();
    repo.git_in(&linked, &["add", "a.py"]);
    assert_eq!(staged(&linked), git_says_in(&repo, &linked, &["--cached"]));
    assert_eq!(staged(&linked.join("pkg")).len(), 1, "found from beneath");
    let repository = Repository::open(&linked.join("pkg")).unwrap();
    assert_eq!(repository.top().unwrap().canonicalize().unwrap(), linked.canonicalize().unwrap());

    let outer = sample(&[]);
    let from = repo.top().to_str().unwrap();
    outer.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", from, "sub"]);
    assert!(paths(&agrees(&outer)).contains(&".gitmodules"));
    outer.write("sub/a.py", "sub\n");
    let sub = outer.top().join("sub");
    outer.git_in(&sub, &["add", "a.py"]);
    assert_eq!(staged(&sub), git_says_in(&outer, &sub, &["--cached"]));
}

/// Returns what `to` adds to `from`.
fn range<'r>(repository: &'r Repository, from: &str, to: &str) -> Result<Changes<'r>, Error> {
    let (news, tip) = repository.range(from, to)?;
    repository.changes_at(&news, tip, &[])
}

/// Returns the files that a push of `tip` adds to `known`.
pub fn pushed(repository: &Repository, tip: &str, known: &[String]) -> Result<Vec<ChangedFile>, Error> {
    let Some(tip) = repository.peel(tip)? else { return Ok(Vec::new()) };
    let news = repository.new_commits(&[tip], &Existing::Commits(known), usize::MAX)?;
    Ok(repository.changes_at(&news, tip, &[])?.files.to_vec())
}

#[test]
fn a_range_is_judged_from_where_it_branched() {
    let repo = sample(&[]);
    let base = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["checkout", "-q", "-b", "work"]);
    repo.write("work.py", "w\n").commit("work");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("a.py", "cleaned up\n").commit("main moved on");
    let repository = Repository::open(repo.top()).unwrap();
    let changes = range(&repository, "main", "work").unwrap();
    assert_eq!(rows(&changes), git_says_in(&repo, repo.top(), &[&base, "work"]));
    assert_eq!(paths(&rows(&changes)), ["work.py"]);
    assert!(range(&repository, "work", "main~1").unwrap().files.is_empty(), "nothing new");
    // After merging main into the branch, main's files differ from one boundary, not from both.
    repo.git(&["checkout", "-q", "work"]);
    repo.git(&["merge", "-q", "-m", "merge", "main"]);
    let repository = Repository::open(repo.top()).unwrap();
    let changes = range(&repository, "main", "work").unwrap();
    let in_all: Vec<_> = changes.files.iter().filter(|file| file.old.iter().all(|old| old != file.new)).collect();
    assert_eq!(in_all.len(), 1);
    assert_eq!(in_all[0].path, b"work.py");
    assert_eq!(changes.old_sides.len(), 2);
}

#[test]
fn pushes_hide_what_is_known() {
    let repo = sample(&[]);
    let first = repo.git(&["rev-parse", "HEAD"]);
    let second = repo.write("two.py", "2\n").commit("second");
    let third = repo.write("three.py", "3\n").commit("third");
    repo.git(&["tag", "-a", "-m", "t", "one", &third]);
    repo.git(&["tag", "-a", "-m", "t", "nested", "one"]);
    repo.git(&["tag", "-a", "-m", "t", "blob", "HEAD:a.py"]);
    let repository = Repository::open(repo.top()).unwrap();
    let nested = repo.git(&["rev-parse", "nested"]);
    let of = |tip: &str, known: &[String]| {
        let files = pushed(&repository, tip, known).unwrap();
        files.into_iter().map(|file| String::from_utf8(file.path).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(of(&third, std::slice::from_ref(&second)), ["three.py"]);
    assert_eq!(of(&nested, std::slice::from_ref(&first)), ["three.py", "two.py"]);
    assert_eq!(of(&second, &[first.clone(), nested.clone()]), [""; 0]);
    assert_eq!(of(&first, &[]).len(), 4, "a first push is all new");
    assert_eq!(of(&repo.git(&["rev-parse", "blob"]), &[]), [""; 0]);
    assert!(matches!(pushed(&repository, "HEAD", &[]), Err(Error::NoSuchRevision { .. })));
}

#[test]
fn revisions_mean_what_git_means() {
    let repo = sample(&[]);
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write("side.py", "s\n").commit("side");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("main.py", "m\n").commit("main");
    repo.git(&["merge", "-q", "-m", "merge", "side"]);
    repo.git(&["tag", "-a", "-m", "t", "v1"]);
    repo.git(&["update-ref", "refs/remotes/origin/main", "HEAD~1"]);
    repo.git(&["pack-refs", "--all"]);
    repo.git(&["update-ref", "refs/remotes/origin/work", "HEAD"]);
    let repository = Repository::open(repo.top()).unwrap();
    let short = repo.git(&["rev-parse", "--short", "HEAD"]);
    let names = [
        "HEAD",
        "@",
        "main",
        "heads/side",
        "v1",
        "v1^{}",
        "HEAD^2",
        "HEAD~2",
        "@^1~1",
        "v1^2^",
        "origin/main",
        &short,
        "v1^{commit}",
        "HEAD^0",
    ];
    for name in names {
        let expected = repo.git(&["rev-parse", &format!("{name}^{{commit}}")]);
        assert_eq!(repository.resolve(name).unwrap(), Some(expected), "{name}");
    }
    for name in ["nothing", "HEAD^3", "HEAD~9", "HEAD:a.py", "", "..", "HEAD^x", "zzzz", "abcd"] {
        assert_eq!(repository.resolve(name).unwrap(), None, "{name}");
    }
    let tips = repository.remote_tips(Some("origin"), &|_| true).unwrap();
    assert_eq!(tips.len(), 2);
    assert!(repository.remote_tips(Some("nobody"), &|_| true).unwrap().is_empty());
    let head = |remote| repository.remote_head(remote).unwrap();
    assert_eq!(head("origin").as_deref(), Some("refs/remotes/origin/main"));
    repo.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/work"]);
    assert_eq!(head("origin").as_deref(), Some("refs/remotes/origin/HEAD"));
    assert_eq!(head("nobody"), None);
}

#[test]
fn configuration_is_read() {
    let repo = sample(&[]);
    repo.git(&["config", "importgate.policy", "main:policy.toml"]);
    let repository = Repository::open(repo.top()).unwrap();
    assert_eq!(repository.config("importgate.policy").unwrap().as_deref(), Some("main:policy.toml"));
    assert_eq!(repository.config("importgate.other").unwrap(), None);
    assert!(!repository.is_partial());
}

#[test]
fn a_shallow_clone_says_so() {
    let repo = sample(&[]);
    let old = repo.git(&["rev-parse", "HEAD"]);
    repo.write("a.py", "2\n").commit("two");
    repo.write("a.py", "3\n").commit("three");
    let clone = repo.beside("shallow");
    let from = format!("file://{}", repo.top().display());
    repo.git(&["clone", "-q", "--depth=2", &from, clone.to_str().unwrap()]);
    let repository = Repository::open(&clone).unwrap();
    assert_eq!(range(&repository, "HEAD~1", "HEAD").unwrap().files.len(), 1);
    let error = range(&repository, &old, "HEAD").err().unwrap();
    assert!(error.hint().unwrap().contains("fetch more history"), "{error}");
    let error = pushed(&repository, &repository.resolve("HEAD").unwrap().unwrap(), &[]).err().unwrap();
    assert!(matches!(error, Error::Shallow { .. }));
    assert!(repository.staged().unwrap().files.is_empty());
}

#[test]
fn a_partial_clone_lacks_files_but_not_the_list() {
    let repo = sample(&[]);
    repo.write("a.py", "2\n").commit("two");
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = repo.beside("partial");
    let from = format!("file://{}", repo.top().display());
    repo.git(&["clone", "-q", "--filter=blob:none", "--no-checkout", &from, clone.to_str().unwrap()]);
    let repository = Repository::open(&clone).unwrap();
    assert!(repository.is_partial());
    let changes = range(&repository, "HEAD~1", "HEAD").unwrap();
    let blob = changes.files[0].old.get(0).flatten().unwrap();
    assert_eq!(repository.read(blob).unwrap(), Content::NotFetched);
}

#[test]
fn what_is_broken_is_said_plainly() {
    let nowhere = tempfile::TempDir::new().unwrap();
    assert!(matches!(Repository::open(nowhere.path()), Err(Error::NotARepository { .. })));

    let repo = sample(&[]);
    let index = repo.top().join(".git/index");
    let whole = std::fs::read(&index).unwrap();
    let mut failed = 0;
    for end in (0..whole.len()).step_by(7) {
        std::fs::write(&index, &whole[..end]).unwrap();
        let repository = Repository::open(repo.top()).unwrap();
        // If all entries are complete, only extensions are missing, which are caches.
        match (repository.staged(), repository.all()) {
            (Err(Error::BadIndex { .. }), Err(Error::BadIndex { .. })) => failed += 1,
            (Ok(staged), Ok(all)) => assert_eq!((staged.files.len(), all.files.len()), (0, 4), "{end}"),
            _ => panic!("{end} of {}", whole.len()),
        }
    }
    assert!(failed > 40);
    for at in 0..whole.len() {
        let mut broken = whole.clone();
        broken[at] ^= 0xff;
        std::fs::write(&index, &broken).unwrap();
        let repository = Repository::open(repo.top()).unwrap();
        // The result may be right, wrong or an error, as nothing verifies it; but no panic.
        let _ = (repository.staged().map(|_| ()), repository.all().map(|_| ()));
    }
    std::fs::remove_file(&index).unwrap();
    assert_eq!(staged(repo.top()).len(), 4, "without an index, all is removed");

    let blob = repo.git(&["rev-parse", "HEAD^{tree}"]);
    std::fs::remove_file(repo.top().join(".git/objects").join(&blob[..2]).join(&blob[2..])).unwrap();
    let repository = Repository::open(repo.top()).unwrap();
    let error = repository.staged().err().unwrap();
    assert!(matches!(error, Error::MissingObject { what: "tree", .. }), "{error}");
}

#[test]
fn reftable_is_named() {
    let repo = TestRepo::with(&["--ref-format=reftable"]);
    let error = Repository::open(repo.top()).err().unwrap();
    assert!(matches!(error, Error::UnsupportedRefs { .. }), "{error}");
}

#[test]
fn bare_repositories_have_ranges() {
    let repo = sample(&[]);
    repo.write("a.py", "2\n").commit("two");
    let bare = repo.beside("bare.git");
    repo.git(&["clone", "-q", "--bare", repo.top().to_str().unwrap(), bare.to_str().unwrap()]);
    let repository = Repository::open(&bare).unwrap();
    assert_eq!(repository.top(), None);
    assert_eq!(paths(&rows(&range(&repository, "HEAD^", "HEAD").unwrap())), ["a.py"]);
}

#[test]
fn replaced_objects_are_not_honoured() {
    let repo = sample(&[]);
    repo.write("a.py", "import bad\n").stage();
    let (bad, good) = (repo.git(&["rev-parse", ":a.py"]), repo.git(&["rev-parse", "HEAD:a.py"]));
    repo.git(&["replace", &bad, &good]);
    let repository = Repository::open(repo.top()).unwrap();
    let changes = repository.staged().unwrap();
    assert_eq!(repository.read(changes.files[0].new.unwrap()).unwrap().bytes().unwrap(), b"import bad\n");
}

#[test]
fn depth_and_unfolding_have_limits() {
    let repo = TestRepo::new();
    let deep = "d/".repeat(5000);
    let import = format!(
        "commit refs/heads/main\ncommitter t <t@example.org> 1700000000 +0000\ndata 1\nx\nM 100644 inline {deep}f\ndata 1\nx\n"
    );
    std::fs::write(repo.beside("import"), import).unwrap();
    let input = std::fs::File::open(repo.beside("import")).unwrap();
    assert!(repo.command("git").args(["fast-import", "--quiet"]).stdin(input).status().unwrap().success());
    let repository = Repository::open(repo.top()).unwrap();
    let tip = repository.resolve("main").unwrap().unwrap();
    let error = pushed(&repository, &tip, &[]).err().unwrap();
    assert!(matches!(error, Error::TooDeep { .. }), "{error}");

    // Ten trees, each ten times in the next one: ten billion paths from a few hundred bytes.
    let blob = repo.git(&["hash-object", "-w", "--stdin"]);
    let mut line = format!("100644 blob {blob}");
    for _ in 0..10 {
        let tree: String = (0..10).map(|name| format!("{line}\t{name}\n")).collect();
        std::fs::write(repo.beside("tree"), tree).unwrap();
        let input = std::fs::File::open(repo.beside("tree")).unwrap();
        let output = repo.command("git").arg("mktree").stdin(input).output().unwrap();
        line = format!("040000 tree {}", String::from_utf8(output.stdout).unwrap().trim());
    }
    let bomb = repo.git(&["commit-tree", "-m", "bomb", line.split(' ').next_back().unwrap()]);
    let error = pushed(&repository, &bomb, &[]).err().unwrap();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
}

#[test]
fn variables_name_the_repository() {
    let repo = sample(&[]);
    repo.write("a.py", "a2\n").stage();
    let elsewhere = repo.beside("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    let changes = |dir: &Path, variables: &[(&str, &str)]| {
        let mut command = repo.command(changes_example());
        let output = command.current_dir(dir).arg("staged").envs(variables.iter().copied()).output().unwrap();
        assert!(output.status.success(), "{variables:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().lines().count()
    };
    let git_dir = repo.top().join(".git");
    let (git_dir, top) = (git_dir.to_str().unwrap(), repo.top().to_str().unwrap());
    assert_eq!(changes(&elsewhere, &[("GIT_DIR", git_dir), ("GIT_WORK_TREE", top)]), 1);
    assert_eq!(changes(&elsewhere, &[("GIT_DIR", git_dir)]), 1);
    assert_eq!(changes(repo.top(), &[("GIT_DIR", ".git")]), 1);
    // In a subfolder, git resolves a relative path from the top.
    std::fs::copy(repo.top().join(".git/index"), repo.top().join(".git/other")).unwrap();
    repo.write("pkg/b.py", "b2\n").stage();
    let beneath = repo.top().join("pkg");
    assert_eq!(changes(&beneath, &[("GIT_INDEX_FILE", ".git/other")]), 1);
    assert_eq!(changes(&beneath, &[("GIT_INDEX_FILE", ".git/none")]), 4);
    assert_eq!(changes(&beneath, &[]), 2);
    // The git directory of a linked worktree, and the common directory.
    let linked = repo.beside("linked");
    repo.git(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    let private = repo.git_in(&linked, &["rev-parse", "--absolute-git-dir"]);
    assert_eq!(changes(&linked, &[("GIT_DIR", &private), ("GIT_COMMON_DIR", git_dir)]), 0);
}

#[test]
fn borrowed_objects_are_found() {
    let repo = sample(&[]);
    repo.git(&["gc", "-q"]);
    let clone = repo.beside("borrower");
    repo.git(&["clone", "-q", "--shared", repo.top().to_str().unwrap(), clone.to_str().unwrap()]);
    std::fs::write(clone.join("pkg/b.py"), "b2\n").unwrap();
    repo.git_in(&clone, &["add", "-A"]);
    assert_eq!(staged(&clone), git_says_in(&repo, &clone, &["--cached"]));
    repo.git_in(&clone, &["commit", "-q", "-m", "b2"]);
    repo.git_in(&clone, &["repack", "-q", "-a", "-d", "--write-midx"]);
    std::fs::write(clone.join("pkg/b.py"), "b3\n").unwrap();
    repo.git_in(&clone, &["add", "-A"]);
    assert_eq!(staged(&clone), git_says_in(&repo, &clone, &["--cached"]));
}

#[test]
fn sides_are_alike_where_no_more_than_files_differs_and_none_was_looked_at() {
    let alike = |change: fn(&TestRepo)| {
        let repo = TestRepo::new();
        repo.write("a/x.py", "x\n").write("a/y.json", "{}\n").write("b.py", "b\n").commit("base");
        change(&repo);
        let repository = Repository::open(repo.top()).unwrap();
        let changes = repository.staged().unwrap();
        let old = &changes.old_sides[0];
        let at_first = old.alike().is_some();
        // What is not changed may be read, and it may be asked whether a changed file is there.
        assert!(changes.new_side.read(b"a/x.py").unwrap().is_some() && changes.new_side.is_file(b"a/y.json").unwrap());
        assert_eq!(old.alike().is_some(), at_first);
        changes.new_side.read(b"a/y.json").unwrap();
        (at_first, old.alike().is_some())
    };
    let in_place: fn(&TestRepo) = |repo| _ = repo.write("b.py", "new\n").write("a/y.json", "[]\n").stage();
    assert_eq!(alike(in_place), (true, false));
    let elsewhere: fn(&TestRepo) = |repo| _ = repo.write("b.py", "new\n").stage();
    assert_eq!(alike(elsewhere), (true, true));
    let others: [fn(&TestRepo); 5] = [
        |repo| _ = repo.write("a/z.py", "new\n").stage(),
        |repo| _ = repo.remove("b.py").stage(),
        |repo| stage_link(repo, "c"),
        |repo| stage_link(repo, "c/d"),
        |repo| stage_link(repo, "b.py"),
    ];
    for (number, change) in others.into_iter().enumerate() {
        assert_eq!(alike(change), (false, false), "{number}");
    }
}

fn stage_link(repo: &TestRepo, path: &str) {
    let id = repo.git(&["hash-object", "-w", "b.py"]);
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("120000,{},{path}", id.trim())]);
}
