#!/usr/bin/env python3
"""Checks tests/cases/javascript/rows.txt against TypeScript's parser: the rows that the cases demand are its.

Cases that it rejects (broken ones, Flow, proposals) are counted and skipped.
"""
import os
import sys
import tempfile

import rows as oracle

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "shared"))
import case_files  # noqa: E402


def main():
    cases = case_files.read(os.path.join(case_files.CASES, "javascript", "rows.txt"))
    expected = {}
    failed = skipped = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases):
            path = os.path.join(folder, f"{number}-{case.file_name}")
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(case.text())
            expected[path] = (case.name, case.rows())
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
