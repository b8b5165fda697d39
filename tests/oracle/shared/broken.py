#!/usr/bin/env python3
"""Breaks files in the ways that commits break them, and counts which imports are still found.

    broken.py --oracle FILE [--binary FILE] [--files N] [--show N] FOLDER-OR-FILE…

An import counts where its whole statement still stands in the text, line for line. Each kind of accident must keep at
least 97 % of them, or what the oracle's `KEPT` says. The seed is fixed.

The oracle (see compare.py) may have `statements_of(path, blob)` or `statements_of_all(paths)`: lists of first line, last
line (from 1) and row, or `None`; without, a statement ends with the line of its last name. `QUOTES` and `BRACKETS` are
the signs that accidents delete and insert, `ACCIDENTS` further kinds of them, by name. `SAME_KINDS` says which kinds count
as which other.
"""
import argparse
import os
import random
import sys
import tempfile

import oracles

KEPT = 0.97
PLACES = {"line", "name_line"}


def truncated(lines, rng):
    """The file stops in the middle of a line."""
    at = rng.randrange(len(lines))
    return lines[:at] + [lines[at][: rng.randrange(len(lines[at]) + 1)]], at, len(lines)


def without(signs):
    def remove(lines, rng):
        places = [(n, c) for n, line in enumerate(lines) for c, sign in enumerate(line) if sign in signs]
        if not places:
            return None
        at, column = rng.choice(places)
        return lines[:at] + [lines[at][:column] + lines[at][column + 1 :]] + lines[at + 1 :], at, at

    return remove


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


def garbage(signs):
    def insert(lines, rng):
        at = rng.randrange(len(lines) + 1)
        junk = "".join(rng.choice("!$%&/=?\\+-*#@;:,.<>abc 123" + signs) for _ in range(rng.randrange(1, 30)))
        return lines[:at] + [junk] + lines[at:], at, at - 1

    return insert


def accidents(oracle):
    quotes, brackets = getattr(oracle, "QUOTES", "'\""), getattr(oracle, "BRACKETS", "()[]{}")
    return {
        "truncated": truncated,
        "bracket deleted": without(brackets),
        "bracket inserted": with_one(brackets),
        "quote deleted": without(quotes),
        "quote inserted": with_one(quotes),
        "conflict markers": conflict,
        "garbage line": garbage(quotes + brackets),
        **getattr(oracle, "ACCIDENTS", {}),
    }


def statements(oracle, paths):
    """First line, last line and row of each import, by file."""
    if oracles.has(oracle, "statements"):
        return oracles.expected(oracle, paths, "statements")
    place = [oracles.fields(oracle).index(field) for field in ("line", "name_line")]
    found = {}
    for path, rows in oracles.expected(oracle, paths).items():
        if rows is None:
            found[path] = None
            continue
        ends = {}
        for row in rows:
            line, name_line = (row[at] for at in place)
            ends[line] = max(name_line, ends.get(line, line))
        found[path] = [(row[place[0]], ends[row[place[0]]], row) for row in rows]
    return found


def chosen(oracle, options, rng, unplaced):
    """Files with imports that the oracle takes: path, lines, and the statements with lines from 0."""
    paths = list(oracles.files(oracle, options.roots))
    rng.shuffle(paths)
    sources = []
    for batch in oracles.batches(paths, oracles.batch_size(oracle)):
        for path, imports in statements(oracle, batch).items():
            if not imports:
                continue
            with open(path, "rb") as file:
                blob = file.read()
            if b"\r" in blob or b"\f" in blob:
                continue
            try:
                lines = blob.decode().split("\n")
            except UnicodeDecodeError:
                continue
            sources.append((path, lines, [(first - 1, last - 1, unplaced(row)) for first, last, row in imports]))
            if len(sources) >= options.files:
                return sources
    return sources


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--oracle", required=True)
    arguments.add_argument("--binary", default="target/debug/importgate")
    arguments.add_argument("--files", type=int, default=1500)
    arguments.add_argument("--show", type=int, default=0)
    arguments.add_argument("roots", nargs="+")
    options = arguments.parse_args()
    rng = random.Random(20240607)
    oracle = oracles.load(options.oracle)
    fields = oracles.fields(oracle)
    must_keep, same_kinds = getattr(oracle, "KEPT", KEPT), getattr(oracle, "SAME_KINDS", {})

    def unplaced(row):
        cells = ((field, same_kinds.get(cell, cell) if field == "kind" else cell) for field, cell in zip(fields, row))
        return tuple(str(cell) for field, cell in cells if field not in PLACES)

    sources = chosen(oracle, options, rng, unplaced)
    failed = not sources
    for kind, accident in accidents(oracle).items():
        kept = total = extra = 0
        with tempfile.TemporaryDirectory() as folder:
            expected, originals = {}, {}
            for number, (path, lines, imports) in enumerate(sources):
                broken = accident(lines, rng)
                if broken is None:
                    continue
                text, first, last = broken
                # the name may count: a folder each
                name = os.path.join(folder, str(number), os.path.basename(path))
                os.mkdir(os.path.dirname(name))
                originals[name] = f"{path}:{first + 1}"
                with open(name, "w", encoding="utf-8", newline="") as file:
                    file.write("\n".join(text))
                expected[name] = [row for start, end, row in imports if end < first or start > last]
            for batch in oracles.batches(list(expected), oracles.BATCH):
                for name, rows in oracles.scanned(options.binary, batch, fields).items():
                    found = [unplaced(row) for row in rows]
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
                        print(f"    {originals[name]} {len(missing)} of {len(expected[name])} {missing[:2]}")
        share = kept / max(total, 1)
        failed = failed or share < must_keep
        print(f"{kind:17} {len(expected)} files, {kept} of {total} imports kept ({share:.4f}), {extra} others")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
