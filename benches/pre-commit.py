#!/usr/bin/env python3
"""Commit latency: `importgate pre-commit` and `git diff --cached -U0 --no-renames`, run alternately.

    benches/pre-commit.py [--other PROGRAM] [--counts 1,20,200] [LANGUAGE:]CLONE...

Each clone is judged by 20 rules in its own language (LANGUAGE, else the one with the most files): paths that its own
files import, from the most used on in geometric steps. Every staged file imports something, and gets two lines: a
comment, and an import that no rule forbids, where it has one that can be repeated. The commit is clean, or every tenth
file gets a forbidden import too, which is a warning. A generated repository of 60,000 files in one folder comes last.

Prints a Markdown table: medians of wall time; ratios of medians, of minimums and of CPU time; peaks of resident memory.
With --other, another build takes its turns, and its findings must be the same. The clones are only read from.
"""

import os
import pathlib
import subprocess
import sys

from measure import Job, Times, arguments, empty_program, git, peak_mib, private_place, programs, take_turns
from staging import Change, Stage

GIT_DIFF = ["git", "diff", "--cached", "-U0", "--no-renames"]
# Tolerances of a change, relative to --other: milliseconds, a factor, MiB.
FIXED_MS, FACTOR, MORE_MIB = 0.2, 1.05, 16


def generated(folder: pathlib.Path, files: int) -> pathlib.Path:
    git(folder.parent, "init", "-q", "--bare", "-b", "main", str(folder))
    generator = [sys.executable, str(pathlib.Path(__file__).with_name("generate.py")), str(files)]
    with subprocess.Popen(generator, stdout=subprocess.PIPE) as running:
        subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet"], stdin=running.stdout, check=True)
    return folder


def cost(ours: Times, others: Times, mib: float, others_mib: float) -> str:
    """Whether this program costs no more than the other, by medians or at least by the fastest rounds."""

    def within(mine: float, other: float) -> bool:
        return mine <= other * FACTOR + FIXED_MS

    if mib > others_mib + MORE_MIB:
        return "no: memory"
    if within(ours.median, others.median):
        return "yes"
    return "by minimums" if within(min(ours.wall), min(others.wall)) else "no"


def row(name: str, stage: Stage, change: Change, programs: dict[str, str], rounds: int, scratch: pathlib.Path) -> str:
    environment = {**os.environ, "GIT_INDEX_FILE": ".git/index"}
    gates = [key for key in ("importgate", "other") if key in programs]
    found = stage.verify(change, [programs[key] for key in gates])
    jobs = [Job("empty", [programs["empty"]], stage.folder, environment), Job("git", GIT_DIFF, stage.folder, environment)]
    jobs += [Job(key, [programs[key], "pre-commit"], stage.folder, environment) for key in gates]
    times = take_turns(jobs, rounds)
    peaks = {job.name: peak_mib(job, scratch / "peak") for job in jobs}
    ours = times["importgate"]
    cells = [
        f"{name} ({stage.language.name})",
        f"{change.staged}",
        f"{found}",
        f"{times['git'].median:.1f}",
        f"{ours.median:.2f}",
        ours.over(times["git"]),
        f"{ours.median / times['empty'].median:.1f}",
        f"{peaks['git']:.0f}",
        f"{peaks['importgate']:.0f}",
    ]
    if "other" in programs:
        others = times["other"]
        within = cost(ours, others, peaks["importgate"], peaks["other"])
        cells += [f"{others.median:.2f}", ours.over(others), f"{peaks['other']:.0f}", within]
    return f"| {' | '.join(cells)} |"


def heads(other: bool) -> str:
    names = "repository|staged|with a finding|git ms|importgate ms|÷ git|by minimums|CPU|÷ empty|git MiB|importgate MiB"
    if other:
        names += "|other ms|÷ other|by minimums|CPU|other MiB|within 0.2 ms + 5 %, 16 MiB"
    cells = names.split("|")
    return f"| {' | '.join(cells)} |\n|{'---|' * len(cells)}"


def main() -> None:
    parser = arguments(__doc__, 25, "at least 15")
    parser.add_argument("clones", metavar="[LANGUAGE:]CLONE", nargs="*")
    parser.add_argument("--counts", default="1,20,200", help="numbers of staged files")
    parser.add_argument("--flat", type=int, default=60_000, help="files of the generated repository; 0: none")
    asked = parser.parse_args()
    counts = [int(count) for count in asked.counts.split(",")]
    with private_place() as scratch:
        builds = {"empty": empty_program(scratch), **programs(asked, scratch)}
        clones = [clone.rpartition(":")[::2] for clone in asked.clones]
        if asked.flat:
            clones.append(("python", str(generated(scratch / "flat.git", asked.flat))))
        print(heads("other" in builds), flush=True)
        for number, (language, clone) in enumerate(clones):
            path = pathlib.Path(clone).resolve()
            name = path.name.removesuffix(".git")
            stage = Stage(path, scratch / f"stage-{number}", language, builds["importgate"], max(counts))
            for count in counts:
                for with_findings in (False, True):
                    change = stage.stage(count, with_findings)
                    print(row(name, stage, change, builds, max(15, asked.rounds), scratch), flush=True)


if __name__ == "__main__":
    main()
