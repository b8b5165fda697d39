"""The rows of Rust files by syn, for tests/oracle/shared: a program of its own, which `run` builds."""
import json
import os
import subprocess

ENDINGS = ["rs"]


def read(mode, paths):
    run = subprocess.run([os.environ["RUST_ORACLE"], mode, *paths], stdout=subprocess.PIPE, check=True)
    return dict(json.loads(line) for line in run.stdout.splitlines())


def rows_of_all(paths):
    return read("rows", paths)


def uses_of_all(paths):
    return read("uses", paths)


def statements_of_all(paths):
    return read("statements", paths)
