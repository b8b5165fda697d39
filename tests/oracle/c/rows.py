"""The rows of C, C++ and Objective-C files by Clang's lexer: an oracle for tests/oracle/shared.

libclang cuts the whole text into raw tokens, those in a false `#if` too. A directive is a `#` (or `%:`) that no token but
comments stands before on its logical line. The name of a header is then read from the text, as no token but the
preprocessor's has its bounds.
"""
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
SPACE = re.compile(rb"(?:\\[ \t\v\f]*(?:\r\n|\n|\r)|[ \t\v\f])*")
NAME = re.compile(rb"(?:\w|[\x80-\xff])+")

lib = cindex.conf.lib
INDEX = cindex.Index.create()


def c_mode(path):
    return path.endswith((".c", ".m"))


def tokens(path, size):
    """Kind, start and end of each token; `None` where Clang does not read the file."""
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
        return []
    first = lib.clang_getTokenLocation(unit, memory[0]).offset
    raw = ctypes.cast(memory, ctypes.POINTER(ctypes.c_uint * 6))
    base = raw[0][1] - first
    found = [(cell[0], cell[1] - base, cell[1] - base + cell[2]) for cell in (raw[at] for at in range(count.value))]
    lib.clang_disposeTokens(unit, memory, count)
    return found


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
        low, high = 0, len(self.lines)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.lines[middle] <= offset else (low, middle)
        return low + 1

    def add(self, form, module, level, start, name, end):
        self.rows.append([form, module.decode("utf-8", "replace"), None, None, level, self.line(start), self.line(name)])
        self.spans.append((self.line(start), self.line(end - 1)))

    def word(self, at):
        """The token number `at` without the joints of lines."""
        if at >= len(self.code):
            return b""
        return SPLICE.sub(b"", self.blob[self.code[at][0] : self.code[at][1]])

    def read(self):
        self.code, self.begins, line, end = [], [], True, 0
        for kind, start, stop in self.tokens:
            line = line or bool(LINE_END.search(SPLICE.sub(b"", self.blob[end:start])))
            end = stop
            if kind != COMMENT:
                self.code.append((start, stop))
                self.begins.append(line)
                line = False
        for at, (start, _) in enumerate(self.code):
            sign = self.blob[start : start + 1]
            if self.begins[at] and sign in b"#%":
                self.directive(at)
            elif self.begins[at] and sign in b"ie\\" and self.modules:
                self.module(at)
            elif sign == b"@" and self.word(at + 1) == b"import":
                self.named("import", at, at + 2, False)
        return self

    def same_line(self, at):
        return at < len(self.code) and not self.begins[at]

    def directive(self, at):
        if self.word(at) not in (b"#", b"%:") or not self.same_line(at + 1):
            return
        if self.word(at + 1) not in (b"include", b"include_next", b"import") or not self.same_line(at + 2):
            return
        self.header("include", at, at + 2)

    def header(self, form, at, name, semicolon=False):
        found = header(self.blob, self.code[name][0])
        if not found:
            return
        end = found[1]
        if semicolon:
            last = next((n for n in range(name, len(self.code)) if self.code[n][0] >= end), None)
            if last is None or not self.ends(last):
                return
            end = self.code[self.ends(last)][1]
        start = self.code[name][0]
        self.add(form, found[0], int(self.blob[start : start + 1] == b'"'), self.code[at][0], start, end)

    def ends(self, at):
        """The token that is the semicolon of an import, attributes before it left out; 0 for none."""
        while self.word(at) == b"[" and self.same_line(at):
            at = next((n for n in range(at, len(self.code)) if self.word(n) in (b";", b"")), len(self.code))
        return at if self.word(at) == b";" else 0

    def module(self, at):
        form, name = "import", at + 1
        if self.word(at) == b"export" and self.same_line(at + 1):
            form, name = "export", at + 2
        if self.word(name - 1) != b"import" or not self.same_line(name):
            return
        if self.word(name)[:1] in (b"<", b'"'):
            self.header("include", at, name, True)
        else:
            self.named(form, at, name, True)

    def named(self, form, at, name, parts):
        pieces, next_, colons = [], name, 0
        while True:
            word = self.word(next_)
            if (word == b"." and pieces) or (word == b":" and parts and not colons):
                colons += word == b":"
                pieces.append(word)
                next_, word = next_ + 1, self.word(next_ + 1)
            elif pieces:
                break
            if not NAME.fullmatch(word) or word[:1].isdigit():
                return
            pieces.append(word)
            next_ += 1
        if self.ends(next_):
            self.add(form, b"".join(pieces), 0, self.code[at][0], self.code[name][0], self.code[self.ends(next_)][1])


def read(path, blob):
    file = File(path, blob)
    return None if file.tokens is None else file.read()


def rows_of(path, blob):
    file = read(path, blob)
    return file and file.rows


def statements_of(path, blob):
    file = read(path, blob)
    return file and [(*span, row) for span, row in zip(file.spans, file.rows)]
