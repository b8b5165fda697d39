"""Checks src/lang/go/tests/cases.txt against Go's own parser: the rows that the unit tests demand are Go's.

Cases marked `!` are no Go.
"""
import os
import sys
import tempfile

import rows

CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "src", "lang", "go", "tests", "cases.txt")


def main():
    with open(CASES, encoding="utf-8", newline="\n") as file:
        cases = file.read().split("\n=== ")[1:]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        texts = {}
        for number, case in enumerate(cases):
            title, rest = case.split("\n", 1)
            body, expected = (rest + "\n").split("\n---\n", 1)
            path = os.path.join(folder, f"{number}.go")
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(f"{body}\n".replace("␍", "\r").replace("␌", "\f").replace("␀", "\0").replace("␄\n", ""))
            texts[path] = (title, expected.strip().splitlines())
        for path, found in rows.rows_of_all(list(texts)).items():
            title, expected = texts[path]
            lines = [" ".join("-" if cell is None else str(cell) for cell in row) for row in found or []]
            broken = title.endswith("!")
            if broken != (found is None) or (not broken and lines != expected):
                failed += 1
                print(f"{title}\n  go    {'no Go' if found is None else lines}\n  cases {expected}")
    print(f"{len(cases)} cases, {failed} differ")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
