#!/usr/bin/env python3
"""Checks tests/cases/rust/rows.txt against syn: the rows that the cases demand are Rust's.

Cases with `--- no-oracle` are what no parser takes; others that syn rejects are counted.
"""
import os
import sys
import tempfile

import rows as oracle

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "shared"))
import case_files  # noqa: E402


def main():
    cases = case_files.read(os.path.join(case_files.CASES, "rust", "rows.txt"))
    checked = skipped = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(cases):
            if "no-oracle" in case.arguments:
                continue
            path = os.path.join(folder, f"{number}.rs")
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(case.text())
            found = oracle.rows_of_all([path])[path]
            if found is None:
                skipped += 1
                print(f"syn rejects: {case.name}")
                continue
            checked += 1
            rows = [" ".join("-" if cell is None else str(cell) for cell in row) for row in found]
            if rows != case.rows():
                failed += 1
                print(f"{case.name}\n  syn   {rows}\n  cases {case.rows()}")
    print(f"{checked} cases, {skipped} that syn rejects, {failed} differ")
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
