#!/usr/bin/env python3
"""A whole tree: `importgate check --all` beside git, rg and linters that judge the same files, run alternately.

    benches/whole.py [--threads 1,2] [--other PROGRAM] [LANGUAGE:]CLONE...

Each clone is judged twice by 20 rules in its own language, which warn: by paths that its files import (see
benches/pre-commit.py), and by paths that nobody imports. All read the files of that language at HEAD: git as
`cat-file --batch`, which only inflates them, and as `grep` for the word `import`; rg for the same word, ruff (TID251),
oxlint and biome (both with no-restricted-imports) read them checked out, if they are on the PATH (`pip install ruff`,
`npm install oxlint @biomejs/biome`). Linters have those of the rules that they can express: names of packages.

Prints a Markdown table: importgate's medians of wall and CPU time, and their ratios to those of the others. A number of
threads is a number of cores that all may run on. The clones are only read from.
"""

import json
import os
import pathlib
import shutil
import statistics
from collections.abc import Sequence

from measure import Job, arguments, git, private_place, programs, take_turns
from staging import Stage, chunks

SCRIPTS = ("javascript", "typescript")
DOTTED = ("java", "kotlin", "python")
# Rules that no file breaks, in the notation of paths with slashes and in that with dots.
NOBODYS = [[f"legacy{number}{joint}manager{number}" for number in range(20)] for joint in "/."]


def packages(rules: Sequence[str]) -> list[str]:
    """The rules that a linter can express."""
    return [rule for rule in rules if not rule.startswith(".") and "#" not in rule]


def ruff(place: pathlib.Path, rules: Sequence[str]) -> list[str]:
    config = place / "ruff.toml"
    apis = "".join(f'{json.dumps(rule)}.msg = "one path"\n' for rule in rules)
    config.write_text(f"[lint.flake8-tidy-imports.banned-api]\n{apis}")
    options = ["--select", "TID251", "--no-cache", "--quiet", "--exit-zero", "--no-respect-gitignore"]
    return ["ruff", "check", *options, "--config", str(config), "."]


def oxlint(place: pathlib.Path, rules: Sequence[str]) -> list[str]:
    config = place / "oxlint.json"
    rule = ["error", {"paths": list(rules)}]
    told = {"plugins": [], "categories": {"correctness": "off"}, "rules": {"no-restricted-imports": rule}}
    config.write_text(json.dumps(told))
    return ["oxlint", "--no-ignore", "--quiet", "--config", str(config), "."]


def biome(place: pathlib.Path, rules: Sequence[str]) -> list[str]:
    config = place / "biome.json"
    options = {"paths": {rule: "one path" for rule in rules}}
    rule = {"noRestrictedImports": {"level": "error", "options": options}}
    told = {"root": True, "files": {"maxSize": 1 << 26}, "linter": {"rules": {"recommended": False, "style": rule}}}
    config.write_text(json.dumps(told))
    limits = ["--max-diagnostics=none", "--no-errors-on-unmatched"]
    return ["biome", "lint", *limits, f"--config-path={config}", "."]


LINTERS = {"ruff": (ruff, ("python",)), "oxlint": (oxlint, SCRIPTS), "biome": (biome, SCRIPTS)}


class Tree:
    """The files of one language at a clone's HEAD, in git and checked out."""

    def __init__(self, clone: pathlib.Path, place: pathlib.Path, language: str, program: str) -> None:
        self.place = place
        self.stage = Stage(clone, place / "stage", language, program, 0)
        suffixes = self.stage.language.suffixes
        self.files = [path for path in self.stage.modes if path.endswith(suffixes)]
        # Nothing but these files, so that all read the same.
        for entry in self.stage.folder.iterdir():
            if entry.name != ".git":
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        for chunk in chunks(self.files):
            git(self.stage.folder, "checkout-index", "-q", "-f", "--", *chunk)
        listed = git(self.stage.folder, "ls-files", "--stage", "-z").decode(errors="surrogateescape").split("\0")
        entries = [line.split("\t") for line in listed if line]
        judged = set(self.files)
        self.blobs = place / "blobs"
        self.blobs.write_text("".join(f"{entry.split()[1]}\n" for entry, path in entries if path in judged))

    def judge_by(self, rules: list[str]) -> None:
        self.stage.rules = rules
        self.stage.commit_policy()
        git(self.stage.folder, "checkout-index", "-q", "-f", "--", "policy.toml")

    def jobs(self, programs: dict[str, str], cores: list[int]) -> list[Job]:
        globs = [f"*{suffix}" for suffix in self.stage.language.suffixes]
        commands = {name: [program, "check", "--all"] for name, program in programs.items()}
        commands["cat-file"] = ["git", "cat-file", "--batch", "--buffer"]
        commands["git grep"] = ["git", "grep", "--cached", "-c", "-w", "import", "--", *globs]
        if shutil.which("rg"):
            chosen = [part for glob in globs for part in ("-g", glob)]
            commands["rg"] = ["rg", "--no-ignore", "-j", str(len(cores)), *chosen, "-c", "-w", "import", "."]
        for name, (command, languages) in LINTERS.items():
            if shutil.which(name) and self.stage.language.name in languages:
                commands[name] = command(self.place, packages(self.stage.rules))
        bound = ["taskset", "-c", ",".join(map(str, cores))]
        environment = {**os.environ, "RAYON_NUM_THREADS": str(len(cores))}
        return [
            Job(name, [*bound, *command], self.stage.folder, environment, self.blobs, (0, 1))
            for name, command in commands.items()
        ]


COMPARED = ("cat-file", "git grep", "rg", *LINTERS)


def row(name: str, tree: Tree, kind: str, jobs: list[Job], threads: int, rounds: int) -> str:
    times = take_turns(jobs, rounds)
    ours = times["importgate"]
    cells = [name, f"{len(tree.files):,}", kind, f"{threads}"]
    cells.append(f"{ours.median / 1000:.2f}, {statistics.median(ours.cpu) / 1000:.2f} s")
    for other in [*(["other"] if "other" in times else []), *COMPARED]:
        wall, _, cpu = ours.over(times[other]).split(" | ") if other in times else ("", "", "")
        cells.append(f"**{wall}**, {cpu}" if wall else "")
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = arguments(__doc__, 3)
    parser.add_argument("clones", nargs="+", metavar="[LANGUAGE:]CLONE")
    parser.add_argument("--threads", default="1,2", help="numbers of threads")
    asked = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    threads = [int(number) for number in asked.threads.split(",") if int(number) <= len(cores)]
    others = [f"÷ {name}" for name in [*(["other"] if asked.other else []), *COMPARED]]
    heads = ["repository", "files", "20 rules", "threads", "importgate: wall, CPU", *others]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}", flush=True)
    with private_place() as scratch:
        builds = programs(asked, scratch)
        for number, clone in enumerate(asked.clones):
            language, _, path = clone.rpartition(":")
            place = scratch / f"tree-{number}"
            place.mkdir()
            tree = Tree(pathlib.Path(path).resolve(), place, language, builds["importgate"])
            name = f"{pathlib.Path(path).name} ({tree.stage.language.name})"
            for kind, rules in ("broken", tree.stage.rules), ("kept", NOBODYS[tree.stage.language.name in DOTTED]):
                tree.judge_by(rules)
                for count in threads:
                    jobs = tree.jobs(builds, cores[:count])
                    print(row(name, tree, kind, jobs, count, asked.rounds), flush=True)
            shutil.rmtree(place)


if __name__ == "__main__":
    main()
