#!/usr/bin/env python3
"""Seeds of a fuzz target: `seeds.py TARGET FOLDER`.

A scanner's are the texts of its cases, those of git's formats come from small repositories that git makes on the spot.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import zlib

TESTS = pathlib.Path(__file__).resolve().parent.parent / "tests"
HASHES = {"sha1": 20, "sha256": 32}
OFS_DELTA, REF_DELTA = 6, 7
MAX_SEED_BYTES = 16 << 10


def scanner(language):
    sys.path.append(str(TESTS / "oracle" / "shared"))
    import case_files
    paths = sorted((TESTS / "cases" / language).glob("*.txt"))
    cases = [case for path in paths for case in case_files.read(path) if "file" in case.arguments]
    # the first byte chooses the file's ending
    return [bytes([number % 256]) + case.text().encode() for number, case in enumerate(cases)]


class Repository:
    """A repository of git's own making, which knows no configuration but its own."""

    def __init__(self, top, name, hash_name):
        self.top = top / f"{name}-{hash_name}"
        self.top.mkdir()
        self.id_len = HASHES[hash_name]
        self.flags = list(HASHES).index(hash_name)
        self.git("init", "--quiet", f"--object-format={hash_name}")

    def git(self, *arguments, stdin=None, env=None):
        fixed = {"PATH": os.environ["PATH"], "HOME": str(self.top), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
        people = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
                  for what, value in (("NAME", "a"), ("EMAIL", "a@b"), ("DATE", "1700000000 +0000"))}
        command = ["git", "-C", str(self.top), *arguments]
        return subprocess.run(command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              env={**fixed, **people, **(env or {})}, check=False).stdout

    def write(self, path, text):
        path = self.top / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "m")


def index_files(top, hash_name):
    """Indexes as git writes them: each version and extension, with the file's bytes."""
    repository = Repository(top, "index", hash_name)
    git, found = repository.git, []

    def keep():
        found.append((repository.top / ".git" / "index").read_bytes())

    for path in ("a/b/c.py", "a/b/d.py", "a/e.py", "a-b/f.go", "f/g/h/i/j.java", "k.rs", "l.ts", "m" * 200):
        repository.write(path, path)
    git("add", "k.rs")
    keep()
    repository.commit()
    keep()
    os.symlink("k.rs", repository.top / "link")
    git("add", "link")
    git("update-index", "--chmod=+x", "l.ts")
    keep()
    for version in ("4", "2"):
        git("update-index", "--index-version", version)
        keep()
        repository.write("new/file.py", "")
        git("add", "--intent-to-add", "new/file.py")
        git("update-index", "--skip-worktree", "a/e.py")
        keep()
        git("update-index", "--no-skip-worktree", "a/e.py")
        git("reset", "--quiet")
    git("-c", "index.threads=2", "update-index", "--force-write-index")
    keep()
    git("update-index", "--force-untracked-cache")
    git("status")
    keep()
    repository.write("monitor", "#!/bin/sh\nprintf 'token\\0/\\0'\n")
    os.chmod(repository.top / "monitor", 0o755)
    git("config", "core.fsmonitor", str(repository.top / "monitor"))
    git("update-index", "--fsmonitor")
    git("status")
    keep()
    git("config", "--unset", "core.fsmonitor")
    git("update-index", "--no-fsmonitor", "--no-untracked-cache")
    git("checkout", "--quiet", "-b", "other")
    repository.write("a/e.py", "other")
    repository.commit()
    git("checkout", "--quiet", "-b", "third", "HEAD~")
    repository.write("a/e.py", "third")
    repository.commit()
    git("merge", "other")
    keep()
    git("add", "a/e.py")
    keep()
    repository.commit()
    git("update-index", "--split-index")
    git("update-index", "--force-remove", "k.rs")
    keep()
    git("update-index", "--no-split-index")
    git("sparse-checkout", "set", "--cone", "--sparse-index", "a")
    keep()
    return [bytes([repository.flags]) + index for index in found]


def index(top):
    return [seed for name in HASHES for seed in index_files(top, name)]


def cache_tree(top):
    """The content of the extension `TREE` of those indexes."""
    found = set()
    for seed in index(top):
        at = seed.rfind(b"TREE")
        if at > 0:
            size = int.from_bytes(seed[at + 4:at + 8], "big")
            found.add(seed[:1] + seed[at + 8:at + 8 + size])
    return sorted(found)


def packs(top):
    """Repositories and packs: with both kinds of deltas, deep and shallow chains, and whole objects alone."""
    options = {"offset": ("--delta-base-offset", "--depth=60", "--window=60"), "id": ("--depth=60", "--window=60"),
               "shallow": ("--delta-base-offset", "--depth=2"), "whole": ("--window=0", "--compression=0")}
    for hash_name in HASHES:
        repository = Repository(top, "packs", hash_name)
        lines = [f"import module_{number}" for number in range(12)]
        for change in range(14):
            lines[change % len(lines)] = f"import other_{change}"
            repository.write("a/b.py", "\n".join(lines))
            repository.write(f"c{change % 3}.py", f"import x{change}\n" * 3)
            repository.commit()
        repository.git("tag", "--annotate", "v1", "--message", "t")
        listed = repository.git("rev-list", "--objects", "--all", "--no-object-names")
        for name, chosen in options.items():
            repository.git("pack-objects", "--quiet", *chosen, str(repository.top / name), stdin=listed)
            yield repository, next(repository.top.glob(f"{name}-*.pack"))


def offsets(repository, pack):
    """Offset and id of each object, from git."""
    listed = repository.git("show-index", f"--object-format={dict(zip((0, 1), HASHES))[repository.flags]}",
                            stdin=pack.with_suffix(".idx").read_bytes())
    return sorted((int(offset), bytes.fromhex(id)) for offset, id, *_ in (line.decode().split() for line in listed.splitlines()))


def pack_index(top):
    """Indexes of both versions, and with offsets in the table of large ones."""
    found = []
    for repository, pack in packs(top):
        for version in ("2", "2,0x100", "1"):
            made = repository.top / "again.idx"
            repository.git("index-pack", f"--index-version={version}", "-o", str(made), str(pack))
            found.append(bytes([repository.flags]) + made.read_bytes())
            made.unlink()
    return found


def pack_entry(top):
    """Packs with the first objects' ids and offsets."""
    found = []
    for repository, pack in packs(top):
        known, data = offsets(repository, pack), pack.read_bytes()
        for some in (known[:20], known[-20:], known[::5]):
            table = b"".join(id + offset.to_bytes(4, "big") for offset, id in some)
            found.append(bytes([repository.flags, len(some)]) + table + data)
    return found


def entry(data, at, id_len):
    """Type, where the base is (an offset or an id), and content of the entry at `at` (gitformat-pack)."""
    start, byte = at, data[at]
    number, at = byte >> 4 & 7, at + 1
    while byte & 0x80:
        byte, at = data[at], at + 1
    base = None
    if number == OFS_DELTA:
        byte, at = data[at], at + 1
        back = byte & 0x7f
        while byte & 0x80:
            byte, at = data[at], at + 1
            back = (back + 1) << 7 | byte & 0x7f
        base = start - back
    elif number == REF_DELTA:
        base, at = data[at:at + id_len], at + id_len
    return number, base, zlib.decompressobj().decompress(data[at:])


def without_sizes(delta):
    """A delta's instructions: the target puts the sizes before them."""
    at = 0
    for _ in range(2):
        while delta[at] & 0x80:
            at += 1
        at += 1
    return delta[at:]


def delta_chain(top):
    """Chains of git's own deltas, and the same with sizes as git told them."""
    found = []

    def piece(content):
        return len(content).to_bytes(2, "big") + content

    for repository, pack in packs(top):
        data = pack.read_bytes()
        known = offsets(repository, pack)
        by_id = {id: offset for offset, id in known}
        for offset, _ in known:
            chain, at = [], offset
            while True:
                number, base, content = entry(data, at, repository.id_len)
                chain.append(content)
                if base is None:
                    break
                at = by_id[base] if number == REF_DELTA else base
            whole, *deltas = reversed(chain)
            flags = repository.flags | (number - 1) << 2
            if deltas:
                found.append(bytes([flags]) + piece(whole) + b"".join(piece(without_sizes(delta)) for delta in deltas))
                found.append(bytes([flags | 2]) + piece(whole) + b"".join(map(piece, deltas)))
    return found


FORMATS = {"index": index, "cache-tree": cache_tree, "pack-index": pack_index, "pack-entry": pack_entry,
           "delta-chain": delta_chain}


def main():
    target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    if target in FORMATS:
        with tempfile.TemporaryDirectory() as top:
            seeds = FORMATS[target](pathlib.Path(top))
        seeds = [seed for seed in seeds if len(seed) <= MAX_SEED_BYTES]
    else:
        seeds = scanner(target)
    if not seeds:
        raise SystemExit(f"fuzz/seeds.py: no seeds for {target}")
    for number, seed in enumerate(seeds):
        (folder / str(number)).write_bytes(seed)


if __name__ == "__main__":
    main()
