#!/usr/bin/env python3
"""Checks that what importgate writes instead of a statement parses, and imports what it says.

    rewrites.py [--binary FILE] [--files N] [--show N] FOLDER

Statements of real files, each in a file of its own, are judged by a policy that forbids common crates. The new statements
must bind the same names as before, to the same paths but for the segments that were replaced, as syn has them.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile

import rows as oracle

MOVED = {"std": "elsewhere::deep", "crate": "moved", "serde": "crate::third::serde", "core": "kern", "tokio": "io::tokio"}
POLICY = "importgate = 1\n[[rule]]\nid = 'moved'\nlanguage = 'rust'\nseverity = 'block'\nforbid = [\n%s]\n" % "".join(
    f"  {{ path = '{old}', use-instead = '{new}' }},\n" for old, new in MOVED.items()
)


def bound(row, moved=False):
    """What a row binds: the path, and the local name."""
    kind, module, name, alias = row[:4]
    path = [segment for segment in (module or "").split("::") if segment] + ([name] if name else [])
    if path[0] == "$crate":
        path[0] = "crate"
    local = alias or path[-1]
    if moved and path[0] in MOVED:
        path[:1] = MOVED[path[0]].split("::")
    if path[-1] == "self" and len(path) > 1:
        path.pop()
    return kind, "::".join(path), local


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--binary", default="target/debug/importgate")
    arguments.add_argument("--files", type=int, default=1500)
    arguments.add_argument("--show", type=int, default=10)
    arguments.add_argument("folder")
    options = arguments.parse_args()
    binary = os.path.abspath(options.binary)
    paths = []
    for folder, folders, names in os.walk(options.folder):
        folders.sort()
        paths += [os.path.join(folder, name) for name in sorted(names) if name.endswith(".rs")]
    random.Random(20240607).shuffle(paths)
    checked = 0
    wrong = []
    with tempfile.TemporaryDirectory() as top:
        def git(*words):
            subprocess.run(["git", "-C", top, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        git("init")
        with open(os.path.join(top, "policy.toml"), "w", encoding="utf-8") as file:
            file.write(POLICY)
        before = {}
        chosen = paths[: options.files]
        for at in range(0, len(chosen), 200):
            for path, found in oracle.statements_of_all(chosen[at : at + 200]).items():
                with open(path, encoding="utf-8", errors="replace") as file:
                    lines = file.read().split("\n")
                statements = {}
                for first, last, row in found or []:
                    statements.setdefault((first, last), []).append(row)
                for (first, last), rows in statements.items():
                    if any(cell and cell[0] in "$#" for row in rows for cell in row[2:4]):
                        # a macro fills it in
                        continue
                    text = "\n".join(lines[first - 1 : last]).strip()
                    if text.endswith(";") and text.startswith(("use ", "pub", "extern crate")) and text.count(";") == 1:
                        name = f"{len(before)}.rs"
                        before[name] = rows
                        with open(os.path.join(top, name), "w", encoding="utf-8") as file:
                            file.write(text + "\n")
        git("add", "--all")
        run = subprocess.run([binary, "check", "--all", "--format", "json"], cwd=top, stdout=subprocess.PIPE, check=False)
        replaced = {}
        for finding in json.loads(run.stdout)["findings"]:
            if finding["kind"] == "import" and finding["replacement"]:
                replaced[finding["path"]] = finding["replacement"]
        new = os.path.join(top, "new")
        os.mkdir(new)
        for name, text in replaced.items():
            with open(os.path.join(new, name), "w", encoding="utf-8") as file:
                file.write(text + "\n")
        names = list(replaced)
        for at in range(0, len(names), 200):
            after = oracle.rows_of_all([os.path.join(new, name) for name in names[at : at + 200]])
            for path, rows in after.items():
                name = os.path.basename(path)
                checked += 1
                expected = {bound(row, True) for row in before[name]}
                if rows is None or {bound(row) for row in rows} != expected:
                    wrong.append((before[name], replaced[name]))
    for rows, text in wrong[: options.show]:
        print(f"{rows}\n{text}\n")
    print(f"{checked} statements written anew, {len(wrong)} wrong")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
