//! Packs are read as git reads them, however they were packed; a broken pack never yields a wrong object.

use importgate::git::{Content, Repository};

use crate::repo::TestRepo;

/// Commits versions of a file that grows, shrinks and moves its lines, so that git makes deltas of
/// every kind.
fn versions(repo: &TestRepo, numbers: std::ops::Range<usize>) {
    for number in numbers {
        let lines = (0..400).map(|line| format!("x{line} = {}\n", (line * 7919 + number * (line % 3)) % 1000));
        let content: String = lines.skip(number * 3 % 40).collect();
        // A file that grows by 97 bytes with each version.
        let noise: String = (0..number * 97).map(|at| char::from(b'a' + ((at * at + number) % 26) as u8)).collect();
        repo.write("grows.py", &content)
            .write("folder/noise.py", &noise)
            .write(&format!("f{number}.py"), "import os\n");
        repo.commit(&format!("version {number}"));
    }
}

/// Asserts that importgate and git read the files of each commit alike.
fn assert_reads_as_git(repo: &TestRepo, count: usize) {
    let repository = Repository::open(repo.top()).unwrap();
    for back in 0..count - 1 {
        let (news, tip) = repository.range(&format!("HEAD~{}", back + 1), &format!("HEAD~{back}")).unwrap();
        let changes = repository.changes_at(&news, tip, &[]).unwrap();
        assert_eq!(changes.files.len(), 3, "HEAD~{back}");
        for file in changes.files.iter() {
            let blob = file.new.unwrap();
            let Content::Bytes(bytes) = repository.read(blob).unwrap() else { panic!("{blob} was not read") };
            assert_eq!(
                String::from_utf8(bytes).unwrap().trim_end(),
                repo.git(&["cat-file", "blob", &blob.to_string()])
            );
        }
    }
}

#[test]
fn deltas_of_either_kind_are_read() {
    for args in [&[][..], &["--object-format=sha256"]] {
        let repo = TestRepo::with(args);
        versions(&repo, 0..30);
        assert_reads_as_git(&repo, 30);
        for config in ["repack.useDeltaBaseOffset=true", "repack.useDeltaBaseOffset=false", "pack.compression=0"] {
            repo.git(&["-c", config, "repack", "-q", "-a", "-d", "-f", "--depth=40", "--window=50"]);
            assert_reads_as_git(&repo, 30);
        }
        let packs = repo.git(&["count-objects", "-v"]);
        assert!(packs.contains("\ncount: 0\n") || packs.starts_with("count: 0\n"), "{packs}");
    }
}

#[test]
fn several_packs_are_searched() {
    let repo = TestRepo::new();
    for part in 0..3 {
        versions(&repo, part * 5..part * 5 + 5);
        repo.git(&["repack", "-q", "-d"]);
    }
    assert_reads_as_git(&repo, 15);
}

#[test]
fn a_broken_pack_is_never_read_as_something_else() {
    let repo = TestRepo::new();
    versions(&repo, 0..12);
    repo.git(&["repack", "-q", "-a", "-d", "-f"]);
    let folder = repo.top().join(".git/objects/pack");
    let pack = std::fs::read_dir(folder).unwrap().flatten().map(|file| file.path());
    let pack = pack.into_iter().find(|path| path.extension() == Some("pack".as_ref())).unwrap();
    let good = std::fs::read(&pack).unwrap();
    let before: Vec<_> = contents(&repo).into_iter().map(Option::unwrap).collect();
    std::fs::remove_file(&pack).unwrap();
    for at in (12..good.len()).step_by(good.len() / 60) {
        let mut bad = good.clone();
        bad[at] ^= 0x55;
        std::fs::write(&pack, &bad).unwrap();
        for (found, expected) in contents(&repo).into_iter().zip(&before) {
            assert!(found.is_none_or(|found| found == *expected), "byte {at}");
        }
        std::fs::write(&pack, &good[..at]).unwrap();
        for (found, expected) in contents(&repo).into_iter().zip(&before) {
            assert!(found.is_none_or(|found| found == *expected), "cut at {at}");
        }
    }
}

const RULE: &str =
    "importgate = 1\n[[rule]]\nid = 'old'\nlanguage = 'python'\nforbid = ['a.old']\nseverity = 'block'\n";

/// Packs everything in chains of one delta; returns the number of deltas against `base`.
fn deltas_of(repo: &TestRepo, base: &str) -> usize {
    repo.git(&["repack", "-q", "-a", "-d", "-f", "--depth=1", "--window=100"]);
    let files = std::fs::read_dir(repo.top().join(".git/objects/pack")).unwrap().flatten().map(|file| file.path());
    let index = files.into_iter().find(|path| path.extension() == Some("idx".as_ref())).unwrap();
    let end = format!(" 1 {}", repo.git(&["rev-parse", &format!("HEAD:{base}")]));
    repo.git(&["verify-pack", "-v", &index.to_string_lossy()]).lines().filter(|line| line.ends_with(&end)).count()
}

/// Judges the last commit within an address space of `kibibytes`.
#[track_caller]
fn assert_blocks_within(repo: &TestRepo, kibibytes: usize, files: usize) {
    let script = format!("ulimit -v {kibibytes}; exec \"$0\" check --range HEAD~..HEAD");
    let run = repo.command("sh").args(["-c", &script, env!("CARGO_BIN_EXE_importgate")]).output().unwrap();
    let blocks = String::from_utf8_lossy(&run.stdout).contains(&format!("{files} blocked in {files} of "));
    assert!(run.status.code() == Some(1) && blocks, "{run:?}");
}

/// The base of a delta may be much larger than the file, and must not be kept once that is read.
#[test]
fn files_made_from_a_larger_one_are_read_in_little_memory() {
    for mebibytes in [24, 40] {
        let repo = TestRepo::new();
        repo.write("policy.toml", RULE).write("large.txt", "#".repeat(mebibytes << 20)).commit("large");
        // Git makes no delta against a base that is over 32 times as large.
        let rest = "#".repeat((mebibytes << 20) / 30);
        for number in 0..12 {
            repo.write(&format!("f{number}.py"), format!("import a.old.x{number}\n{rest}"));
        }
        repo.commit("files");
        assert_eq!(deltas_of(&repo, "large.txt"), 12);
        assert_blocks_within(&repo, 400_000, 12);
    }
}

/// Files of 8 MiB, the largest that are read, alternate with small ones; each of them is a delta.
#[test]
fn the_memory_of_large_deltas_is_not_kept_for_small_ones() {
    let repo = TestRepo::new();
    let words: String = (0..200).map(|number| format!("# {}\n", number * 7919 % 1000)).collect();
    repo.write("policy.toml", RULE).write("small.txt", format!("{words}{words}"));
    repo.write("large.txt", "#".repeat(9 << 20)).commit("bases");
    for number in 10..35 {
        let import = format!("import a.old.x{number}\n");
        let large = format!("{import}{}", "#".repeat((8 << 20) - import.len()));
        repo.write(&format!("f{number}a.py"), large).write(&format!("f{number}b.py"), format!("{import}{words}"));
    }
    repo.commit("files");
    assert_eq!((deltas_of(&repo, "large.txt"), deltas_of(&repo, "small.txt")), (25, 25));
    assert_blocks_within(&repo, 150_000, 50);
}

/// Returns the content of each file of the last commit; `None` if it cannot be read.
fn contents(repo: &TestRepo) -> Vec<Option<Vec<u8>>> {
    let repository = Repository::open(repo.top()).unwrap();
    let ids = ["grows.py", "folder/noise.py", "f3.py"];
    let Ok(side) = repository.side_of("HEAD") else { return vec![None; ids.len()] };
    let read = |path: &str| {
        let blob = side.blob(path.as_bytes()).ok()??;
        repository.read(blob).ok()?.bytes()
    };
    ids.into_iter().map(read).collect()
}
