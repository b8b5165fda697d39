#!/usr/bin/env python3
"""Checks src/lang/rust/tests/cases.txt against syn: the rows that the unit tests demand are Rust's.

Cases marked `!` are what no parser takes; others that syn rejects are counted.
"""
import os
import sys
import tempfile

import rows as oracle

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(HERE, "..", "..", "..", "src", "lang", "rust", "tests", "cases.txt")


def main():
    with open(CASES, encoding="utf-8", newline="\n") as file:
        cases = file.read().split("\n=== ")[1:]
    checked = skipped = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases):
            title, rest = case.split("\n", 1)
            if title.endswith("!"):
                continue
            body, expected = (rest + "\n").split("\n---\n", 1)
            path = os.path.join(folder, f"{number}.rs")
            text = f"{body}\n".replace("␍", "\r").replace("␌", "\f").replace("␀", "\0").replace("␄\n", "")
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            found = oracle.rows_of_all([path])[path]
            if found is None:
                skipped += 1
                print(f"syn rejects: {title}")
                continue
            checked += 1
            rows = [" ".join("-" if cell is None else str(cell) for cell in row) for row in found]
            if rows != expected.split("\n")[: len(rows)] or len(rows) != len(expected.strip().splitlines()):
                failed += 1
                print(f"{title}\n  syn   {rows}\n  cases {expected.split(chr(10))}")
    print(f"{checked} cases, {skipped} that syn rejects, {failed} differ")
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
