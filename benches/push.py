"""The rounds of push.sh: makes servers with something in quarantine, runs the commands in turn, prints the table."""

import collections
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

REFERENCES = 50_000
ZEROS = "0" * 40
# One that no code imports.
NOWHERE = "importgate_benchmark.nowhere"


def git(repository, *args, feed=None):
    command = ["git", "-c", "user.name=b", "-c", "user.email=b@example.org", "-C", str(repository), *args]
    return subprocess.run(command, input=feed, stdout=subprocess.PIPE, check=True).stdout.strip().decode(errors="replace")


def policy(module):
    return f"""importgate = 1
[[rule]]
id = "benchmark"
language = "python"
forbid = ["{module}"]
severity = "block"
""".encode()


class Server:
    """A bare repository with a policy on its default branch, and a quarantine."""

    def __init__(self, clone, path, module):
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

    def borrow(self):
        """All objects of the clone are there."""
        objects = pathlib.Path(git(self.clone, "rev-parse", "--absolute-git-dir")) / "objects"
        (self.path / "objects" / "info" / "alternates").write_text(f"{objects}\n")

    def pack(self, folder, revisions):
        folder = folder / "pack"
        git(self.clone, "pack-objects", "-q", "--revs", "--missing=allow-any", str(folder / "pack"), feed=revisions.encode())

    def stand(self, base):
        """The default branch: `base`, and the policy."""
        blob = git(self.path, "hash-object", "-w", "--stdin", feed=self.policy)
        index = {**os.environ, "GIT_INDEX_FILE": str(self.path / "benchmark-index")}
        for step in (["read-tree", base], ["update-index", "--add", "--cacheinfo", f"100644,{blob},policy.toml"]):
            subprocess.run(["git", "-C", str(self.path), *step], env=index, check=True)
        tree = subprocess.check_output(["git", "-C", str(self.path), "write-tree", "--missing-ok"], env=index).decode().strip()
        self.main = git(self.path, "commit-tree", "-p", base, "-m", "policy", tree)
        git(self.path, "update-ref", "refs/heads/main", self.main)

    def gate(self, importgate, old, new, name):
        return ([importgate, "pre-receive"], self.path, self.inside, f"{old} {new} {name}\n".encode())


def run(job):
    command, folder, environment, feed = job
    start = time.perf_counter()
    ran = subprocess.run(command, cwd=folder, env=environment, input=feed, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000, ran.returncode


def peaks(job):
    """MiB: resident, and what belongs to the process alone, the highest of some runs: short ones are hard to catch."""
    command, folder, environment, feed = job
    highest = (0, 0)
    for _ in range(5):
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if feed:
            process.stdin.write(feed)
        process.stdin.close()
        while process.poll() is None:
            highest = tuple(map(max, highest, memory(process.pid)))
    return tuple(size / 1024 for size in highest)


def memory(pid):
    """KiB."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0, 0
    # Before it runs the program, it is still this one.
    if "Name:\tpython" in status:
        return 0, 0
    sizes = dict(re.findall(r"^(VmHWM|RssAnon):\s+(\d+)", status, re.M))
    return int(sizes.get("VmHWM", 0)), int(sizes.get("RssAnon", 0))


def row(name, git_job, gate_job, expected, target, rounds):
    wall = collections.defaultdict(list)
    # The first rounds warm the caches.
    for number in range(rounds + 2):
        for key, job, codes in (("git", git_job, (0,)), ("gate", gate_job, expected)):
            elapsed, code = run(job)
            if code not in codes:
                subprocess.run(job[0], cwd=job[1], env=job[2], input=job[3])
                sys.exit(f"{job[0]} exits with {code} ({name})")
            if number >= 2:
                wall[key].append(elapsed)
    before, gate = statistics.median(wall["git"]), statistics.median(wall["gate"])
    resident, own = peaks(gate_job)
    print(
        f"| {name} | {before:.1f} | {gate:.1f} | {gate / before:.2f} | {target} | {resident:.0f} | {own:.0f} |",
        flush=True,
    )


def many_references(clone, scratch, importgate, rounds, commits):
    server = Server(clone, scratch / "references.git", NOWHERE)
    server.borrow()
    server.stand(commits[0])
    step = max(1, len(commits) // REFERENCES)
    values = sorted((f"refs/tags/t{number:05}", commits[number * step % len(commits)]) for number in range(REFERENCES))
    lines = "".join(f"{value} {name}\n" for name, value in values)
    (server.path / "packed-refs").write_text(f"# pack-refs with: peeled fully-peeled sorted \n{lines}")
    tree = git(server.path, "rev-parse", f"{server.main}^{{tree}}")
    command = ["git", "-c", "user.name=b", "-c", "user.email=b@example.org", "commit-tree", "-p", server.main, "-m", "new", tree]
    new = subprocess.check_output(command, cwd=server.path, env=server.inside).decode().strip()
    listing = ["git", "rev-list", new, "--not", "--all"]
    if "pre-receive" in importgate:
        name = f"1 new commit, {REFERENCES:,} references, beside `rev-list --not --all`"
        gate = server.gate(importgate["pre-receive"], server.main, new, "refs/heads/main")
        row(name, (listing, server.path, server.inside, None), gate, (0,), 0.2, rounds)
        branch = server.gate(importgate["pre-receive"], ZEROS, new, "refs/heads/topic")
        row(f"{name}, a new branch", (listing, server.path, server.inside, None), branch, (0,), 0.2, rounds)


def new_commits(clone, scratch, importgate, rounds, count, line):
    base, tip = line[count], line[0]
    number = git(clone, "rev-list", "--count", f"{base}..{tip}")
    added = git(clone, "log", "-p", "-U0", "--format=", f"{base}..{tip}", "--", "*.py")
    modules = re.findall(r"^\+\s*(?:from|import) (\w[\w.]*)", added, re.M)
    ranked = [module for module, _ in collections.Counter(modules).most_common(40) if module != "__future__"]
    for kind, target in (("nothing wrong", 0.3), ("with findings", 0.6)):
        wrong = kind != "nothing wrong"
        for attempt, module in enumerate(ranked if wrong else [NOWHERE]):
            server = Server(clone, scratch / f"{count}-{int(wrong)}-{attempt}.git", module)
            shared = scratch / f"packs-{count}"
            if not shared.exists():
                (shared / "old" / "pack").mkdir(parents=True)
                (shared / "new" / "pack").mkdir(parents=True)
                server.pack(shared / "old", f"{base}\n")
                server.pack(shared / "new", f"{tip}\n^{base}\n")
            for there, folder in (("old", server.path / "objects"), ("new", server.quarantine)):
                for file in (shared / there / "pack").iterdir():
                    os.link(file, folder / "pack" / file.name)
            server.stand(base)
            listing = ["git", "log", "-p", "--cc", "-U0", tip, "--not", "main"]
            if "pre-receive" in importgate:
                gate = server.gate(importgate["pre-receive"], ZEROS, tip, "refs/heads/topic")
            else:
                gate = ([importgate["check"], "check", "--range", f"main..{tip}"], server.path, server.inside, None)
            if not wrong or run(gate)[1] == 1:
                name = f"{number} new commits, {kind}, beside `log -p --cc -U0`"
                row(name, (listing, server.path, server.inside, None), gate, (1,) if wrong else (0,), target, rounds)
                break


def main():
    clone, scratch, program = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]), os.path.abspath(sys.argv[3])
    rounds = max(5, int(sys.argv[4]))
    has_hook = subprocess.run([program, "pre-receive", "--help"], capture_output=True).returncode == 0
    importgate = {"pre-receive" if has_hook else "check": program}
    if not has_hook:
        print("This build has no pre-receive: `check --range` is measured in its stead.\n", flush=True)
    line = git(clone, "rev-list", "--first-parent", "HEAD").split()
    print("| push | git ms | importgate ms | ÷ git | at most | resident MiB | own MiB |")
    print("|---|---|---|---|---|---|---|", flush=True)
    many_references(clone, scratch, importgate, rounds, git(clone, "rev-list", "HEAD").split())
    for count in map(int, sys.argv[5].split()):
        if count < len(line):
            new_commits(clone, scratch, importgate, rounds, count, line)


main()
