#!/usr/bin/env python3
"""Compares what `importgate imports` resolves relative imports to with `importlib.util.resolve_name`.

    resolved.py [--binary FILE] FOLDER…

Each FOLDER is one that packages are installed in. Files whose folders are not all packages are left out: without a policy
nobody says where theirs start. Exits with 1 for any difference, or where nothing was compared.
"""
import argparse
import importlib.util
import json
import os
import subprocess
import sys

BATCH = 200


def packages(root):
    """Each file beneath `root`, with the name of the package that Python has for it."""
    stack = [(entry.path, entry.name) for entry in os.scandir(root) if entry.is_dir()]
    while stack:
        folder, package = stack.pop()
        if not os.path.isfile(os.path.join(folder, "__init__.py")):
            continue
        for entry in os.scandir(folder):
            if entry.is_dir():
                stack.append((entry.path, f"{package}.{entry.name}"))
            elif entry.name.endswith((".py", ".pyi")):
                yield entry.path, package


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--binary", default="target/debug/importgate")
    arguments.add_argument("roots", nargs="+")
    options = arguments.parse_args()
    binary = os.path.abspath(options.binary)
    files = dict(pair for root in options.roots for pair in packages(os.path.realpath(root)))
    paths, compared, differ = sorted(files), 0, 0
    for at in range(0, len(paths), BATCH):
        run = subprocess.run([binary, "imports", *paths[at : at + BATCH]], cwd="/", stdout=subprocess.PIPE, check=True)
        for line in run.stdout.splitlines():
            row = json.loads(line)
            if row["kind"] not in ("import", "type-only") or not row["level"]:
                continue
            name = "." * row["level"] + (row["module"] or "")
            try:
                expected = [importlib.util.resolve_name(name, files[row["path"]])]
            except ImportError:
                expected = []  # beyond the top package
            if row["name"] != "*":
                expected = [f"{module}.{row['name']}" for module in expected]
            compared += 1
            if row["resolved"] != expected:
                differ += 1
                print(f"{row['path']}:{row['line']} {name} {row['name']}: {row['resolved']}, not {expected}")
    print(f"{len(paths)} files, {compared} relative imports, {differ} differ")
    return 1 if differ or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
