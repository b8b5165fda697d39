"""Shared by the benchmarks: isolated folders, alternating commands, medians and ratios, peak memory."""

import argparse
import collections
import contextlib
import dataclasses
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence

ROOT = pathlib.Path(__file__).resolve().parent.parent
AUTHOR = ["-c", "user.name=b", "-c", "user.email=b@example.org"]
# Rounds that only warm the caches.
WARM_UP_ROUNDS = 2


@dataclasses.dataclass(frozen=True)
class Job:
    """A command that takes its turn."""

    name: str
    command: Sequence[str]
    folder: pathlib.Path
    environment: Mapping[str, str]
    feed: pathlib.Path = pathlib.Path(os.devnull)
    statuses: tuple[int, ...] = (0,)


@dataclasses.dataclass
class Times:
    """Milliseconds of one job, a value a round."""

    wall: list[float] = dataclasses.field(default_factory=list)
    cpu: list[float] = dataclasses.field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.wall)

    def over(self, other: "Times") -> str:
        """Ratios as three cells: of medians, of minimums, of the CPU time's medians."""
        cpu = statistics.median(self.cpu) / statistics.median(other.cpu)
        return f"{self.median / other.median:.2f} | {min(self.wall) / min(other.wall):.2f} | {cpu:.2f}"


def default_program() -> pathlib.Path:
    """The static release build, or the ordinary one if there is none."""
    builds = sorted(ROOT.glob("target/*/release/importgate")) + [ROOT / "target/release/importgate"]
    return next((build for build in builds if build.exists()), builds[-1])


def arguments(description: str | None, rounds: int, at_least: str | None = None) -> argparse.ArgumentParser:
    """What all that measure builds are told."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--importgate", type=pathlib.Path, default=default_program(), help="default: the release build")
    parser.add_argument("--other", type=pathlib.Path, help="another build to compare with")
    parser.add_argument("--rounds", type=int, default=rounds, help=at_least)
    return parser


def programs(asked: argparse.Namespace, place: pathlib.Path) -> dict[str, str]:
    """The builds by name: `importgate`, and `other` if there is one."""
    builds = {"importgate": asked.importgate, "other": asked.other}
    return {name: copied(build, place / name) for name, build in builds.items() if build}


@contextlib.contextmanager
def private_place() -> Iterator[pathlib.Path]:
    """A temporary folder, with git's default configuration only."""
    with tempfile.TemporaryDirectory(prefix="importgate-bench-") as name:
        os.environ.update(
            HOME=name, XDG_CONFIG_HOME=name, GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull, LC_ALL="C"
        )
        yield pathlib.Path(name)


def copied(program: pathlib.Path, place: pathlib.Path) -> str:
    """A copy, as install.sh makes one: the kernel maps it in larger pieces than what a linker wrote."""
    shutil.copy(program, place)
    return str(place)


def empty_program(place: pathlib.Path) -> str:
    """A static program that does nothing: the least that a process costs."""
    built, source = place / "empty.built", place / "empty.source"
    if shutil.which("cc"):
        source.write_text("int main(void){return 0;}\n")
        build = ["cc", "-O2", "-static", "-x", "c", str(source), "-o", str(built)]
    else:
        source.write_text("fn main() {}\n")
        build = ["rustc", "--crate-name", "empty", "-O", "-C", "target-feature=+crt-static", "-o", str(built), str(source)]
    subprocess.run(build, check=True)
    return copied(built, place / "empty")


def git(repository: pathlib.Path, *args: str | bytes, feed: bytes | None = None) -> bytes:
    command = ["git", *AUTHOR, "-C", str(repository), *args]
    return subprocess.run(command, input=feed, stdout=subprocess.PIPE, check=True).stdout


def timed(job: Job) -> tuple[float, float, int]:
    """Wall and CPU time in milliseconds, and the exit status."""
    os.chdir(job.folder)
    files = [
        (os.POSIX_SPAWN_OPEN, 0, str(job.feed), os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    start = time.perf_counter()
    pid = os.posix_spawnp(job.command[0], job.command, job.environment, file_actions=files)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    return wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000, os.waitstatus_to_exitcode(status)


def take_turns(jobs: Sequence[Job], rounds: int) -> dict[str, Times]:
    """Each round runs every job once, and begins with another one."""
    times: dict[str, Times] = collections.defaultdict(Times)
    for number in range(rounds + WARM_UP_ROUNDS):
        first = number % len(jobs)
        for job in (*jobs[first:], *jobs[:first]):
            wall, cpu, status = timed(job)
            if status not in job.statuses:
                subprocess.run(job.command, cwd=job.folder, env=job.environment, stdin=job.feed.open("rb"))
                sys.exit(f"{' '.join(job.command)} exits with {status}")
            if number >= WARM_UP_ROUNDS:
                times[job.name].wall.append(wall)
                times[job.name].cpu.append(cpu)
    return times


def peak_mib(job: Job, report: pathlib.Path) -> float:
    """Resident memory. Not by wait4: a process started from here begins with Python's own peak."""
    command = ["/usr/bin/time", "-f", "%M", "-o", str(report), *job.command]
    with job.feed.open("rb") as feed, open(os.devnull, "wb") as nowhere:
        subprocess.run(command, cwd=job.folder, env=job.environment, stdin=feed, stdout=nowhere, stderr=nowhere)
    # If the exit status is not 0, a line before the figure says so.
    return int(report.read_text().split()[-1]) / 1024
