#!/usr/bin/env python3
"""Checks the texts of a scanner's unit tests against the oracle: the rows that those demand are the language's.

    cases.py --oracle FILE --name FILE-NAME CASES

CASES is a `tests/cases.txt` of a language, FILE-NAME what its texts are stored as, unless a title ends in ` in NAME`.
Texts that are broken on purpose have `!` at the end of their title; with `--strict` the oracle must accept all others,
but for those with a title that `--skip` names. Else those that it rejects are counted.
"""
import argparse
import os
import sys
import tempfile

import oracles


def cell(value):
    return "-" if value is None else str(value)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--oracle", required=True)
    arguments.add_argument("--name", required=True)
    arguments.add_argument("--strict", action="store_true")
    arguments.add_argument("--skip", action="append", default=[])
    arguments.add_argument("cases")
    options = arguments.parse_args()
    oracle = oracles.load(options.oracle)
    with open(options.cases, encoding="utf-8", newline="\n") as file:
        cases = file.read().split("\n=== ")[1:]
    checked = failed = 0
    rejected = []
    with tempfile.TemporaryDirectory() as folder:
        wanted = {}
        for number, case in enumerate(cases):
            title, rest = case.split("\n", 1)
            if title.endswith("!") or title in options.skip:
                continue
            body, rows = (rest + "\n").split("\n---\n", 1)
            text = f"{body}\n".replace("␍", "\r").replace("␌", "\f").replace("␀", "\0").replace("␄\n", "")
            path = os.path.join(folder, str(number), title.rpartition(" in ")[2] if " in " in title and "." in title else options.name)
            os.mkdir(os.path.dirname(path))
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            wanted[path] = (title, rows.strip().splitlines())
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
