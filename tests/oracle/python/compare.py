#!/usr/bin/env python3
"""Compares `importgate imports` with CPython's `ast`, row by row.

    compare.py [--binary FILE] [--show N] FOLDER-OR-FILE…

Prints the totals and the first differences; the exit status is 1 if there is any difference, or no file at all.
"""
import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

import rows as oracle

BATCH = 200


def python_files(roots):
    for root in roots:
        if os.path.isfile(root):
            yield root
        for folder, folders, names in os.walk(root):
            folders.sort()
            for name in sorted(names):
                path = os.path.join(folder, name)
                if name.endswith((".py", ".pyi", ".pyw")) and os.path.isfile(path) and not os.path.islink(path):
                    yield path


def scanned(binary, paths):
    """The rows that the binary prints, by file. Its status says nothing here: every file is readable."""
    run = subprocess.run([binary, "imports", *paths], stdout=subprocess.PIPE, check=True)
    found = {path: [] for path in paths}
    for line in run.stdout.splitlines():
        row = json.loads(line)
        found[row["path"]].append([row[field] for field in oracle.FIELDS])
    return found


def compare(job):
    binary, paths = job
    found = scanned(binary, paths)
    files = rejected = count = nbytes = 0
    differences, kinds = [], {}
    for path in paths:
        with open(path, "rb") as file:
            blob = file.read()
        expected = oracle.rows_of(blob)
        if expected is None:
            rejected += 1
            continue
        files += 1
        nbytes += len(blob)
        count += len(expected)
        for row in expected:
            kinds[row[0]] = kinds.get(row[0], 0) + 1
        if found[path] != expected:
            missing = [row for row in expected if row not in found[path]]
            extra = [row for row in found[path] if row not in expected]
            differences.append((path, missing, extra))
    return files, rejected, count, nbytes, differences, kinds


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--binary", default="target/debug/importgate")
    arguments.add_argument("--show", type=int, default=20)
    arguments.add_argument("roots", nargs="+")
    options = arguments.parse_args()
    paths = list(python_files(options.roots))
    jobs = [(options.binary, paths[at : at + BATCH]) for at in range(0, len(paths), BATCH)]
    totals, differences, kinds = [0, 0, 0, 0], [], {}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for *counts, different, by_kind in pool.map(compare, jobs):
            totals = [total + count for total, count in zip(totals, counts)]
            differences += different
            for kind, count in by_kind.items():
                kinds[kind] = kinds.get(kind, 0) + count
    for path, missing, extra in differences[: options.show]:
        print(f"{path}\n  missing {missing[:5]}\n  extra   {extra[:5]}")
    files, rejected, count, nbytes = totals
    print(f"{files} files, {nbytes} bytes, {count} rows {dict(sorted(kinds.items()))}, "
          f"{rejected} files that ast rejects, {len(differences)} files that differ")
    return 1 if differences or not files else 0


if __name__ == "__main__":
    sys.exit(main())
