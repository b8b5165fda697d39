"""What compare.py and broken.py share: an oracle as a module, the files that it knows, and the rows of importgate."""
import importlib.util
import json
import os
import subprocess
import sys

FIELDS = ["kind", "module", "name", "alias", "level", "line", "name_line"]
BATCH = 200


def load(path):
    """The oracle in the file at `path`; what stands beside it and beside this file can be imported there."""
    here = os.path.dirname(os.path.abspath(__file__))
    for folder in (here, os.path.dirname(os.path.abspath(path))):
        if folder not in sys.path:
            sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location("oracle", path)
    oracle = importlib.util.module_from_spec(spec)
    sys.modules["oracle"] = oracle
    spec.loader.exec_module(oracle)
    return oracle


def fields(oracle):
    return getattr(oracle, "FIELDS", FIELDS)


def batch_size(oracle):
    return getattr(oracle, "BATCH", BATCH)


def files(oracle, roots):
    """The files with the oracle's endings (without dot), or of the names in its `NAMES`."""
    endings = tuple("." + ending for ending in oracle.ENDINGS)
    names = getattr(oracle, "NAMES", ())
    for root in roots:
        if os.path.isfile(root):
            yield root
        for folder, folders, entries in os.walk(root):
            folders.sort()
            for name in sorted(entries):
                path = os.path.join(folder, name)
                known = name.endswith(endings) or name in names
                if known and os.path.isfile(path) and not os.path.islink(path) and path.isprintable():
                    yield path


def batches(paths, size):
    return [paths[at : at + size] for at in range(0, len(paths), size)]


def scanned(binary, paths, wanted, uses=False):
    """The rows that the binary prints, by file; with `uses` only those of uses, which come after a file's imports. Its
    status says nothing here: every file is readable."""
    found = printed(binary, ["imports"], paths, wanted)
    if not uses:
        return found
    both = printed(binary, ["imports", "--uses"], paths, wanted)
    return {path: rows[len(found[path]):] for path, rows in both.items()}


def printed(binary, command, paths, wanted):
    run = subprocess.run([binary, *command, *paths], stdout=subprocess.PIPE, check=False)
    if run.returncode not in (0, 2):
        raise SystemExit(f"{binary} ended with {run.returncode} on one of {paths}")
    found = {path: [] for path in paths}
    for line in run.stdout.splitlines():
        row = json.loads(line)
        found[row["path"]].append([row[field] for field in wanted])
    return found


def expected(oracle, paths, what="rows"):
    """What the oracle has for each file: `None` where it rejects the file. `what`: `rows`, `uses` or `statements`."""
    for_all = getattr(oracle, f"{what}_of_all", None)
    if for_all:
        return for_all(paths)
    for_one = getattr(oracle, f"{what}_of")
    found = {}
    for path in paths:
        with open(path, "rb") as file:
            found[path] = for_one(path, file.read())
    return found


def has(oracle, what):
    return hasattr(oracle, f"{what}_of") or hasattr(oracle, f"{what}_of_all")
