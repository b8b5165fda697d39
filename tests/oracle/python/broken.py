#!/usr/bin/env python3
"""Breaks Python files in the ways that commits break them, and counts which imports are still found.

    broken.py [--binary FILE] [--files N] FOLDER-OR-FILE…

An import counts where its whole statement still stands in the text, line for line. Each kind of accident must keep at
least 98 % of them. The seed is fixed.
"""
import argparse
import ast
import os
import random
import sys
import tempfile

import compare
import rows as oracle

KEPT = 0.98


def truncated(lines, rng):
    """The file stops in the middle of a line."""
    at = rng.randrange(len(lines))
    return lines[:at] + [lines[at][: rng.randrange(len(lines[at]) + 1)]], at, at


def without(signs):
    def remove(lines, rng):
        places = [(n, c) for n, line in enumerate(lines) for c, sign in enumerate(line) if sign in signs]
        if not places:
            return None
        at, column = rng.choice(places)
        return lines[:at] + [lines[at][:column] + lines[at][column + 1 :]] + lines[at + 1 :], at, at

    return remove


def half_triple(lines, rng):
    """Triple quotes lose one of theirs: all code after it looks like a string, and all strings like code."""
    places = [(n, c) for n, line in enumerate(lines) for q in ('"""', "'''") if (c := line.find(q)) >= 0]
    if not places:
        return None
    at, column = rng.choice(places)
    return lines[:at] + [lines[at][:column] + lines[at][column + 1 :]] + lines[at + 1 :], at, at


def with_one(signs):
    def insert(lines, rng):
        at = rng.randrange(len(lines))
        column = rng.randrange(len(lines[at]) + 1)
        return lines[:at] + [lines[at][:column] + rng.choice(signs) + lines[at][column:]] + lines[at + 1 :], at, at

    return insert


def conflict(lines, rng):
    """Some lines stand twice, as two sides of a merge."""
    at = rng.randrange(len(lines))
    end = min(len(lines), at + rng.randrange(1, 6))
    both = ["<<<<<<< HEAD", *lines[at:end], "=======", *lines[at:end], ">>>>>>> topic (it's)"]
    return lines[:at] + both + lines[end:], at, end - 1


def garbage(lines, rng):
    at = rng.randrange(len(lines) + 1)
    junk = "".join(rng.choice("!$%&/()=?[]{}'\"\\+-*#@;:,.<>abc 123") for _ in range(rng.randrange(1, 30)))
    return lines[:at] + [junk] + lines[at:], at, at - 1


ACCIDENTS = {
    "truncated": truncated,
    "bracket deleted": without("()[]{}"),
    "bracket inserted": with_one("()[]{}"),
    "quote deleted": without("'\""),
    "triple quote cut": half_triple,
    "quote inserted": with_one("'\""),
    "conflict markers": conflict,
    "garbage line": garbage,
}


def statements(source):
    """The import statements of a valid text: first and last line from 0, and their rows without places."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            module = getattr(node, "module", None)
            for alias in node.names:
                plain = isinstance(node, ast.Import)
                row = (alias.name if plain else module, None if plain else alias.name, alias.asname, getattr(node, "level", 0))
                found.append((node.lineno - 1, node.end_lineno - 1, row))
    return found


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--binary", default="target/debug/importgate")
    arguments.add_argument("--files", type=int, default=1500)
    arguments.add_argument("--show", type=int, default=0)
    arguments.add_argument("roots", nargs="+")
    options = arguments.parse_args()
    rng = random.Random(20240607)
    paths = list(compare.python_files(options.roots))
    rng.shuffle(paths)
    sources = []
    for path in paths:
        if len(sources) >= options.files:
            break
        try:
            with open(path, encoding="utf-8", newline="") as file:
                source = file.read()
            imports = statements(source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        if imports and "\r" not in source and "\f" not in source:
            sources.append((path, source.split("\n"), imports))
    failed = not sources
    for kind, accident in ACCIDENTS.items():
        kept = total = extra = 0
        with tempfile.TemporaryDirectory() as folder:
            expected, originals = {}, {}
            for number, (path, lines, imports) in enumerate(sources):
                broken = accident(lines, rng)
                if broken is None:
                    continue
                text, first, last = broken
                whole = [row for start, end, row in imports if end < first or (start > last and kind != "truncated")]
                name = os.path.join(folder, f"{number}.py")
                originals[name] = (path, first + 1)
                with open(name, "w", encoding="utf-8", newline="") as file:
                    file.write("\n".join(text))
                expected[name] = whole
            names = list(expected)
            for at in range(0, len(names), compare.BATCH):
                batch = names[at : at + compare.BATCH]
                for name, rows in compare.scanned(options.binary, batch).items():
                    found = [tuple(row[1:5]) for row in rows if row[0] in ("import", "type-only")]
                    total += len(expected[name])
                    missing = []
                    for row in expected[name]:
                        if row in found:
                            found.remove(row)
                            kept += 1
                        else:
                            missing.append(row)
                    extra += len(found)
                    if missing and options.show > 0:
                        print("   ", originals[name], len(missing), "of", len(expected[name]), missing[:2])
        share = kept / max(total, 1)
        failed = failed or share < KEPT
        print(f"{kind:17} {len(expected)} files, {kept} of {total} imports kept ({share:.4f}), {extra} others")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
