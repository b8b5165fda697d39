#!/usr/bin/env python3
"""Checks the rows that the cases of a scanner demand against the oracle: they are the language's own.

    cases.py --oracle FILE CASES

CASES is tests/cases/LANGUAGE/rows.txt. Cases with `--- no-oracle` are left out; with `--strict` the oracle must accept all
others, but for those that `--skip` names. Else those that it rejects are counted.
"""
import argparse
import os
import sys
import tempfile

import case_files
import oracles


def cell(value):
    return "-" if value is None else str(value)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--oracle", required=True)
    arguments.add_argument("--strict", action="store_true")
    arguments.add_argument("--skip", action="append", default=[])
    arguments.add_argument("cases")
    options = arguments.parse_args()
    oracle = oracles.load(options.oracle)
    checked = failed = 0
    rejected = []
    with tempfile.TemporaryDirectory() as folder:
        wanted = {}
        for number, case in enumerate(case_files.read(options.cases)):
            if "no-oracle" in case.arguments or case.name in options.skip:
                continue
            path = os.path.join(folder, str(number), case.file_name)
            os.mkdir(os.path.dirname(path))
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(case.text())
            wanted[path] = (case.name, case.rows())
        for path, rows in oracles.expected(oracle, list(wanted)).items():
            title, expected = wanted[path]
            if rows is None:
                rejected.append(title)
                continue
            checked += 1
            found = [" ".join(map(cell, row)) for row in rows]
            if found != expected:
                failed += 1
                print(f"{title}\n  oracle only {[row for row in found if row not in expected]}\n"
                      f"  cases only  {[row for row in expected if row not in found]}")
    print(f"{checked} cases, {failed} differ, {len(rejected)} that the oracle rejects {rejected}")
    return 1 if failed or not checked or (options.strict and rejected) else 0


if __name__ == "__main__":
    sys.exit(main())
