#!/usr/bin/env python3
"""Checks src/lang/scala/tests/cases.txt against scalameta's parser: the rows that the unit tests demand are Scala's.

Cases marked `!` are no Scala, and the parser reads Scala 2.13: those of Scala 3 are skipped.
"""
import os
import sys
import tempfile

import rows as oracle

CASES = os.path.join(oracle.HERE, "..", "..", "..", "src", "lang", "scala", "tests", "cases.txt")


def main():
    with open(CASES, encoding="utf-8", newline="\n") as file:
        cases = file.read().split("\n=== ")[1:]
    expected, titles = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases):
            title, rest = case.split("\n", 1)
            if title.endswith("!") or title == "Scala 3":
                continue
            body, rows = (rest + "\n").split("\n---\n", 1)
            source = f"{body}\n".replace("␍", "\r").replace("␌", "\f").replace("␀", "\0").replace("␄\n", "")
            path = os.path.join(folder, str(number) + ".scala")
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(source)
            expected[path], titles[path] = rows.split("\n"), title
        found = oracle.rows_of_all(list(expected))
    failed = 0
    for path, rows in found.items():
        texts = [" ".join("-" if cell is None else str(cell) for cell in row) for row in ([["rejected"]] if rows is None else rows)]
        texts = [text.removeprefix("import ") if text.startswith("dynamic") else text for text in texts]
        if texts != [row for row in expected[path] if row]:
            failed += 1
            print(f"{titles[path]}\n  scalameta {texts}\n  cases {expected[path]}")
    print(f"{len(found)} cases, {failed} differ")
    return 1 if failed or not found else 0


if __name__ == "__main__":
    sys.exit(main())
