#!/usr/bin/env python3
"""Puts what importgate recommends into real files, and asks Go's own parser whether they import what was said.

    rewrites.py [--binary FILE] FOLDER…

A policy turns packages of the library into others; after each replacement the file must have the rows that it had, but
for the one path, and know the package by the name that it had.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

import rows as oracle

# another last segment, the same one, a major version, a path that names no package, a subpackage kept
MOVED = {"fmt": "example.org/format", "strings": "example.org/new/strings", "os": "example.org/os/v2",
         "errors": "example.org/go-errors", "net": "example.org/wire", "cmd/go/internal": "example.org/inner"}
NAMES = {"example.org/os/v2": "os", "example.org/go-errors": None}
FILES = 600


def moved(path):
    for entry, instead in MOVED.items():
        if path == entry or path.startswith(entry + "/"):
            return instead + path[len(entry) :]
    return None


def copied(roots, top):
    names = []
    for root in roots:
        for folder, _, entries in sorted(os.walk(root)):
            for name in sorted(entries):
                if name.endswith(".go") and "testdata" not in folder and len(names) < FILES:
                    names.append(f"{len(names)}.go")
                    shutil.copy(os.path.join(folder, name), os.path.join(top, names[-1]))
    return names


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--binary", default="target/debug/importgate")
    arguments.add_argument("roots", nargs="+")
    options = arguments.parse_args()
    entries = ",\n".join(f'    {{ path = "{old}", use-instead = "{new}" }}' for old, new in MOVED.items())
    with tempfile.TemporaryDirectory() as top:
        names = copied(options.roots, top)
        with open(os.path.join(top, "policy.toml"), "w", encoding="utf-8") as file:
            file.write(f'importgate = 1\n[[rule]]\nid = "moved"\nlanguage = "go"\nforbid = [\n{entries},\n]\nseverity = "block"\n')
        for command in (["init", "-q"], ["add", "--all"]):
            subprocess.run(["git", *command], cwd=top, check=True)
        binary = os.path.abspath(options.binary)
        run = subprocess.run([binary, "check", "--all", "--format", "json"], cwd=top, stdout=subprocess.PIPE, check=False)
        findings = json.loads(run.stdout)["findings"]
        before = oracle.asked("spans", [os.path.join(top, name) for name in names])
        work, wanted = os.path.join(top, "new"), {}
        os.mkdir(work)
        failed = 0
        for number, finding in enumerate(findings):
            path = os.path.join(top, finding["path"])
            spans = before[path] or []
            at = next((n for n, (_, _, row) in enumerate(spans) if row[1] == finding["import"] and row[6] == finding["line"]), None)
            if at is None or not finding["replacement"]:
                failed += before[path] is not None
                continue
            start, end, row = spans[at]
            with open(path, "rb") as file:
                text = file.read()
            new = os.path.join(work, f"{number}.go")
            with open(new, "wb") as file:
                file.write(text[:start] + finding["replacement"].encode() + text[end:])
            path, alias = moved(row[1]), row[3]
            if alias is None and row[2] is None:
                name = NAMES.get(path, path.rsplit("/", 1)[-1])
                alias = None if name == row[1].rsplit("/", 1)[-1] else row[1].rsplit("/", 1)[-1]
            rows = [one[2][:4] for one in spans]
            wanted[new] = [*rows[:at], ["import", path, row[2], alias], *rows[at + 1 :]]
        for path, found in oracle.rows_of_all(list(wanted)).items():
            if found is None or [row[:4] for row in found] != wanted[path]:
                failed += 1
                print(path, found and [row for row in found if row[:4] not in wanted[path]])
        missed = sum(moved(row[1]) is not None for spans in before.values() for _, _, row in spans or []) - len(findings)
        print(f"{len(names)} files, {len(wanted)} replacements, {failed} wrong, {missed} imports without one")
        return 1 if failed or missed or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
