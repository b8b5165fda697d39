"""What `importgate imports` should print for Python files, as CPython's own parser has it: an oracle for
tests/oracle/shared/compare.py and broken.py.

The rules for calls are those of src/lang/python/calls.rs, told by the tree instead of the text.
"""
import ast
import re
import sys
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)

FUNCTIONS = {
    "import_module": ("dynamic", "name"),
    "__import__": ("dynamic", "name"),
    "importorskip": ("dynamic", "modname"),
    "patch": ("string", "target"),
    "patch.dict": ("string", "in_dict"),
    "patch.multiple": ("string", "target"),
    "find_spec": ("dynamic", "name"),
    "run_module": ("dynamic", "mod_name"),
    "resolve_name": ("dynamic", "name"),
    "import_string": ("dynamic", "dotted_path", "import_name"),
    "setattr": ("string", "target"),
    "delattr": ("string", "target"),
}
TRIVIA = re.compile(rb"(?:[ \t\f\r\n]|\\\r?\n|#[^\r\n]*)*")

MAX_BRACKETS = 8
WORD = re.compile(rb"[0-9A-Za-z_\x80-\xff]*")


class Source:
    """The bytes of a file as `ast` counts them, for what the tree does not tell."""

    def __init__(self, blob):
        text = decoded(blob)
        self.lines = re.split(rb"(?<=\n)|(?<=\r)(?!\n)", text)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))
        self.text = text

    def offset(self, line, column):
        return self.starts[line - 1] + column

    def opens_call(self, func):
        """How many brackets stand around the callee alone, at most; None where they are too many."""
        end = self.past_trivia(self.offset(func.end_lineno, func.end_col_offset))
        closed = 0
        while self.text[end : end + 1] == b")":
            closed += 1
            end = self.past_trivia(end + 1)
        return closed if self.text[end : end + 1] == b"(" and closed <= MAX_BRACKETS else None

    def line_of_bracket(self, func, brackets):
        """The line of the outermost of those brackets."""
        at = self.offset(func.lineno, func.col_offset)
        for _ in range(brackets):
            at = self.text.rindex(b"(", 0, at)
        return len(re.findall(rb"\r\n|\r|\n", self.text[:at])) + 1

    def past_trivia(self, at):
        return TRIVIA.match(self.text, at).end()

    def word_end(self, at):
        return WORD.match(self.text, at).end()

    def goes_on(self, name):
        """Whether a dot stands right after the name."""
        at = self.past_trivia(self.offset(name.end_lineno, name.end_col_offset))
        return self.text[at : at + 1] == b"."


def decoded(blob):
    import io
    import tokenize

    encoding, _ = tokenize.detect_encoding(io.BytesIO(blob).readline)
    return blob.decode(encoding).lstrip("\ufeff").encode()


def string_of(node):
    """The text of a literal that nothing has to run for."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr) and all(isinstance(part, ast.Constant) for part in node.values):
        return "".join(part.value for part in node.values)
    return None


def is_path(text):
    return all(segment.isidentifier() for segment in text.split("."))


def dotted(node):
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([*reversed(names), node.id] if isinstance(node, ast.Name) else []) if isinstance(node, ast.Name) else None


# as src/lang/python/renamed.rs
FLAG = "TYPE_CHECKING"
HOMES = ("pkgutil", "runpy")
KNOWN = {name.split(".")[-1] for name in FUNCTIONS}


class Renamed:
    """What the names mean that import statements give, each from its statement on."""

    def __init__(self, tree):
        self.given = {}
        statements = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
        for node in sorted(statements, key=lambda node: (node.lineno, node.col_offset)):
            for alias in node.names:
                plain = isinstance(node, ast.Import)
                local = alias.asname or (alias.name.split(".")[0] if plain else alias.name)
                self.given.setdefault(local, []).append(((node.lineno, node.col_offset), self.original(node, alias)))

    @staticmethod
    def original(node, alias):
        plain = isinstance(node, ast.Import)
        module, level = (alias.name, 0) if plain else (node.module, node.level)
        home = level == 0 and module in HOMES
        if not alias.asname and not (home and not plain):
            return None
        if alias.name == FLAG and not plain:
            return ("flag",)
        if alias.name in HOMES:
            return ("module", alias.name)
        return ("function", alias.name, home) if alias.name in KNOWN and not plain else None

    def get(self, name, node):
        """What a name means at a node."""
        before = [what for at, what in self.given.get(name, ()) if at < (node.lineno, node.col_offset)]
        return before[-1] if before and before[-1] else (None,)


def flag_value(test, renamed, source):
    """What a condition is when code runs, or None where that is not known."""
    start = source.offset(test.lineno, test.col_offset)
    if FLAG.encode() not in source.text and not re.match(rb"[(nFT01\x80-\xff]", source.text[start:]):
        # brackets around it are not in the tree
        if source.text[:start].rstrip()[-1:] != b"(":
            return None
    return known(test, renamed)


def known(test, renamed):
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        value = known(test.operand, renamed)
        return None if value is None else not value
    if isinstance(test, ast.BoolOp):
        values = [known(value, renamed) for value in test.values]
        decides = isinstance(test.op, ast.Or)
        if decides in values:
            return decides
        return None if None in values else not decides
    if isinstance(test, ast.Constant) and type(test.value) in (bool, int) and test.value in (0, 1):
        return bool(test.value)
    if isinstance(test, ast.Name):
        flag = test.id == FLAG or renamed.get(test.id, test) == ("flag",)
    else:
        flag = isinstance(test, ast.Attribute) and test.attr == FLAG and dotted(test) is not None
    return False if flag else None


def bindings(tree):
    """The names that anything but an import binds."""
    others = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
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
    return others


class Rows:
    def __init__(self, source, tree):
        self.source = source
        self.tree = tree
        self.renamed = Renamed(tree)
        self.others = bindings(tree)
        self.rows = []
        # the kind of each statement
        self.kinds = {}

    def add(self, position, kind, module, name, alias, level, line, name_line):
        self.rows.append((position, [kind, module, name, alias, level, line, name_line]))

    def walk(self):
        stack = [(self.tree, False)]
        while stack:
            node, checked = stack.pop()
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.statement(node, "type-only" if checked else "import")
                continue
            if isinstance(node, ast.Call):
                self.call(node)
            if isinstance(node, ast.If):
                runs = flag_value(node.test, self.renamed, self.source)
                stack.append((node.test, checked))
                stack.extend((child, checked or runs is False) for child in node.body)
                stack.extend((child, checked or runs is True) for child in node.orelse)
                continue
            stack.extend((child, checked) for child in ast.iter_child_nodes(node))
        return [row for _, row in sorted(self.rows, key=lambda row: row[0])]

    def statement(self, node, kind):
        self.kinds[node] = kind
        for alias in node.names:
            position = (alias.lineno, alias.col_offset)
            if isinstance(node, ast.Import):
                row = (alias.name, None, alias.asname, 0)
            else:
                row = (node.module, alias.name, alias.asname, node.level)
            self.add(position, kind, *row, node.lineno, alias.lineno)

    def callee(self, func):
        """The function that is called, and the line where its chain of names starts."""
        if isinstance(func, ast.Name):
            what, *of = self.renamed.get(func.id, func)
            if what == "function":
                known = of[0] not in ("setattr", "delattr", "resolve_name", "dict", "multiple") or of[1]
                return (of[0], func.lineno) if known and func.id not in self.others else (None, 0)
            return (func.id, func.lineno) if func.id not in ("setattr", "delattr", "resolve_name") else (None, 0)
        if not isinstance(func, ast.Attribute):
            return None, 0
        name = func.attr
        below = func.value
        below_name = below.attr if isinstance(below, ast.Attribute) else getattr(below, "id", None)
        if isinstance(below, ast.Name):
            what, *of = self.renamed.get(below.id, func)
            if what == "module" or (what == "function" and of[0] == "patch"):
                by_other = below.id in self.others and below.id != of[0]
                below_name = None if by_other and name in ("resolve_name", "run_module", "dict", "multiple") else of[0]
        if (name == "resolve_name" and below_name != "pkgutil") or (name == "run_module" and below_name != "runpy"):
            return None, 0
        if name in ("dict", "multiple"):
            name = f"patch.{name}" if below_name == "patch" else None
        elif name == "patch" or name in FUNCTIONS:
            pass
        else:
            return None, 0
        first = func
        while isinstance(first.value, ast.Attribute):
            first = first.value
        # a name at the root starts the chain; after anything else, the first attribute does
        line = first.value.lineno if isinstance(first.value, ast.Name) else first.end_lineno
        return name, line

    def call(self, node):
        name, line = self.callee(node.func)
        brackets = self.source.opens_call(node.func) if name in FUNCTIONS else None
        if brackets is None:
            return
        if brackets:
            line = self.source.line_of_bracket(node.func, brackets)
        kind, *parameters = FUNCTIONS[name]
        arguments = [(None, value) for value in node.args] + [(k.arg or "**", k.value) for k in node.keywords]
        arguments.sort(key=lambda pair: (pair[1].lineno, pair[1].col_offset))
        if not arguments or arguments[0][0] not in (None, *parameters):
            return
        path = string_of(arguments[0][1])
        if path is None:
            return
        span = (arguments[0][1].lineno, arguments[0][1].col_offset)
        names, level = [], 0
        if name in ("resolve_name", "import_string"):
            path = path.replace(":", ".", 1)
        elif name in ("import_module", "find_spec") and path.startswith("."):
            path, level = self.relative(path, arguments[1:2])
        elif name == "__import__":
            names, level = self.fromlist(arguments[1:])
        elif name in ("patch", "setattr", "delattr") and "." not in path:
            return
        if path is None or not (is_path(path) or (level and not path)):
            return
        for text, position in names or [(None, span)]:
            self.add(position, kind, path or None, text, None, level, line, position[0])

    @staticmethod
    def relative(path, arguments):
        module = path.lstrip(".")
        level = len(path) - len(module)
        if not arguments or arguments[0][0] not in (None, "package"):
            return None, 0
        package = string_of(arguments[0][1])
        if package is None:
            value = arguments[0][1]
            own = isinstance(value, ast.Name) and value.id in ("__package__", "__name__")
            return (module, level) if own else (None, 0)
        segments = package.split(".")
        if level > len(segments):
            return None, 0
        return ".".join(segments[: len(segments) - level + 1] + ([module] if module else [])), 0

    @staticmethod
    def fromlist(arguments):
        names, level = [], 0
        for position, (keyword, value) in enumerate(arguments, 1):
            simple = (
                dotted(value) is not None
                or (isinstance(value, ast.Constant) and (value.value is None or type(value.value) is int or type(value.value) is bool))
                or (isinstance(value, ast.Call) and not value.args and not value.keywords and dotted(value.func))
                or (isinstance(value, ast.Dict) and all(string_of(key) is not None for key in value.keys))
                or (isinstance(value, (ast.List, ast.Tuple, ast.Set)) and all(string_of(e) is not None for e in value.elts))
            )
            if not simple or keyword == "**":
                break
            if isinstance(value, (ast.List, ast.Tuple, ast.Set, ast.Dict)) and (keyword == "fromlist" or (keyword is None and position == 3)):
                elements = value.keys if isinstance(value, ast.Dict) else value.elts
                texts = [(string_of(e), (e.lineno, e.col_offset)) for e in elements]
                names = [(text, at) for text, at in texts if text == "*" or text.isidentifier()]
            number = isinstance(value, ast.Constant) and type(value.value) is int
            if number and (keyword == "level" or (keyword is None and position == 4)):
                level = value.value
        return names, level


ENDINGS = ["py", "pyi", "pyw"]
# of broken files more is kept than shared/broken.py demands of all
KEPT = 0.98
SAME_KINDS = {"type-only": "import"}


def rows_of(path, blob):
    """The rows of a file, or None where `ast` rejects it."""
    try:
        return Rows(Source(blob), ast.parse(blob)).walk()
    except (SyntaxError, ValueError, UnicodeDecodeError, LookupError, RecursionError, MemoryError):
        return None


FIELDS = ["kind", "module", "name", "alias", "level", "line", "name_line"]


def statements_of(path, blob):
    """First line, last line and row of each import statement, without calls; None where `ast` rejects the file."""
    try:
        tree = ast.parse(blob.decode())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            plain = isinstance(node, ast.Import)
            for alias in node.names:
                names = (alias.name, None) if plain else (node.module, alias.name)
                row = ["import", *names, alias.asname, 0 if plain else node.level, node.lineno, alias.lineno]
                found.append((node.lineno, node.end_lineno, row))
    return found


def half_triple(lines, rng):
    """Triple quotes lose one of theirs: all code after it looks like a string, and all strings like code."""
    places = [(n, c) for n, line in enumerate(lines) for q in ('"""', "'''") if (c := line.find(q)) >= 0]
    if not places:
        return None
    at, column = rng.choice(places)
    return lines[:at] + [lines[at][:column] + lines[at][column + 1 :]] + lines[at + 1 :], at, at


ACCIDENTS = {"triple quote cut": half_triple}
