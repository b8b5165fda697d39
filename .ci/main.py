"""Runs what must hold before a change lands; see --help."""
import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import lanes
import stamps
import steps

HELP = """\
  .ci/run          what must pass before a change lands: all steps; the slow proofs by their stamps (below)
  .ci/run quick    format, lints, tests, importgate on itself: minutes
  .ci/run only STEP…   these steps, and the builds that they need
  .ci/run list     which steps `full` would run, and why

A slow proof (an oracle, a fuzz target) runs where the hash of what it reads is not the one in .ci/stamps, and three of the
others by turns. After a change to a language, write its stamp anew and commit it: `.ci/run full --stamp`.

About 5 GB of disk: each oracle's packages go when it ends. ORACLE_CACHE names a folder that keeps them instead.
"""
MAX_FULL_MINUTES = 70
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STAMPS = os.path.join(TOP, ".ci", "stamps")


def output(*command):
    return subprocess.run(command, cwd=TOP, stdout=subprocess.PIPE, check=True, text=True).stdout.strip()


def find_toolchain():
    """Makes cargo use an installed toolchain of the pinned version, where the pinned name is neither there nor to be had."""
    quiet = {"cwd": TOP, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if subprocess.run(["rustc", "-V"], **quiet).returncode == 0:
        return
    with open(os.path.join(TOP, "rust-toolchain.toml"), encoding="utf-8") as file:
        pinned = re.search(r'^channel = "(.*)"$', file.read(), re.MULTILINE).group(1)
    for name in (line.split()[0] for line in output("rustup", "toolchain", "list").splitlines()):
        if output("rustup", "run", name, "rustc", "-V").startswith(f"rustc {pinned} "):
            print(f"toolchain: {name}, which is {pinned}")
            os.environ["RUSTUP_TOOLCHAIN"] = name
            return


def arguments():
    parser = argparse.ArgumentParser(prog=".ci/run", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="?", choices=["full", "quick", "only", "list"], default="full")
    parser.add_argument("step", nargs="*")
    parser.add_argument("--stamp", action="store_true", help="run what changed, whatever fails, and stamp what passes")
    parser.add_argument("--all", action="store_true", help="run all slow proofs, stamps or not")
    parser.add_argument("--keep-going", action="store_true", help="run the other steps too when one fails")
    options = parser.parse_args()
    if (options.part == "only") != bool(options.step):
        parser.error("`only` takes names of steps, nothing else does")
    return options


def with_needs(every, names):
    """The steps of these names and all that they need, in their order."""
    unknown = set(names) - {step.name for step in every}
    if unknown:
        raise SystemExit(f".ci/run: no step {', '.join(sorted(unknown))}; there are:\n  " + "\n  ".join(step.name for step in every))
    wanted, more = set(names), set(names)
    while more:
        more = {name for step in every if step.name in more for name in step.needs} - wanted
        wanted |= more
    return steps.one_ahead([step for step in every if step.name in wanted])


def by_stamps(every, digests, options):
    """The steps to run, and of each that has a stamp why or why not."""
    turn = int(output("git", "rev-list", "--count", "HEAD"))
    reasons = stamps.due(digests, stamps.read(STAMPS), turn)
    if options.all:
        reasons = {step: (True, "all are asked for") for step in digests}
    elif options.stamp:
        reasons = {step: (runs and reason != stamps.TURN, reason) for step, (runs, reason) in reasons.items()}
    names = [step.name for step in every if reasons.get(step.name, (not step.name.startswith("fetch:"),))[0]]
    print(f"turn {turn}: " + ", ".join(step for step, (_, reason) in reasons.items() if reason == stamps.TURN))
    for step, (runs, reason) in reasons.items():
        print(f"   {'runs' if runs else 'not '} {step}: {reason}")
    return with_needs(every, names)


def stamper(digests):
    """Writes the stamp of a step that passed, unless its inputs were edited meanwhile."""

    def stamp(step):
        if step.name not in digests:
            return
        if stamps.digest(TOP, stamps.files(TOP), step.inputs) != digests[step.name]:
            print(f"no stamp for {step.name}: its inputs were edited while it ran")
            return
        stamps.write(STAMPS, {**stamps.read(STAMPS), step.name: digests[step.name]})

    return stamp


def counted(log):
    """Sums of cargo's lines: passed, failed, ignored."""
    with open(log, encoding="utf-8", errors="replace") as file:
        lines = re.findall(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored", file.read(), re.MULTILINE)
    return [sum(map(int, column)) for column in zip(*lines)] or [0, 0, 0]


def untested(results):
    """Lines in which steps that passed say what they left out, as this machine lacks something."""
    lines = []
    for result in results:
        if result.log:
            with open(result.log, encoding="utf-8", errors="replace") as file:
                lines += re.findall(r"^NOT (?:TESTED|RUN): .*", file.read(), re.MULTILINE)
    return lines


def report(run, planned, limit):
    """Prints how long each step took. The exit status."""
    minutes = run.elapsed() / 60
    print("\nseconds  result    step")
    for step in planned:
        result = run.results.get(step.name, lanes.Result("left out"))
        print(f"{result.seconds:7.0f}  {result.status:8}  {step.name}")
    print(f"{run.elapsed():7.0f}  in all: {minutes:.1f} minutes" + (f", {limit} at most" if limit else ""))
    failed = [name for name, result in run.results.items() if result.status != "passed"]
    late = limit and minutes > limit
    if run.stopping:
        print(f"stopped: {run.stopping}")
    if late:
        print(f"FAILED: longer than {limit} minutes")
    if failed:
        print("FAILED: " + ", ".join(failed))
    if "tests" in run.results and run.results["tests"].log:
        passed, wrong, ignored = counted(run.results["tests"].log)
        print(f"{passed} tests passed, {wrong} failed, {ignored} ignored")
    for line in untested(run.results.values()):
        print(line)
    return 1 if failed or late or run.stopping or len(run.results) < len(planned) else 0


def interrupted(*_):
    raise KeyboardInterrupt


def main():
    options = arguments()
    os.chdir(TOP)
    find_toolchain()
    signal.signal(signal.SIGTERM, interrupted)
    work = tempfile.mkdtemp(prefix="importgate-ci-")
    try:
        kept = os.environ.get("ORACLE_CACHE")
        host = re.search(r"^host: (.*)$", output("rustc", "-vV"), re.MULTILINE).group(1)
        every = steps.full(TOP, host, os.path.join(work, "packages"), kept and os.path.abspath(kept))
        digests, limit = {}, None
        if options.part == "quick":
            planned = steps.quick()
        else:
            paths = stamps.files(TOP)
            digests = {step.name: stamps.digest(TOP, paths, step.inputs) for step in every if step.inputs}
            planned = with_needs(every, options.step) if options.part == "only" else by_stamps(every, digests, options)
        if options.part == "list":
            return 0
        if options.part == "full":
            # Nothing is built twice in a full run.
            os.environ["CARGO_INCREMENTAL"] = "0"
            # A run that stamps, or runs all proofs, may take longer.
            limit = None if options.stamp or options.all else MAX_FULL_MINUTES
        logs = os.path.join(work, "logs")
        os.makedirs(logs)
        run = lanes.Run(TOP, logs, keep_going=options.keep_going or options.stamp, seconds=limit and limit * 60,
                        on_pass=stamper(digests) if options.stamp else lambda step: None)
        run.all(planned)
        return report(run, planned, limit)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
