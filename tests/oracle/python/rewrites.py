"""Runs every statement of tests/cases/python-rewrites.toml and what is written instead, and compares what is bound.

All modules exist here: one is made for any path, and each says its own path. So after `from a.b import m as x`, `x`
must be the module a.b.m, and after the new statement the one that the policy's entry turns it into.
"""

import importlib.abc
import importlib.machinery
import pathlib
import sys
import tomllib
import unicodedata  # noqa: F401  (the compiler asks for it, and from then on any module would be ours)

TABLE = pathlib.Path(__file__).parents[2] / "cases" / "python-rewrites.toml"
STAR = "star_export"


class Everything(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a package at any path; a star import of it gives one name."""

    def find_spec(self, fullname, path=None, target=None):
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.__all__ = [STAR]


def bound(statement, package):
    """The names that the statement binds, each with the path of what it means."""
    before = set(sys.modules)
    scope = {"__name__": f"{package}.importer" if package else "__main__", "__package__": package}
    known = set(scope) | {"__builtins__"}
    exec(compile(statement, "<statement>", "exec"), scope)
    names = {name: value for name, value in scope.items() if name not in known}
    for name in set(sys.modules) - before:
        del sys.modules[name]
    return names


def moved(path, entry, instead):
    """What the policy makes of a path."""
    if path == entry or path.startswith(entry + "."):
        return instead + path[len(entry) :]
    return path


def reachable(names, path):
    """Whether `path` can be written after the statement, and means itself."""
    first, *rest = path.split(".")
    value = names.get(first)
    for segment in rest:
        value = getattr(value, segment, None)
    return getattr(value, "__name__", None) == path


def plain_imports(statement):
    """The paths of `import a.b.m` without a name of their own."""
    names = [name.strip() for name in statement.removeprefix("import ").split(",")]
    return [name for name in names if " " not in name]


def problems(row):
    entry, instead, package = row["entry"], row["instead"], row.get("package", "")
    old, new = bound(row["statement"], package), bound(row["expected"].strip("\n"), package)
    if row.get("binds") == "differs":
        for path in plain_imports(row["statement"]):
            if not reachable(new, moved(path, entry, instead)):
                yield f"{path} is not reachable by its new path"
        return
    if old.keys() != new.keys():
        yield f"binds {sorted(new)}, not {sorted(old)}"
    for name, value in old.items():
        want = moved(value.__name__, entry, instead)
        got = getattr(new.get(name), "__name__", None)
        if got != want:
            yield f"{name} means {got}, not {want}"


def main():
    sys.dont_write_bytecode = True
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["row"]
    finder = Everything()
    sys.meta_path.insert(0, finder)
    try:
        found = [(row, list(problems(row))) for row in rows]
    finally:
        sys.meta_path.remove(finder)
    failed = [(row, words) for row, words in found if words]
    for row, words in failed:
        print(f"{row['statement']!r} ({row['entry']} -> {row['instead']}): {'; '.join(words)}")
    print(f"{len(rows)} rows, {len(failed)} wrong")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
