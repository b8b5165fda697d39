"""The rounds of pre-commit.sh: stages files, runs the commands in turn, prints the table."""

import collections
import os
import pathlib
import statistics
import subprocess
import sys
import time

SUFFIXES = (".py", ".java", ".ts", ".js", ".rb", ".go")
DEVNULL = os.open(os.devnull, os.O_RDWR)


def git(repository, *args, feed=None):
    run = subprocess.run(["git", "-C", repository, *args], input=feed, stdout=subprocess.PIPE, check=True)
    return run.stdout


def policy(suffix):
    """20 rules. Files of a language that importgate does not know are read for a line rule."""
    rules = ["importgate = 1\n"]
    for number in range(20 if suffix == ".py" else 19):
        rules.append(
            f'[[rule]]\nid = "rule-{number}"\nlanguage = "python"\nforbid = ["app.old_{number}.manager"]\n'
            f'use-instead = "app.new_{number}.manager"\nreason = "One path."\nseverity = "block"\n'
        )
    if suffix != ".py":
        rules.append(
            f"[[rule]]\nid = 'line'\npattern = '^\\s*import\\s+app\\.old_\\d+\\.'\npaths = ['**/*{suffix}']\n"
            "severity = 'block'\n"
        )
    return "".join(rules).encode()


def files_of(repository):
    """The files of the suffix most used, and the suffix."""
    paths = git(repository, "ls-tree", "-r", "-z", "--name-only", "HEAD").split(b"\0")
    suffixes = collections.Counter(pathlib.PurePosixPath(os.fsdecode(path)).suffix for path in paths)
    suffix = max(SUFFIXES, key=lambda suffix: suffixes[suffix])
    return [path for path in paths if path.endswith(suffix.encode())], suffix


def add_blob(repository, content):
    return git(repository, "hash-object", "-w", "--stdin", feed=content).strip()


def stage(repository, paths):
    """Adds a line in the middle of each file, and leaves the index as `git commit` does."""
    info = []
    for path in paths:
        lines = git(repository, "cat-file", "blob", b"HEAD:" + path).splitlines(keepends=True)
        lines.insert(len(lines) // 2, b"# an added line\n")
        info.append(b"100644 %s\t%s" % (add_blob(repository, b"".join(lines)), path))
    git(repository, "update-index", "-z", "--index-info", feed=b"\0".join(info) + b"\0")
    git(repository, "write-tree")


def timed(command, repository, environment):
    os.chdir(repository)
    actions = [(os.POSIX_SPAWN_DUP2, DEVNULL, number) for number in (0, 1, 2)]
    start = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, environment, file_actions=actions)
    _, status = os.waitpid(pid, 0)
    return (time.perf_counter() - start) * 1000, os.waitstatus_to_exitcode(status)


def peak(command, repository, environment):
    """MiB. Not by wait4: a process started from here begins with Python's own peak."""
    report = repository.parent / "peak"
    run = ["/usr/bin/time", "-f", "%M", "-o", str(report), *command]
    try:
        subprocess.run(run, cwd=repository, env=environment, stdout=DEVNULL, stderr=DEVNULL, check=True)
    except FileNotFoundError:
        return "-"
    return f"{int(report.read_text()) / 1024:.0f}"


def main():
    scratch, importgate, rounds = pathlib.Path(sys.argv[1]), sys.argv[2].split(), max(15, int(sys.argv[3]))
    commands = {
        "empty": [str(scratch / "empty")],
        "git": ["git", "diff", "--cached", "-U0", "--no-renames"],
        "gate": importgate,
    }
    environment = {**os.environ, "GIT_INDEX_FILE": ".git/index"}
    print("| repository | staged | empty ms | git ms | importgate ms | ÷ git | ÷ empty | git MiB | importgate MiB |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in ("real", "flat"):
        repository = scratch / name
        paths, suffix = files_of(repository)
        rules = add_blob(repository, policy(suffix))
        git(repository, "update-index", "--add", "--cacheinfo", f"100644,{rules.decode()},policy.toml")
        tree = git(repository, "write-tree").strip()
        commit = git(repository, "-c", "user.name=b", "-c", "user.email=b@example.org", "commit-tree", "-p", "HEAD", "-m", "policy", tree)
        git(repository, "update-ref", "HEAD", commit.strip())
        for count in map(int, sys.argv[4].split()):
            git(repository, "read-tree", "HEAD")
            stage(repository, paths[:: max(1, len(paths) // count)][:count])
            wall = collections.defaultdict(list)
            for round_number in range(rounds + 2):
                for key, command in commands.items():
                    elapsed, code = timed(command, repository, environment)
                    if code != 0:
                        subprocess.run(command, cwd=repository, env=environment)
                        sys.exit(f"{command} exits with {code}")
                    # The first rounds warm the caches.
                    if round_number >= 2:
                        wall[key].append(elapsed)
            empty, diff, gate = (statistics.median(wall[key]) for key in ("empty", "git", "gate"))
            print(
                f"| {name} | {count} | {empty:.2f} | {diff:.2f} | {gate:.2f} | {gate / diff:.2f} | {gate / empty:.1f} "
                f"| {peak(commands['git'], repository, environment)} | {peak(commands['gate'], repository, environment)} |",
                flush=True,
            )


main()
