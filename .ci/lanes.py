"""Lanes: steps that run one after another, beside the steps of other lanes. A step's output is printed when it ends."""
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

POLL_SECONDS = 0.2
GRACE_SECONDS = 20


@dataclass(frozen=True)
class Step:
    """A command with what it waits for."""

    name: str
    command: tuple
    lane: str = "main"
    needs: tuple = ()  # steps that must have passed before
    after: tuple = ()  # steps that must have ended before
    inputs: tuple = ()  # globs; a step without inputs always runs
    env: dict = field(default_factory=dict)
    scratch: str = ""  # folder that goes when the step ends


@dataclass
class Result:
    status: str  # passed, failed, stopped, left out
    seconds: float = 0.0
    log: str = ""


class Run:
    """A run of steps in their lanes, until all have ended, one has failed, or its time is over."""

    def __init__(self, top, logs, keep_going=False, seconds=None, on_pass=lambda step: None):
        self.top, self.logs, self.keep_going, self.on_pass = top, logs, keep_going, on_pass
        self.start = time.monotonic()
        self.deadline = self.start + seconds if seconds else None
        self.results, self.children = {}, set()
        self.changed = threading.Condition()
        self.stopping = None  # the reason

    def all(self, steps):
        """Runs the steps; their results by name, in the order of their ends."""
        lanes = {}
        for step in steps:
            lanes.setdefault(step.lane, []).append(step)
        names = {step.name for step in steps}
        threads = [threading.Thread(target=self.lane, args=(lane, names), daemon=True) for lane in lanes.values()]
        for thread in threads:
            thread.start()
        try:
            while any(thread.is_alive() for thread in threads):
                time.sleep(POLL_SECONDS)
                if self.deadline and time.monotonic() > self.deadline:
                    self.stop("the time is over")
                    self.deadline = None
        except KeyboardInterrupt:
            self.stop("interrupted")
            for thread in threads:
                thread.join()
        return self.results

    def lane(self, steps, names):
        for step in steps:
            if not self.ready(step, names):
                self.end(step, Result("left out"))
                continue
            self.say(f"-- {step.name}: started after {self.elapsed():.0f} s")
            result = self.execute(step)
            if result.status == "passed":
                self.on_pass(step)
            self.end(step, result)

    def ready(self, step, names):
        """Waits for what the step waits for. False where it cannot run any more."""
        with self.changed:
            while True:
                if self.stopping:
                    return False
                needs = [self.results.get(name) for name in step.needs if name in names]
                if any(result and result.status != "passed" for result in needs):
                    return False
                if all(needs) and all(name in self.results for name in step.after if name in names):
                    return True
                self.changed.wait()

    def execute(self, step):
        log = os.path.join(self.logs, step.name.replace(":", "-").replace(" ", "-") + ".log")
        began = time.monotonic()
        with open(log, "wb") as out:
            with self.changed:
                if self.stopping:
                    return Result("left out")
                # A process group of its own, so that it can be ended with all that it started.
                child = subprocess.Popen(step.command, cwd=self.top, env={**os.environ, **step.env}, stdin=subprocess.DEVNULL,
                                         stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
                self.children.add(child)
            code = child.wait()
            with self.changed:
                self.children.discard(child)
                stopped = self.stopping
        status = "passed" if code == 0 else "stopped" if stopped else "failed"
        return Result(status, time.monotonic() - began, log)

    def end(self, step, result):
        if step.scratch:
            shutil.rmtree(step.scratch, ignore_errors=True)
        with self.changed:
            self.results[step.name] = result
            if result.log:
                self.say(f"\n== {step.name}: {result.status} in {result.seconds:.0f} s")
                with open(result.log, "rb") as log:
                    shutil.copyfileobj(log, sys.stdout.buffer)
                sys.stdout.flush()
            self.changed.notify_all()
        if result.status == "failed" and not self.keep_going:
            self.stop(f"{step.name} failed")

    def stop(self, reason):
        """Ends what runs; nothing else starts."""
        with self.changed:
            self.stopping = self.stopping or reason
            running = list(self.children)
            self.changed.notify_all()
        for child in running:
            signalled(child, signal.SIGTERM)
        # Cleaning up takes a moment: servers end, users are removed.
        until = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < until and any(child.poll() is None for child in running):
            time.sleep(POLL_SECONDS)
        for child in running:
            signalled(child, signal.SIGKILL)

    def elapsed(self):
        return time.monotonic() - self.start

    def say(self, text):
        with self.changed:
            print(text, flush=True)


def signalled(child, number):
    """Sends a signal to all of the child's group, as long as the child has not been waited for."""
    if child.poll() is None:
        try:
            os.killpg(child.pid, number)
        except ProcessLookupError:
            pass
