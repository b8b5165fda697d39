//! What is read ahead of a walk.

use std::path::Path;
use std::process::Command;

use super::*;

fn git(dir: &Path, script: &str) {
    let mut command = Command::new("sh");
    command.current_dir(dir).args(["-ec", script]).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", dir).env("GIT_CONFIG_NOSYSTEM", "1");
    assert!(command.status().unwrap().success());
}

/// A repository with a change in each of some folders, which have folders and such that do not change beneath them.
fn changed() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    git(
        dir.path(),
        "git init -q
        seq 60 | while read n; do
            mkdir -p m$n/deep/er m$n/same
            echo $n | tee m$n/a.py m$n/deep/er/b.py > m$n/same/c.py
        done
        git add .
        git -c user.name=a -c user.email=a@example.org commit -q -m first
        seq 60 | while read n; do echo more >> m$n/deep/er/b.py; done
        rm -r m7
        git add .
        git write-tree > /dev/null",
    );
    dir
}

#[test]
fn what_is_read_ahead_is_all_that_the_walk_asks_for() {
    let dir = changed();
    let repository = Repository::open(dir.path()).unwrap();
    let expected = repository.staged().unwrap().files;
    assert_eq!(expected.len(), 59 + 3);

    let head = repository.head().unwrap().unwrap();
    let old = repository.objects.commit(&head, &mut Vec::new()).unwrap().tree;
    let index = Index::open(repository.index_path(), repository.objects.hash()).unwrap();
    let (root, _) = index.cache_tree().unwrap();
    let (walk, done) = repository.compare_root(&[old], root.unwrap().id, FOLDERS, WAITING).unwrap().unwrap();
    assert!(!done);
    let places = walk.places();
    let ahead = Ahead::of(places.len());
    ahead.read(repository.objects.seed(), &places, index.nodes().unwrap());

    std::fs::remove_dir_all(dir.path().join(".git/objects")).unwrap();
    let entries = Entries::read(Arc::new(index)).unwrap();
    let mut walk = walk.turn_to(&entries).with_ahead(&ahead);
    walk.run().unwrap();
    assert_eq!(walk.finish(), expected);
}

#[test]
fn nothing_is_read_of_what_the_walk_has_left_behind() {
    let dir = changed();
    let repository = Repository::open(dir.path()).unwrap();
    let head = repository.head().unwrap().unwrap();
    let old = repository.objects.commit(&head, &mut Vec::new()).unwrap().tree;
    let index = Index::open(repository.index_path(), repository.objects.hash()).unwrap();
    let places = [(Vec::new(), vec![Some(old)])];
    for (left, is_read) in [(1, true), (0, false)] {
        let ahead = Ahead::of(1);
        ahead.keep_off(left);
        ahead.read(repository.objects.seed(), &places, index.nodes().unwrap());
        assert_eq!(ahead.take(&old).is_some(), is_read);
        assert!(ahead.take(&old).is_none(), "taken");
    }
}
