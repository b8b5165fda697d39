#!/usr/bin/env python3
"""Compares what relative paths mean to importgate with the modules that a walk from each crate's root finds.

    modules.py [--binary FILE] [--show N] FOLDER

The folder holds a package in each folder. A walk follows `mod` from src/lib.rs, as the compiler does.
"""
import argparse
import json
import os
import subprocess
import sys

import rows as oracle

BATCH = 100


def resolved(binary, paths):
    """For each file the line and the first meaning of every leaf."""
    found = {path: set() for path in paths}
    for at in range(0, len(paths), BATCH):
        run = subprocess.run([binary, "imports", *paths[at : at + BATCH]], stdout=subprocess.PIPE, check=False)
        for line in run.stdout.splitlines():
            row = json.loads(line)
            found[row["path"]].update((row["name_line"], path) for path in row["resolved"][:1])
    return found


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--binary", default="target/debug/importgate")
    arguments.add_argument("--show", type=int, default=20)
    arguments.add_argument("folder")
    options = arguments.parse_args()
    packages = sorted(os.listdir(options.folder))
    roots = [os.path.join(options.folder, package, "src", "lib.rs") for package in packages]
    roots = [root for root in roots if os.path.isfile(root)]
    crates = files = paths = 0
    wrong = []
    for at in range(0, len(roots), BATCH):
        for tree in oracle.read("modules", roots[at : at + BATCH]).values():
            crates += 1
            found = resolved(options.binary, [path for path, leaves in tree if leaves])
            for path, leaves in tree:
                files += 1
                paths += len(leaves)
                wrong += [(path, line, leaf) for line, leaf in leaves if (line, leaf) not in found[path]]
    for path, line, leaf in wrong[: options.show]:
        print(f"{path}:{line}: {leaf}")
    print(f"{crates} crates, {files} files, {paths} relative paths, {len(wrong)} differ")
    return 1 if wrong or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
