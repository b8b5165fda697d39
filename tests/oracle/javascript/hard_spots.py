#!/usr/bin/env python3
"""Checks tests/cases/javascript/rows.txt and uses.txt against TypeScript's parser: what the cases demand is its.

Cases that it rejects (broken ones, Flow, proposals) are counted and skipped.
"""
import os
import sys
import tempfile

import rows as oracle

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "shared"))
import case_files  # noqa: E402


def cells(row):
    return ["-" if cell is None else str(cell) for cell in row]


def used(row):
    """Module, name, level and line, as cases of uses have them before the text."""
    _, module, name, _, level, _, line = cells(row)
    return " ".join([module, name, level, line])


def checked(section, answers, text_of):
    """How many cases of a file were compared, skipped and found to differ."""
    cases = case_files.read(os.path.join(case_files.CASES, "javascript", f"{section}.txt"))
    expected = {}
    failed = skipped = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases):
            path = os.path.join(folder, f"{number}-{case.file_name}")
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(case.text())
            rows = case.rows(section)
            expected[path] = (case.name, [row.rsplit(" ", 1)[0] for row in rows] if section == "uses" else rows)
        for path, found in answers(list(expected)).items():
            title, rows = expected[path]
            if found is None:
                skipped += 1
                print(f"skipped: {title}")
                continue
            texts = [text_of(row) for row in found]
            if texts != rows:
                failed += 1
                different = [row for row in texts if row not in rows], [row for row in rows if row not in texts]
                print(f"{title}\n  TypeScript {different[0] or texts}\n  cases      {different[1] or rows}")
    return len(expected) - skipped, skipped, failed


def main():
    counts = checked("rows", oracle.rows_of_all, lambda row: " ".join(cells(row))), checked("uses", oracle.uses_of_all, used)
    compared, skipped, failed = map(sum, zip(*counts))
    print(f"{compared} cases, {skipped} skipped, {failed} differ")
    return 1 if failed or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
