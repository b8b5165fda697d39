#!/usr/bin/env python3
"""Push latency: `importgate pre-receive` as git calls it, new objects in quarantine, and git, run alternately.

    benches/push.py [--other PROGRAM] [--counts 100,5000] CLONE

CLONE has Python code. One new commit where there are 50,000 references, compared with `git rev-list --not --all`; then COUNTS
new commits, with and without findings, beside `git log -p --cc -U0` over the same commits.

Prints a Markdown table: medians of wall time; ratios of medians, of minimums and of CPU time; peaks of memory, resident
and of that the process's own, without mapped packs. With --other, another build takes its turns. CLONE is only read from.
"""

import collections
import dataclasses
import os
import pathlib
import re
import subprocess
import sys

from measure import AUTHOR, Job, arguments, peak_mib, private_place, programs, take_turns, timed
from measure import git as git_bytes

REFERENCES = 50_000
ZEROS = "0" * 40
# A module that no code imports.
NOWHERE = "importgate_benchmark.nowhere"
# Runs of one measurement, as the peak of a short run is easily missed.
MEMORY_RUNS = 5


def git(repository: pathlib.Path, *args: str, feed: bytes | None = None) -> str:
    return git_bytes(repository, *args, feed=feed).strip().decode(errors="replace")


def policy(module: str) -> bytes:
    return f"""importgate = 1
[[rule]]
id = "benchmark"
language = "python"
forbid = ["{module}"]
severity = "block"
""".encode()


class Server:
    """A bare repository with a policy on its default branch, and a quarantine."""

    def __init__(self, clone: pathlib.Path, path: pathlib.Path, module: str) -> None:
        self.path, self.quarantine = path, path / "objects" / "incoming"
        git(clone, "init", "-q", "--bare", "-b", "main", str(path))
        self.quarantine.mkdir()
        (self.quarantine / "pack").mkdir()
        self.clone, self.policy = clone, policy(module)
        self.inside = {
            **os.environ,
            "GIT_DIR": ".",
            "GIT_QUARANTINE_PATH": str(self.quarantine),
            "GIT_OBJECT_DIRECTORY": str(self.quarantine),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(path / "objects"),
        }

    def borrow(self) -> None:
        """All objects of the clone are there."""
        objects = pathlib.Path(git(self.clone, "rev-parse", "--absolute-git-dir")) / "objects"
        (self.path / "objects" / "info" / "alternates").write_text(f"{objects}\n")

    def pack(self, folder: pathlib.Path, revisions: str) -> None:
        folder = folder / "pack"
        git(self.clone, "pack-objects", "-q", "--revs", "--missing=allow-any", str(folder / "pack"), feed=revisions.encode())

    def stand(self, base: str) -> None:
        """The default branch: `base`, and the policy."""
        blob = git(self.path, "hash-object", "-w", "--stdin", feed=self.policy)
        index = {**os.environ, "GIT_INDEX_FILE": str(self.path / "benchmark-index")}
        for step in (["read-tree", base], ["update-index", "--add", "--cacheinfo", f"100644,{blob},policy.toml"]):
            subprocess.run(["git", "-C", str(self.path), *step], env=index, check=True)
        tree = subprocess.check_output(["git", "-C", str(self.path), "write-tree", "--missing-ok"], env=index).decode().strip()
        self.main = git(self.path, "commit-tree", "-p", base, "-m", "policy", tree)
        git(self.path, "update-ref", "refs/heads/main", self.main)

    def job(self, name: str, command: list[str], feed: str = "", statuses: tuple[int, ...] = (0,)) -> Job:
        file = self.path / f"feed-{name}"
        file.write_text(feed)
        return Job(name, command, self.path, self.inside, file, statuses)

    def gates(self, programs: dict[str, str], update: tuple[str, str, str], status: int = 0) -> list[Job]:
        line = f"{' '.join(update)}\n"
        return [self.job(key, [program, "pre-receive"], line, (status,)) for key, program in programs.items()]


@dataclasses.dataclass(frozen=True)
class Bench:
    """What all pushes share."""

    clone: pathlib.Path
    scratch: pathlib.Path
    programs: dict[str, str]
    rounds: int

    def row(self, name: str, beside: Job, gates: list[Job], at_most: float) -> None:
        times = take_turns([beside, *gates], self.rounds)
        ours = times["importgate"]
        cells = [name, f"{times['git'].median:.1f}", f"{ours.median:.1f}", ours.over(times["git"]), f"{at_most}"]
        cells += [f"{peak_mib(gates[0], self.scratch / 'peak'):.0f}", f"{own_mib(gates[0]):.0f}"]
        for gate in gates[1:]:
            cells += [f"{times[gate.name].median:.1f}", ours.over(times[gate.name])]
            cells += [f"{peak_mib(gate, self.scratch / 'peak'):.0f}", f"{own_mib(gate):.0f}"]
        print(f"| {' | '.join(cells)} |", flush=True)


def own_mib(job: Job) -> float:
    """What belongs to the process alone, the highest of some runs."""
    highest = 0
    for _ in range(MEMORY_RUNS):
        with job.feed.open("rb") as feed:
            process = subprocess.Popen(
                job.command,
                cwd=job.folder,
                env=job.environment,
                stdin=feed,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        while process.poll() is None:
            highest = max(highest, anonymous_kib(process.pid))
    return highest / 1024


def anonymous_kib(pid: int) -> int:
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    # Until exec, the child is a copy of this process.
    found = re.search(r"^RssAnon:\s+(\d+)", status, re.M)
    return int(found[1]) if found and "Name:\tpython" not in status else 0


def many_references(bench: Bench, commits: list[str]) -> None:
    server = Server(bench.clone, bench.scratch / "references.git", NOWHERE)
    server.borrow()
    server.stand(commits[0])
    step = max(1, len(commits) // REFERENCES)
    values = sorted((f"refs/tags/t{number:05}", commits[number * step % len(commits)]) for number in range(REFERENCES))
    lines = "".join(f"{value} {name}\n" for name, value in values)
    (server.path / "packed-refs").write_text(f"# pack-refs with: peeled fully-peeled sorted \n{lines}")
    tree = git(server.path, "rev-parse", f"{server.main}^{{tree}}")
    command = ["git", *AUTHOR, "commit-tree", "-p", server.main, "-m", "new", tree]
    new = subprocess.check_output(command, cwd=server.path, env=server.inside).decode().strip()
    listing = server.job("git", ["git", "rev-list", new, "--not", "--all"])
    name = f"1 new commit, {REFERENCES:,} references, beside `rev-list --not --all`"
    bench.row(name, listing, server.gates(bench.programs, (server.main, new, "refs/heads/main")), 0.2)
    bench.row(f"{name}, a new branch", listing, server.gates(bench.programs, (ZEROS, new, "refs/heads/topic")), 0.2)


def new_commits(bench: Bench, count: int, line: list[str]) -> None:
    clone, base, tip = bench.clone, line[count], line[0]
    number = git(clone, "rev-list", "--count", f"{base}..{tip}")
    added = git(clone, "log", "-p", "-U0", "--format=", f"{base}..{tip}", "--", "*.py")
    modules = re.findall(r"^\+\s*(?:from|import) (\w[\w.]*)", added, re.M)
    ranked = [module for module, _ in collections.Counter(modules).most_common(40) if module != "__future__"]
    packs = bench.scratch / f"packs-{count}"
    for kind, at_most, status, candidates in (("nothing wrong", 0.3, 0, [NOWHERE]), ("with findings", 0.6, 1, ranked)):
        for attempt, module in enumerate(candidates):
            server = Server(clone, bench.scratch / f"{count}-{status}-{attempt}.git", module)
            if not packs.exists():
                (packs / "old" / "pack").mkdir(parents=True)
                (packs / "new" / "pack").mkdir(parents=True)
                server.pack(packs / "old", f"{base}\n")
                server.pack(packs / "new", f"{tip}\n^{base}\n")
            for there, folder in (("old", server.path / "objects"), ("new", server.quarantine)):
                for file in (packs / there / "pack").iterdir():
                    os.link(file, folder / "pack" / file.name)
            server.stand(base)
            gates = server.gates(bench.programs, (ZEROS, tip, "refs/heads/topic"), status)
            # A module may have no new import after netting.
            if timed(gates[0])[2] == status:
                listing = server.job("git", ["git", "log", "-p", "--cc", "-U0", tip, "--not", "main"])
                bench.row(f"{number} new commits, {kind}, beside `log -p --cc -U0`", listing, gates, at_most)
                break
        else:
            sys.exit(f"{number} new commits, {kind}: no push ends with status {status}")


def main() -> None:
    parser = arguments(__doc__, 11, "at least 5")
    parser.add_argument("clone", type=pathlib.Path)
    parser.add_argument("--counts", default="100,5000", help="numbers of new commits")
    asked = parser.parse_args()
    clone = asked.clone.resolve()
    with private_place() as scratch:
        builds = programs(asked, scratch)
        bench = Bench(clone, scratch, builds, max(5, asked.rounds))
        names = "push|git ms|importgate ms|÷ git|by minimums|CPU|at most|MiB|own MiB"
        if asked.other:
            names += "|other ms|÷ other|by minimums|CPU|other MiB|own MiB"
        cells = names.split("|")
        print(f"| {' | '.join(cells)} |\n|{'---|' * len(cells)}", flush=True)
        line = git(clone, "rev-list", "--first-parent", "HEAD").split()
        many_references(bench, git(clone, "rev-list", "HEAD").split())
        for count in map(int, asked.counts.split(",")):
            if count < len(line):
                new_commits(bench, count, line)


if __name__ == "__main__":
    main()
