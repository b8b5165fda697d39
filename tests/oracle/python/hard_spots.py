#!/usr/bin/env python3
"""Checks tests/cases/python against CPython's `ast`: the rows and uses that the cases demand are Python's.

Cases with `--- no-oracle` are no Python; cases that only a newer Python reads (PEP 701) are skipped and counted.
"""
import os
import sys

import rows as oracle
import uses

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "shared"))
import case_files  # noqa: E402


def rows_of(blob):
    return oracle.rows_of("", blob)


def uses_of(blob):
    rows = uses.uses_of("", blob)
    return rows and [row[1:] for row in rows]


def main():
    return check("rows", rows_of, 7) | check("uses", uses_of, 4)


def check(kind, rows_of, cells):
    """Compares the first cells of each row."""
    checked = skipped = failed = 0
    for case in case_files.read(os.path.join(case_files.CASES, "python", f"{kind}.txt")):
        if "no-oracle" in case.arguments:
            continue
        found = rows_of(case.text().encode())
        if found is None:
            skipped += 1
            continue
        checked += 1
        texts = [" ".join("-" if cell is None else str(cell) for cell in row) for row in found]
        # before 3.12 the parser places what is in a replacement field wrongly
        wanted = [" ".join(line.split(" ")[:cells]) for line in case.rows(kind)]
        if texts != wanted:
            failed += 1
            print(f"{case.name}\n  ast   {texts}\n  cases {wanted}")
    print(f"{checked} cases, {skipped} skipped, {failed} differ")
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
