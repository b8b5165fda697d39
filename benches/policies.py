#!/usr/bin/env python3
"""Latency by the size of a policy: `importgate pre-commit` with policies of 1 to N rules, and git's own diff.

    benches/policies.py [--other PROGRAM] [--sizes 1,100,1000] [--counts 1,200] [LANGUAGE:]CLONE

The clone's files are staged as benches/pre-commit.py does, without findings. Each policy has rules of one shape, which
judge these files and find nothing in them: paths that nobody imports, globs with a wildcard that no file is beneath,
lines that no file has.

Prints a Markdown table: medians of CPU time, and their ratios to `git diff --cached -U0 --no-renames` and to the first
of the sizes, all in one run. With --other, another build takes its turns.
"""

import os
import pathlib
import statistics
from collections.abc import Callable

from measure import Job, arguments, git, private_place, programs, take_turns
from staging import Stage

GIT_DIFF = ["git", "diff", "--cached", "-U0", "--no-renames"]


def name(number: int) -> str:
    """A name of letters; those of neighbours begin with different ones, as names of modules do."""
    mixed, letters = number * 7_654_321 % 26**5, ""
    for _ in range(5):
        mixed, letter = divmod(mixed, 26)
        letters += chr(ord("a") + letter)
    return letters


# What rule number N of a shape says.
SHAPES: dict[str, Callable[[int], str]] = {
    "paths": lambda n: f'forbid = ["legacy.part_{n % 97}.{name(n)}_module"]\nuse-instead = "current.{name(n)}_module"',
    "globs": lambda n: f'forbid = ["legacy.module_{n:05}"]\npaths = ["teams/team_{n:05}/**/*_x.*"]',
    "floating globs": lambda n: f'forbid = ["legacy.module_{n:05}"]\npaths = ["**/team_{n:05}/*.{{x,y}}"]',
    "lines with a word": lambda n: rf"pattern = '^\s*Legacy{n:05}\s*=\s*\w+'",
    "lines without": lambda n: rf"pattern = '(?i)\blegacy_?{name(n)}\b'",
}


def policy(shape: str, rules: int, language: str) -> str:
    text = "importgate = 1\n"
    for number in range(rules):
        body = SHAPES[shape](number)
        text += f'\n[[rule]]\nid = "rule-{number}"\n{body}\nreason = "One path."\nseverity = "warn"\n'
        text += f'language = "{language}"\n' if "forbid" in body else ""
    return text


def replace_policy(stage: Stage, text: str) -> None:
    """Replaces the policy in HEAD's tree and in the index, whatever else is staged."""
    index = stage.folder / ".git" / "index"
    staged = index.read_bytes()
    git(stage.folder, "read-tree", "HEAD")
    stage.commit(text)
    index.write_bytes(staged)
    git(stage.folder, *stage.entry(text))
    git(stage.folder, "write-tree", "--missing-ok")


def main() -> None:
    parser = arguments(__doc__, 15)
    parser.add_argument("clone", metavar="[LANGUAGE:]CLONE")
    parser.add_argument("--sizes", default="1,64,65,1000", help="numbers of rules")
    parser.add_argument("--counts", default="1,200", help="numbers of staged files")
    parser.add_argument("--shapes", default=",".join(SHAPES), help="default: all")
    asked = parser.parse_args()
    sizes, counts = ([int(number) for number in numbers.split(",")] for numbers in (asked.sizes, asked.counts))
    with private_place() as scratch:
        builds = programs(asked, scratch)
        language, _, clone = asked.clone.rpartition(":")
        stage = Stage(pathlib.Path(clone).resolve(), scratch / "stage", language, builds["importgate"], max(counts))
        heads = ["shape", "rules", "staged", "git ms", *(f"{name} ms | ÷ git | ÷ {sizes[0]} rules" for name in builds)]
        print(f"| {' | '.join(heads)} |\n|{'---|' * (4 + 3 * len(builds))}", flush=True)
        environment = {**os.environ, "GIT_INDEX_FILE": ".git/index"}
        for count in counts:
            change = stage.stage(count, False)
            for shape in asked.shapes.split(","):
                least: dict[str, float] = {}
                for rules in sizes:
                    replace_policy(stage, policy(shape, rules, stage.language.name))
                    stage.verify(change, list(builds.values()))
                    jobs = [Job("git", GIT_DIFF, stage.folder, environment)]
                    jobs += [Job(name, [path, "pre-commit"], stage.folder, environment) for name, path in builds.items()]
                    cpu = {name: statistics.median(times.cpu) for name, times in take_turns(jobs, asked.rounds).items()}
                    cells = [shape, f"{rules:,}", f"{change.staged}", f"{cpu['git']:.1f}"]
                    for name in builds:
                        first = least.setdefault(name, cpu[name])
                        cells += [f"{cpu[name]:.1f}", f"{cpu[name] / cpu['git']:.2f}", f"{cpu[name] / first:.2f}"]
                    print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
