#!/usr/bin/env python3
"""Checks src/lang/python/tests/cases.txt against CPython's `ast`: the rows that the unit tests demand are Python's.

Cases marked `!` are no Python; cases that only a newer Python reads (PEP 701) are skipped and counted.
"""
import os
import sys

import rows as oracle

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(HERE, "..", "..", "..", "src", "lang", "python", "tests", "cases.txt")


def main():
    with open(CASES, encoding="utf-8", newline="\n") as file:
        cases = file.read().split("\n=== ")[1:]
    checked = skipped = failed = 0
    for case in cases:
        title, rest = case.split("\n", 1)
        if title.endswith("!"):
            continue
        body, expected = (rest + "\n").split("\n---\n", 1)
        source = f"{body}\n".replace("␍", "\r").replace("␌", "\f").replace("␀", "\0").replace("␄\n", "")
        found = oracle.rows_of(source.encode())
        if found is None:
            skipped += 1
            continue
        checked += 1
        texts = [" ".join("-" if cell is None else str(cell) for cell in row) for row in found]
        # before 3.12 the parser places what is in a replacement field wrongly
        if texts != expected.split("\n")[: len(texts)] or len(texts) != len(expected.strip().splitlines()):
            failed += 1
            print(f"{title}\n  ast   {texts}\n  cases {expected.split()}")
    print(f"{checked} cases, {skipped} skipped, {failed} differ")
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
