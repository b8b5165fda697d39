#!/usr/bin/env python3
"""Checks the cases of the unit tests in src/lang/python against CPython's `ast`: the rows that they demand are Python's.

Cases marked `!` are no Python; cases that only a newer Python reads (PEP 701) are skipped and counted.
"""
import os
import sys

import rows as oracle
import uses

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = os.path.join(HERE, "..", "..", "..", "src", "lang", "python")
CASES = os.path.join(PYTHON, "tests", "cases.txt")
USES = os.path.join(PYTHON, "uses", "cases.txt")


def rows_of(blob):
    return oracle.rows_of(blob)


def uses_of(blob):
    rows = uses.uses_of("", blob)
    return rows and [row[1:] for row in rows]


def main():
    return check(CASES, rows_of, 7) | check(USES, uses_of, 4)


def check(path, rows_of, cells):
    """Compares the first cells of each row."""
    with open(path, encoding="utf-8", newline="\n") as file:
        cases = file.read().split("\n=== ")[1:]
    checked = skipped = failed = 0
    for case in cases:
        title, rest = case.split("\n", 1)
        if title.endswith("!"):
            continue
        body, expected = (rest + "\n").split("\n---\n", 1)
        source = f"{body}\n".replace("␍", "\r").replace("␌", "\f").replace("␀", "\0").replace("␄\n", "")
        found = rows_of(source.encode())
        if found is None:
            skipped += 1
            continue
        checked += 1
        texts = [" ".join("-" if cell is None else str(cell) for cell in row) for row in found]
        # before 3.12 the parser places what is in a replacement field wrongly
        wanted = [" ".join(line.split(" ")[:cells]) for line in expected.strip().splitlines()]
        if texts != wanted:
            failed += 1
            print(f"{title}\n  ast   {texts}\n  cases {expected.split()}")
    print(f"{checked} cases, {skipped} skipped, {failed} differ")
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
