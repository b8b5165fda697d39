#!/usr/bin/env python3
"""Many repositories, many pushes at once: how long the hook takes, and its memory, beside a hook that does nothing.

    benches/load.py [--program PROGRAM] [--repositories 2000] [--at-once 64] [--batches 5]

Makes bare repositories of 300 Python files each in GitLab's hashed layout (`@hashed/ab/cd/abcd….git`) with one
admin's file for all, and pushes one commit of three changed files to each: one after another, then AT_ONCE at a time.
The hooks take turns, batch by batch. Prints a Markdown table: percentiles of whole pushes, which are mostly git's own
work, and of the hook's own time as it logs it; the hook's peak resident memory. At once, waiting for a core counts too.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

from measure import ROOT, copied, default_program, git, private_place

FILES = 300
POLICY = """importgate = 1

[[rule]]
id = "benchmark"
language = "python"
forbid = ["app.part_5", "importgate_benchmark"]
severity = "block"
"""
CLEAN = "import json\nfrom app.kind_1 import Kind\n"


def hooks_folder(place: pathlib.Path, name: str, command: str) -> pathlib.Path:
    """A folder with one pre-receive hook, whose peaks of memory are noted."""
    folder = place / f"hooks-{name}"
    folder.mkdir()
    hook = folder / "pre-receive"
    hook.write_text(f'#!/bin/sh\nexec /usr/bin/time -q -f %M -a -o "{place}/memory-{name}" {command}\n')
    hook.chmod(0o755)
    return folder


def hashed(place: pathlib.Path, number: int) -> pathlib.Path:
    """Where GitLab keeps the repository of a project."""
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    return place / "@hashed" / digest[:2] / digest[2:4] / f"{digest}.git"


def make(place: pathlib.Path, count: int) -> tuple[pathlib.Path, list[pathlib.Path]]:
    """A client's clone with one commit to push, and the server's repositories."""
    template, client = place / "template.git", place / "client"
    git(place, "init", "-q", "--bare", "-b", "main", str(template))
    stream = subprocess.run([sys.executable, ROOT / "benches/generate.py", str(FILES)], stdout=subprocess.PIPE, check=True)
    git(template, "fast-import", "--quiet", feed=stream.stdout)
    git(place, "clone", "-q", str(template), str(client))
    (client / "policy.toml").write_text(POLICY)
    git(client, "add", "-A")
    git(client, "commit", "-qm", "a policy")
    git(client, "push", "-q", "origin", "main")
    for file in sorted((client / "src").iterdir())[:3]:
        file.write_text(CLEAN + file.read_text())
    git(client, "commit", "-qam", "a change")
    repositories = [hashed(place, number) for number in range(count)]
    for repository in repositories:
        shutil.copytree(template, repository, ignore=shutil.ignore_patterns("*.sample"))
    return client, repositories


def push(client: pathlib.Path, repository: pathlib.Path, hooks: pathlib.Path) -> float:
    """Milliseconds of a push."""
    receive = f"git -c core.hooksPath={hooks} receive-pack"
    command = ["git", "-C", str(client), "push", "-q", f"--receive-pack={receive}", str(repository), "main"]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"the push to {repository} failed: {done.stderr.decode(errors='replace')}")
    return (time.perf_counter() - start) * 1000


def percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=default_program())
    parser.add_argument("--repositories", type=int, default=2000)
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--batches", type=int, default=5)
    options = parser.parse_args()
    alone = options.at_once
    if 2 * (alone + options.at_once * options.batches) > options.repositories:
        sys.exit("too few repositories for so many pushes: each takes one")
    with private_place() as place:
        program, log, configuration = copied(options.program, place / "importgate"), place / "log.jsonl", place / "server.toml"
        configuration.write_text(f'importgate-server = 1\ndeadline = "1m"\nlog = "{log}"\n')
        jobs = {
            "nothing": hooks_folder(place, "nothing", shutil.which("true") or "true"),
            "importgate": hooks_folder(place, "importgate", f"{program} pre-receive --config {configuration}"),
        }
        client, repositories = make(place, options.repositories)
        left = iter(repositories)
        print("| hook | pushes at once | push p50 ms | p99 | hook p50 ms | p99 | p99 ÷ p50 of one alone | MiB |")
        print("|---|---|---|---|---|---|---|---|")
        base = 0.0
        for at_once, batches in ((1, alone), (options.at_once, options.batches)):
            times: dict[str, list[float]] = {name: [] for name in jobs}
            log.unlink(missing_ok=True)
            with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
                for _ in range(batches):
                    for name, hooks in jobs.items():
                        batch = [next(left) for _ in range(at_once)]
                        times[name] += pool.map(lambda repository: push(client, repository, hooks), batch)
            lines = [json.loads(line) for line in log.read_text().splitlines()]
            judged = [line for line in lines if line["verdict"] == "pass" and not line["why"]]
            if len(judged) != len(times["importgate"]):
                sys.exit(f"{len(times['importgate'])} pushes, of which {len(judged)} were judged and passed")
            own = [float(line["ms"]) for line in judged]
            base = base or percentile(own, 50)
            for name in jobs:
                memory = place / f"memory-{name}"
                peak = max(int(line) for line in memory.read_text().split()) / 1024
                hook = f"{percentile(own, 50):.0f} | {percentile(own, 99):.0f} | {percentile(own, 99) / base:.1f}"
                hook = hook if name == "importgate" else "| | "
                walls = f"{percentile(times[name], 50):.0f} | {percentile(times[name], 99):.0f}"
                print(f"| {name} | {at_once} | {walls} | {hook} | {peak:.0f} |", flush=True)
                memory.unlink()


if __name__ == "__main__":
    os.umask(0o022)
    main()
