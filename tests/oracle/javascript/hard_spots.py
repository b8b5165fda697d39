#!/usr/bin/env python3
"""Checks src/lang/javascript/tests/cases.txt against TypeScript's parser: the rows that the unit tests demand are its.

Cases that it rejects (broken ones, Flow, proposals) are counted and skipped.
"""
import os
import sys
import tempfile

import rows as oracle

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(HERE, "..", "..", "..", "src", "lang", "javascript", "tests", "cases.txt")


def main():
    with open(CASES, encoding="utf-8", newline="\n") as file:
        cases = file.read().split("\n=== ")[1:]
    expected = {}
    failed = skipped = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases):
            title, rest = case.split("\n", 1)
            body, rows = (rest + "\n").split("\n---\n", 1)
            source = f"{body}\n".replace("␍", "\r").replace("␌", "\f").replace("␀", "\0").replace("␄\n", "")
            path = os.path.join(folder, f"{number}-{title.rsplit(' in ')[-1] if ' in ' in title else 'a.ts'}")
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(source)
            expected[path] = (title, rows.strip().splitlines())
        for path, found in oracle.rows_of_all(list(expected)).items():
            title, rows = expected[path]
            if found is None:
                skipped += 1
                print(f"skipped: {title}")
                continue
            texts = [" ".join("-" if cell is None else str(cell) for cell in row) for row in found]
            if texts != rows:
                failed += 1
                different = [row for row in texts if row not in rows], [row for row in rows if row not in texts]
                print(f"{title}\n  TypeScript {different[0] or texts}\n  cases      {different[1] or rows}")
    print(f"{len(expected) - skipped} cases, {skipped} skipped, {failed} differ")
    return 1 if failed or len(expected) == skipped else 0


if __name__ == "__main__":
    sys.exit(main())
