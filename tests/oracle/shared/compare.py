#!/usr/bin/env python3
"""Compares `importgate imports` with an oracle, row by row.

    compare.py --oracle FILE [--binary FILE] [--show N] [--listed FILE] [--uses] FOLDER-OR-FILE…

The oracle is a Python module with `ENDINGS` (and `NAMES` of whole files), `FIELDS` (default: kind, module, name, alias, level,
line, name_line) and `rows_of(path, blob)`, or `rows_of_all(paths)` that gives rows by path where a process of its own
does the work, `BATCH` files a call. A file's rows are lists in the order of FIELDS, or `None` where the oracle rejects
the file. `--uses` compares the rows of kind `attribute` with `uses_of` or `uses_of_all` instead.

`--listed` names a text of known differences: the end of a file's path, then why the oracle is wrong there, a line each.
ORACLE_FILES, where it is set, is how many files are compared at most, from all over the folders; of uses a third as many.

Prints the totals and the first differences; the exit status is 1 if there is any that is not listed, or no file at all.
"""
import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor

import oracles

STATE = {}


def prepare(path):
    STATE["oracle"] = oracles.load(path)


def compare(job):
    binary, paths, uses = job
    oracle = STATE["oracle"]
    found = oracles.scanned(binary, paths, oracles.fields(oracle), uses)
    files = rejected = count = nbytes = 0
    differences, kinds = [], {}
    for path, rows in oracles.expected(oracle, paths, "uses" if uses else "rows").items():
        if rows is None:
            rejected += 1
            continue
        rows = [list(row) for row in rows]
        files += 1
        nbytes += os.path.getsize(path)
        count += len(rows)
        for row in rows:
            kinds[row[0]] = kinds.get(row[0], 0) + 1
        if found[path] != rows:
            missing = [row for row in rows if row not in found[path]]
            extra = [row for row in found[path] if row not in rows]
            differences.append((path, missing, extra))
    return files, rejected, count, nbytes, differences, kinds


def listed(path):
    if not path:
        return {}
    with open(path, encoding="utf-8") as file:
        lines = [line.split(None, 1) for line in file if line.strip() and not line.startswith("#")]
    without = [line[0] for line in lines if len(line) < 2]
    if without:
        raise SystemExit(f"{path}: no reason for {without}")
    return {end: reason.strip() for end, reason in lines}


def sample(paths, uses):
    most = int(os.environ.get("ORACLE_FILES") or 0) // (3 if uses else 1)
    if not most or len(paths) <= most:
        return paths
    return [paths[at * len(paths) // most] for at in range(most)]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--oracle", required=True)
    arguments.add_argument("--binary", default="target/debug/importgate")
    arguments.add_argument("--show", type=int, default=20)
    arguments.add_argument("--listed")
    arguments.add_argument("--uses", action="store_true")
    arguments.add_argument("roots", nargs="+")
    options = arguments.parse_args()
    oracle = oracles.load(options.oracle)
    known = listed(options.listed)
    chosen = sample(list(oracles.files(oracle, options.roots)), options.uses)
    jobs = [(options.binary, paths, options.uses) for paths in oracles.batches(chosen, oracles.batch_size(oracle))]
    totals, differences, kinds = [0, 0, 0, 0], [], {}
    with ProcessPoolExecutor(os.cpu_count(), initializer=prepare, initargs=(options.oracle,)) as pool:
        for *counts, different, by_kind in pool.map(compare, jobs):
            totals = [total + count for total, count in zip(totals, counts)]
            differences += different
            for kind, count in by_kind.items():
                kinds[kind] = kinds.get(kind, 0) + count
    excused = [path for path, *_ in differences if any(path.endswith(end) for end in known)]
    differences = [difference for difference in differences if difference[0] not in excused]
    for path, missing, extra in differences[: options.show]:
        print(f"{path}\n  missing {missing[:5]}\n  extra   {extra[:5]}")
        if not missing and not extra:
            print("  the same rows in another order or number")
    for end in known:
        if not any(path.endswith(end) for path in excused):
            print(f"listed, but no difference: {end}")
    files, rejected, count, nbytes = totals
    print(f"{files} files, {nbytes} bytes, {count} rows {dict(sorted(kinds.items()))}, {rejected} files that the oracle "
          f"rejects, {len(differences)} files that differ, {len(excused)} listed ones")
    return 1 if differences or not files else 0


if __name__ == "__main__":
    sys.exit(main())
