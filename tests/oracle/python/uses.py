"""What `importgate imports --uses` should print for Python files, by a resolver over CPython's `ast`: an oracle for
tests/oracle/shared/compare.py.

A chain of attributes counts where its first name is bound by imports and by nothing else in the file, in whatever scope:
every node that binds a name is looked at (Python language reference, 4.2.1).
"""
import ast
import unicodedata
import warnings

import rows as imports

warnings.simplefilter("ignore")

ENDINGS = ["py", "pyi", "pyw"]
FIELDS = ["kind", "module", "name", "level", "line"]
# as src/lang/mod.rs cuts paths
MOST_SEGMENTS = 64
LONGEST_PATH = 1024
MOST_ROWS = 20_001


def shortened(path):
    return ".".join(path[:LONGEST_PATH].split(".")[:MOST_SEGMENTS])


def bindings(tree):
    """The names that anything but an import binds, and for each local name its imports in the order of the file."""
    others, imported = set(), {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                at = (alias.lineno, alias.col_offset)
                if alias.asname:
                    imported.setdefault(alias.asname, []).append((at, 0, alias.name))
                else:
                    first = alias.name.split(".")[0]
                    imported.setdefault(first, []).append((at, 0, first))
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name != "*":
                    path = ".".join(filter(None, [node.module, alias.name]))
                    place = (alias.lineno, alias.col_offset)
                    imported.setdefault(alias.asname or alias.name, []).append((place, node.level, path))
        elif isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                others.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            others.add(node.name)
        elif isinstance(node, ast.arg):
            others.add(node.arg)
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
            others.add(node.name)
        elif isinstance(node, ast.MatchMapping):
            others.add(node.rest)
        elif type(node).__name__ in ("TypeVar", "ParamSpec", "TypeVarTuple"):
            others.add(node.name)
    return others, imported


def chains(tree):
    """Each longest chain of attributes of a name: its place, the name, and the attributes."""
    inner = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node not in inner:
            names, below = [], node
            while isinstance(below, ast.Attribute):
                inner.add(below)
                names.append(below.attr)
                below = below.value
            if isinstance(below, ast.Name):
                yield (below.lineno, below.col_offset), below, names[::-1]


def uses_of(path, blob):
    """The rows of a file, or None where `ast` rejects it."""
    try:
        source = imports.Source(blob)
        tree = ast.parse(blob)
        others, imported = bindings(tree)
        # a name that brackets stand around is no part of a chain: `(a).b`
        found = []
        for at, name, attributes in chains(tree):
            if name.id in others or name.id not in imported or not source.goes_on(name):
                continue
            attributes = unbracketed(source, name, attributes)
            _, level, path = min(imported[name.id])
            whole = shortened(".".join([shortened(path), *attributes]))
            module, last = whole.rsplit(".", 1)
            found.append((at, ["attribute", module, last, level, at[0]]))
    except (SyntaxError, ValueError, UnicodeDecodeError, LookupError, RecursionError, MemoryError):
        return None
    return [row for _, row in sorted(found, key=lambda row: row[0])][:MOST_ROWS]


def unbracketed(source, name, attributes):
    """The attributes that follow the name with nothing but dots between: `(a.b).c` ends at `b`."""
    at = source.offset(name.end_lineno, name.end_col_offset)
    taken = []
    for attribute in attributes:
        at = source.past_trivia(at)
        if source.text[at : at + 1] != b".":
            break
        at = source.past_trivia(at + 1)
        end = source.word_end(at)
        if unicodedata.normalize("NFKC", source.text[at:end].decode()) != attribute:
            break
        taken.append(attribute)
        at = end
    return taken
