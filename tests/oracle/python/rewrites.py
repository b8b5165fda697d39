"""Runs every statement of tests/cases/python/rewrites.txt and what is written instead, and compares what is bound.

All modules exist here: one is made for any path, and each says its own path. So after `from a.b import m as x`, `x`
must be the module a.b.m, and after the new statement the one that the policy's entry turns it into.
"""

import importlib.abc
import importlib.machinery
import os
import sys
import unicodedata  # noqa: F401  (the compiler asks for it, and from then on any module would be ours)

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "shared"))
import case_files  # noqa: E402

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


def problems(case):
    entry, instead = case.arguments["forbid"], case.arguments["use-instead"]
    package = os.path.dirname(case.arguments["file"]).replace("/", ".")
    statement = case.text().strip("\n")
    old, new = bound(statement, package), bound(case.text("rewritten").strip("\n"), package)
    if "binds-differs" in case.arguments:
        for path in plain_imports(statement):
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
    cases = case_files.read(os.path.join(case_files.CASES, "python", "rewrites.txt"))
    finder = Everything()
    sys.meta_path.insert(0, finder)
    try:
        found = [(case, list(problems(case))) for case in cases]
    finally:
        sys.meta_path.remove(finder)
    failed = [(case, words) for case, words in found if words]
    for case, words in failed:
        print(f"{case.name}: {'; '.join(words)}")
    print(f"{len(cases)} cases, {len(failed)} wrong")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
