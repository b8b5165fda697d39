"""The rows of C, C++ and Objective-C files by Clang's lexer: an oracle for tests/oracle/shared.

libclang cuts the whole text into raw tokens, those in a false `#if` too. A directive is a `#` (or `%:`) that no token but
comments stands before on its logical line. The name of a header is then read from the text, as no token but the
preprocessor's has its bounds.
"""
import array
import bisect
import ctypes
import re

from clang import cindex

ENDINGS = ["c", "h", "cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "inl", "ipp", "tpp", "cppm", "ixx", "mpp",
           "m", "mm", "cu", "cuh"]
BATCH = 50
# nothing is included, and the bodies of functions are not parsed: only tokens are wanted
OPTIONS = 0x400 | 0x40
COMMENT = 4
SPLICE = re.compile(rb"\\[ \t\v\f]*(?:\r\n|\n|\r)")
LINE_END = re.compile(rb"\r\n|\n|\r")
SIGNS = re.compile(rb"[#@]|%(?=[:\\])|(?<![\w])(?:import|export)\b")
NAME = re.compile(rb"(?:\w|[\x80-\xff])+")

lib = cindex.conf.lib
INDEX = cindex.Index.create()


def c_mode(path):
    return path.endswith((".c", ".m"))


class Tokens:
    """All tokens of a file, comments too, by number: their kinds, and where they start and end."""

    def __init__(self, kinds, starts, lengths, base):
        self.kinds, self.starts, self.lengths, self.base = kinds, starts, lengths, base

    def __len__(self):
        return len(self.kinds)

    def start(self, at):
        return self.starts[at] - self.base

    def end(self, at):
        return self.start(at) + self.lengths[at]

    def find(self, offset):
        """The first token that starts at `offset` or behind it."""
        return bisect.bisect_left(self.starts, offset + self.base)


def tokens(path, size):
    """The tokens of a file; `None` where Clang does not read it."""
    language = ["-xobjective-c", "-std=gnu17"] if c_mode(path) else ["-xobjective-c++", "-std=c++20"]
    try:
        unit = INDEX.parse(path, [*language, "-ferror-limit=1", "-w"], options=OPTIONS)
    except cindex.TranslationUnitLoadError:
        return None
    file = unit.get_file(path)
    whole = cindex.SourceRange.from_locations(
        cindex.SourceLocation.from_offset(unit, file, 0), cindex.SourceLocation.from_offset(unit, file, size))
    memory, count = ctypes.POINTER(cindex.Token)(), ctypes.c_uint()
    lib.clang_tokenize(unit, whole, ctypes.byref(memory), ctypes.byref(count))
    if not count.value:
        return Tokens([], [], [], 0)
    first = lib.clang_getTokenLocation(unit, memory[0]).offset
    # a token is a kind, a place, a length and more, which a call for each would take too long to ask for
    cells = array.array("I")
    cells.frombytes(ctypes.string_at(memory, count.value * 24))
    lib.clang_disposeTokens(unit, memory, count)
    return Tokens(cells[0::6], cells[1::6], cells[2::6], cells[1] - first)


def header(blob, at):
    """The text between the signs that open at `at`, and where it ends."""
    close = {b"<": b">", b'"': b'"'}.get(blob[at : at + 1])
    if not close:
        return None
    name, at = b"", at + 1
    while at < len(blob):
        splice = SPLICE.match(blob, at)
        if splice:
            at = splice.end()
            continue
        sign = blob[at : at + 1]
        if sign == close:
            return (name, at + 1) if name else None
        if sign in (b"\n", b"\r"):
            return None
        name, at = name + sign, at + 1
    return None


class File:
    def __init__(self, path, blob):
        self.blob, self.modules = blob, not c_mode(path)
        self.tokens = tokens(path, len(blob))
        self.lines = [match.end() for match in LINE_END.finditer(blob)]
        self.rows, self.spans = [], []

    def line(self, offset):
        return bisect.bisect_right(self.lines, offset) + 1

    def add(self, form, module, level, start, name, end):
        self.rows.append([form, module.decode("utf-8", "replace"), None, None, level, self.line(start), self.line(name)])
        self.spans.append((self.line(start), self.line(end - 1)))

    def word(self, at):
        """The token number `at` without the joints of lines."""
        if at >= len(self.tokens):
            return b""
        return SPLICE.sub(b"", self.blob[self.tokens.start(at) : self.tokens.end(at)])

    def next(self, at):
        """The token behind number `at` that is no comment."""
        at += 1
        while at < len(self.tokens) and self.tokens.kinds[at] == COMMENT:
            at += 1
        return at

    def begins(self, at):
        """Whether no token but comments stands before this one on its logical line."""
        while at > 0:
            gap = self.blob[self.tokens.end(at - 1) : self.tokens.start(at)]
            if LINE_END.search(SPLICE.sub(b"", gap)):
                return True
            at -= 1
            if self.tokens.kinds[at] != COMMENT:
                return False
        return True

    def read(self):
        for match in SIGNS.finditer(self.blob):
            at = self.tokens.find(match.start())
            if at == len(self.tokens) or self.tokens.start(at) != match.start() or self.tokens.kinds[at] == COMMENT:
                continue
            sign = match[0][:1]
            if sign == b"@":
                if self.word(self.next(at)) == b"import":
                    self.named("import", at, self.next(self.next(at)), False)
            elif self.begins(at):
                if sign in b"#%":
                    self.directive(at)
                elif self.modules:
                    self.module(at)
        return self

    def same_line(self, at):
        return at < len(self.tokens) and not self.begins(at)

    def directive(self, at):
        word = self.next(at)
        name = self.next(word)
        if self.word(at) not in (b"#", b"%:") or not self.same_line(word):
            return
        if self.word(word) in (b"include", b"include_next", b"import") and self.same_line(name):
            self.header("include", at, name)

    def header(self, form, at, name, semicolon=False):
        start = self.tokens.start(name)
        found = header(self.blob, start)
        if not found:
            return
        end = found[1]
        if semicolon:
            last = self.ends(self.tokens.find(end))
            if last is None:
                return
            end = self.tokens.end(last)
        self.add(form, found[0], int(self.blob[start : start + 1] == b'"'), self.tokens.start(at), start, end)

    def ends(self, at):
        """The token that is the semicolon of an import, attributes before it left out."""
        if at < len(self.tokens) and self.tokens.kinds[at] == COMMENT:
            at = self.next(at)
        if self.word(at) == b"[":
            while self.word(at) not in (b";", b""):
                at = self.next(at)
        return at if self.word(at) == b";" else None

    def module(self, at):
        form, word = "import", at
        if self.word(at) == b"export" and self.same_line(self.next(at)):
            form, word = "export", self.next(at)
        name = self.next(word)
        if self.word(word) != b"import" or not self.same_line(name):
            return
        if self.word(name)[:1] in (b"<", b'"'):
            self.header("include", at, name, True)
        else:
            self.named(form, at, name, True)

    def named(self, form, at, name, parts):
        pieces, token, colons = [], name, 0
        while True:
            word = self.word(token)
            if (word == b"." and pieces) or (word == b":" and parts and not colons):
                colons += word == b":"
                pieces.append(word)
                token = self.next(token)
                word = self.word(token)
            elif pieces:
                break
            if not NAME.fullmatch(word) or word[:1].isdigit():
                return
            pieces.append(word)
            token = self.next(token)
        last = self.ends(token)
        if last is not None:
            self.add(form, b"".join(pieces), 0, self.tokens.start(at), self.tokens.start(name), self.tokens.end(last))


def read(path, blob):
    file = File(path, blob)
    return None if file.tokens is None else file.read()


def rows_of(path, blob):
    file = read(path, blob)
    return file and file.rows


def statements_of(path, blob):
    file = read(path, blob)
    return file and [(*span, row) for span, row in zip(file.spans, file.rows)]
