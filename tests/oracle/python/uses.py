"""What `importgate imports --uses` should print for Python files, by a resolver over CPython's `ast`: an oracle for
tests/oracle/shared/compare.py.

A chain of attributes counts where its first name is bound by imports and by nothing else in the file, in whatever scope:
every node that binds a name is looked at (Python language reference, 4.2.1). Of several imports, those of the innermost
scope around count (4.2.2).
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


class Scopes:
    """The module, and the bodies of functions and classes; a header is of the scope around it."""

    def __init__(self, tree):
        self.of = {}
        self.around = {None: None}
        self.shared = set()
        stack = [(tree, None)]
        while stack:
            node, scope = stack.pop()
            self.of[node] = scope
            if isinstance(node, (ast.Global, ast.Nonlocal)):
                self.shared.update(node.names)
            inner = scope
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                inner = node
                self.around[node] = scope
                stack.extend((child, inner) for child in node.body)
                body = set(map(id, node.body))
                stack.extend((child, scope) for child in ast.iter_child_nodes(node) if id(child) not in body)
            else:
                stack.extend((child, inner) for child in ast.iter_child_nodes(node))

    def seen_from(self, scope):
        yield scope
        while scope is not None:
            scope = self.around[scope]
            if not isinstance(scope, ast.ClassDef):
                yield scope


def imported(tree, kinds):
    """For each local name its imports: place, statement, level, path, whether it is plain, and kind."""
    found = {}
    for node, kind in kinds.items():
        for alias in node.names:
            place = (alias.lineno, alias.col_offset)
            if isinstance(node, ast.ImportFrom):
                if alias.name != "*":
                    path = ".".join(filter(None, [node.module, alias.name]))
                    found.setdefault(alias.asname or alias.name, []).append((place, node, node.level, path, False, kind))
            elif alias.asname:
                found.setdefault(alias.asname, []).append((place, node, 0, alias.name, False, kind))
            else:
                first = alias.name.split(".")[0]
                found.setdefault(first, []).append((place, node, 0, first, True, kind))
    for list_ in found.values():
        list_.sort(key=lambda import_: import_[0])
    return found


def meanings(imports_, scope, scopes, name):
    """The level, path and kind of all that a name may mean in a scope."""
    if name not in scopes.shared:
        by_scope = {}
        for import_ in imports_:
            by_scope.setdefault(scopes.of[import_[1]], []).append(import_)
        imports_ = next((by_scope[seen] for seen in scopes.seen_from(scope) if seen in by_scope), imports_)
    found = {}
    for plain in (False, True):
        for _, node, level, path, is_plain, kind in imports_:
            if is_plain == plain:
                # `import a.b as c` and `from a import b as c` stay two
                key = (level, path, plain, isinstance(node, ast.Import))
                runs = kind == "import" or found.get(key) == "attribute"
                found[key] = "attribute" if runs else "type-only"
    return [(level, path, kind) for (level, path, *_), kind in found.items()]


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
        rows = imports.Rows(source, tree)
        rows.walk()
        others, names, scopes = rows.others, imported(tree, rows.kinds), Scopes(tree)
        # a name that brackets stand around is no part of a chain: `(a).b`
        found = []
        for at, name, attributes in chains(tree):
            if name.id in others or name.id not in names or not source.goes_on(name):
                continue
            attributes = unbracketed(source, name, attributes)
            for level, path, kind in meanings(names[name.id], scopes.of[name], scopes, name.id):
                whole = shortened(".".join([shortened(path), *attributes]))
                module, last = whole.rsplit(".", 1)
                found.append((at, [kind, module, last, level, at[0]]))
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
