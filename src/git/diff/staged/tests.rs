//! What is read ahead of a walk.

use std::path::Path;

use super::super::ahead::Place;
use super::*;
use crate::git::testing::git;

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

/// A walk that has many folders yet to come to, and the tree that it began with.
fn begun<'r>(repository: &'r Repository, index: &Index) -> (TreeDiff<'r>, ObjectId) {
    let head = repository.head().unwrap().unwrap();
    let old = repository.objects.commit(&head, &mut Vec::new()).unwrap().tree;
    let (root, _) = index.cache_tree().unwrap();
    let (walk, done) = repository.compare_root(&[old], root.unwrap().id, FOLDERS, WAITING).unwrap().unwrap();
    assert!(!done);
    (walk, old)
}

fn opened(dir: &Path) -> (Repository, Arc<Index>) {
    let repository = Repository::open(dir).unwrap();
    let index = Index::open(repository.index_path(), repository.objects.hash()).unwrap();
    (repository, Arc::new(index))
}

fn read_ahead(ahead: &Ahead, repository: &Repository, index: &Index, places: &[Place]) {
    ahead.read(repository.objects.seed().unwrap(), places, index.nodes().unwrap());
}

fn has(ahead: &Ahead, id: &ObjectId) -> bool {
    ahead.copy(id, u64::MAX, &mut Vec::new())
}

/// Which of the places were read ahead.
fn read(ahead: &Ahead, places: &[Place]) -> Vec<usize> {
    let is_read = |place: &Place| place.1.iter().flatten().all(|id| has(ahead, id));
    (0..places.len()).filter(|&number| is_read(&places[number])).collect()
}

#[test]
fn what_is_read_ahead_is_all_that_the_walk_asks_for() {
    let dir = changed();
    let (repository, index) = opened(dir.path());
    let expected = repository.staged().unwrap().files;
    assert_eq!(expected.len(), 59 + 3);
    let (walk, _) = begun(&repository, &index);
    let places = walk.places();
    let ahead = Ahead::of(places.len(), ahead::MOST);
    read_ahead(&ahead, &repository, &index, &places);

    std::fs::remove_dir_all(dir.path().join(".git/objects")).unwrap();
    let entries = Entries::read(index).unwrap();
    let mut walk = walk.turn_to(&entries).unwrap().with_ahead(&ahead);
    walk.run().unwrap();
    assert_eq!(walk.finish(), expected);
}

#[test]
fn nothing_is_read_of_what_the_walk_has_left_behind() {
    let dir = changed();
    let (repository, index) = opened(dir.path());
    let (walk, _) = begun(&repository, &index);
    let places = walk.places();
    let read_where_left = |left: usize| {
        let ahead = Ahead::of(places.len(), ahead::MOST);
        ahead.keep_off(left);
        read_ahead(&ahead, &repository, &index, &places);
        read(&ahead, &places)
    };
    for left in [0, 1, 7, places.len()] {
        assert_eq!(read_where_left(left), (0..left).collect::<Vec<_>>());
    }
    let ahead = Ahead::of(places.len(), ahead::MOST);
    let entries = Entries::read(Arc::clone(&index)).unwrap();
    walk.turn_to(&entries).unwrap().with_ahead(&ahead).run().unwrap();
    read_ahead(&ahead, &repository, &index, &places);
    assert_eq!(read(&ahead, &places), [0], "the last folder that the walk came to");
}

#[test]
fn no_more_is_read_ahead_than_is_allowed() {
    let dir = changed();
    let (repository, index) = opened(dir.path());
    let (walk, old) = begun(&repository, &index);
    let places = walk.places();
    let read_of = |most: usize| {
        let ahead = Ahead::of(places.len(), most);
        read_ahead(&ahead, &repository, &index, &places);
        read(&ahead, &places).len()
    };
    let (few, more) = (read_of(1 << 10), read_of(4 << 10));
    assert!(0 < few && few < more && more < places.len(), "{few} {more}");

    let ahead = Ahead::of(1, ahead::MOST);
    read_ahead(&ahead, &repository, &index, &[(Vec::new(), vec![Some(old)])]);
    let mut tree = Vec::new();
    assert!(ahead.copy(&old, u64::MAX, &mut tree));
    assert!(ahead.copy(&old, tree.len() as u64, &mut Vec::new()));
    assert!(!ahead.copy(&old, tree.len() as u64 - 1, &mut Vec::new()));
}

#[test]
fn few_files_are_open_where_there_are_many_packs() {
    let dir = changed();
    let is_read_ahead = || Repository::open(dir.path()).unwrap().objects.seed().is_some();
    assert!(is_read_ahead());
    git(
        dir.path(),
        "seq 50 | while read n; do
            echo packed $n | git hash-object -w --stdin | git pack-objects -q .git/objects/pack/pack
        done",
    );
    assert!(!is_read_ahead());
}
