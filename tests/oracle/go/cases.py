"""Checks tests/cases/go/rows.txt against Go's own parser: the rows that the cases demand are Go's.

Cases with `--- no-oracle` are no Go, and Go must say so.
"""
import os
import sys
import tempfile

import rows

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "shared"))
import case_files  # noqa: E402


def main():
    cases = case_files.read(os.path.join(case_files.CASES, "go", "rows.txt"))
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        texts = {}
        for number, case in enumerate(cases):
            path = os.path.join(folder, f"{number}.go")
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(case.text())
            texts[path] = case
        for path, found in rows.rows_of_all(list(texts)).items():
            case, expected = texts[path], texts[path].rows()
            lines = [" ".join("-" if cell is None else str(cell) for cell in row) for row in found or []]
            broken = "no-oracle" in case.arguments
            if broken != (found is None) or (not broken and lines != expected):
                failed += 1
                print(f"{case.name}\n  go    {'no Go' if found is None else lines}\n  cases {expected}")
    print(f"{len(cases)} cases, {failed} differ")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
