#!/usr/bin/env python3
"""CPU seconds (user + system) of `importgate check --all` and of a linter's one rule on the same files, each with one
forbidden module: the medians, and their ratio.

    scan.py python FOLDER [RUNS]        beside `ruff check --select TID251`
    scan.py javascript FOLDER [RUNS]    beside oxlint with `no-restricted-imports` alone

IMPORTGATE names the binary (default: target/release/importgate), RUFF and OXLINT the linters (default: those on the PATH;
`python3 -m venv V && V/bin/pip install ruff` and `npm install --prefix V oxlint` bring them). Nothing is written to FOLDER.
"""
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PASSES = 20
LANGUAGES = {
    "python": {
        "endings": (".py", ".pyi"),
        "forbidden": "no.such.module",
        "linter": "ruff",
        "rule": "check --select TID251",
        "config": ("ruff.toml", '[lint.flake8-tidy-imports.banned-api]\n"no.such.module".msg = "one path"\n'),
        "options": ["check", "--select", "TID251", "--no-cache", "--quiet", "--exit-zero", "--no-respect-gitignore"],
        "subtracted": None,
    },
    "javascript": {
        # oxlint skips folders of packages, and minified files.
        "endings": (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts"),
        "forbidden": "no-such-module",
        "linter": "oxlint",
        "rule": "no-restricted-imports",
        "config": ("oxlint.json", '{ "plugins": [], "categories": { "correctness": "off" },\n'
                   '  "rules": { "no-restricted-imports": ["error", { "paths": ["no-such-module"] }] } }\n'),
        "options": ["--threads", "1", "--no-ignore", "--quiet"],
        # The start of node and of the program is not part of linting.
        "subtracted": "--version",
    },
}
POLICY = """\
importgate = 1

[[rule]]
id = "one-path"
language = "{}"
forbid = ["{}"]
severity = "block"
"""


def program(variable, default):
    found = shutil.which(os.environ.get(variable) or default)
    return os.path.realpath(found) if found else sys.exit(f"scan.py: no {default}; set {variable}")


def copied(source, repo, endings):
    """Copies the files that both read; their number and bytes."""
    count = nbytes = 0
    for folder, folders, names in os.walk(source):
        folders[:] = [name for name in folders if name not in ("node_modules", ".git")]
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith(endings) and ".min." not in name and os.path.isfile(path) and not os.path.islink(path):
                target = os.path.join(repo, os.path.relpath(path, source))
                os.makedirs(os.path.dirname(target), exist_ok=True)
                shutil.copyfile(path, target)
                count, nbytes = count + 1, nbytes + os.path.getsize(path)
    return count, nbytes


def scanner():
    """The benchmark that scans and does nothing else; cargo says where it built it."""
    command = ["cargo", "bench", "--bench", "scan", "--no-run", "--message-format=short"]
    told = subprocess.run(command, cwd=TOP, stderr=subprocess.PIPE, text=True, check=True).stderr
    return os.path.join(TOP, re.search(r"Executable.*\((.*)\)$", told, re.MULTILINE).group(1))


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in LANGUAGES or not os.path.isdir(sys.argv[2]):
        sys.exit(__doc__)
    language, source, runs = sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 7
    told = LANGUAGES[language]
    binary = program("IMPORTGATE", os.path.join(TOP, "target/release/importgate"))
    linter = program(told["linter"].upper(), told["linter"])
    scan = scanner()
    with tempfile.TemporaryDirectory() as work:
        repo = os.path.join(work, "repo")
        os.mkdir(repo)
        count, nbytes = copied(source, repo, told["endings"])
        with open(os.path.join(repo, "policy.toml"), "w", encoding="utf-8") as file:
            file.write(POLICY.format(language, told["forbidden"]))
        config = os.path.join(work, told["config"][0])
        with open(config, "w", encoding="utf-8") as file:
            file.write(told["config"][1])
        # A repository without the machine's configuration, hooks and attributes; one thread.
        environment = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "HOME": work, "RAYON_NUM_THREADS": "1"}
        author = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"]
        for command in (["init", "-q"], ["add", "-A"], [*author, "commit", "-q", "-m", "Files to scan"], ["gc", "-q"]):
            subprocess.run(["git", *command], cwd=repo, env=environment, check=True)

        def cpu(*command):
            """User and system seconds of one run. A status above 1 means that it did not do its work."""
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            run = subprocess.run(command, cwd=repo, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            if run.returncode not in (0, 1):
                sys.exit(f"{command[0]}: status {run.returncode}\n{run.stderr.decode(errors='replace')}")
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        print(f"{count} files, {nbytes / 1e6:.1f} MB, {runs} runs each, taking turns")
        commands = {
            "importgate check --all": [binary, "check", "--all"],
            f"{told['linter']} {told['rule']}": [linter, *told["options"], "--config", config, "."],
        }
        taken = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                taken[name].append(cpu(*command))
        for name, times in taken.items():
            print(f"{name:28} {statistics.median(times):.3f} s CPU (least {min(times):.3f}, most {max(times):.3f})")
        ours, theirs = map(statistics.median, taken.values())
        if told["subtracted"]:
            start = statistics.median(cpu(linter, told["subtracted"]) for _ in range(3))
            print(f"{told['linter'] + ' ' + told['subtracted']:28} {start:.3f} s CPU, subtracted")
            theirs -= start
        once, often = (statistics.median(cpu(scan, repo, str(passes)) for _ in range(3)) for passes in (1, PASSES + 1))
        alone = (often - once) / PASSES
        print(f"{'the scanner alone':28} {alone:.3f} s CPU, {nbytes / 1e6 / alone:.0f} MB/s")
        print(f"check --all, git's objects inflated, to {told['linter']}: 1/{theirs / ours:.1f}; the scanner alone: 1/{theirs / alone:.1f}")


if __name__ == "__main__":
    main()
