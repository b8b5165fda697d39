"""What `importgate imports` should print for notebooks, by Python's `json` and CPython's `ast`: an oracle for
tests/oracle/shared/compare.py.

Each code cell is a program of its own; what IPython alone reads (magics, shell lines, questions) is blanked where `ast`
rejects a cell. A notebook with a cell that is no Python even then is rejected, as is one in another language.
"""
import ast
import json
import json.decoder
import json.scanner
import re
import warnings

import rows as oracle

warnings.simplefilter("ignore")

ENDINGS = ["ipynb"]
FIELDS = oracle.FIELDS
PYTHON_MAGICS = {"time", "timeit", "capture", "prun", "memit", "px", "debug", "python", "python3", "pypy"}


class Placed(str):
    """A text that knows the line of its quote in the file."""

    line = 0


def placed(document):
    """The JSON document, its texts with their lines."""
    decoder = json.JSONDecoder()

    def parse_string(text, end, strict=True):
        value, after = json.decoder.scanstring(text, end, strict)
        value = Placed(value)
        value.line = text.count("\n", 0, end) + 1
        return value, after

    decoder.parse_string = parse_string
    decoder.parse_object = lambda *arguments: json.decoder.JSONObject(*arguments)
    decoder.scan_once = json.scanner.py_make_scanner(decoder)
    return decoder.decode(document)


def code_cells(notebook):
    for sheet in notebook.get("worksheets", [notebook]):
        for cell in sheet.get("cells", []):
            if cell.get("cell_type") == "code" and str(cell.get("language", "python")).lower().startswith("python"):
                source = cell.get("source", cell.get("input", []))
                yield [source] if isinstance(source, str) else source


def is_python(notebook):
    def inner(outer, key):
        value = outer.get(key)
        return value if isinstance(value, dict) else {}

    metadata = inner(notebook, "metadata")
    names = [inner(metadata, "kernelspec").get("language"), inner(metadata, "language_info").get("name")]
    names = [name.lower() for name in names if isinstance(name, str)]
    return not names or any(name.startswith(("python", "ipython")) for name in names)


def blanked(line):
    """The line without what IPython alone reads."""
    code = line.lstrip()
    alone = code.startswith(("%", "!", "?")) or code.rstrip().endswith("?") or re.match(r"[\w., ]+=\s*[%!]", code)
    return line[: len(line) - len(code)] + "pass" if alone else line


def cell_rows(parts):
    text = "".join(parts)
    first = text.lstrip().split("\n", 1)[0]
    if first.startswith("%%"):
        if not (name := re.match(r"%%(\w*)", first)) or name[1] not in PYTHON_MAGICS:
            return []
        text = text.replace(first, "", 1)
    # for each line of the cell, the line of the file in which it starts
    lines, start = [], True
    for part in parts:
        for piece in part.splitlines(keepends=True):
            if start:
                lines.append(part.line)
            start = piece.endswith(("\n", "\r"))
    found = oracle.rows_of("", text.encode())
    if found is None:
        found = oracle.rows_of("", "\n".join(map(blanked, text.split("\n"))).encode())
    if found is None:
        return None
    return [[*row[:5], lines[row[5] - 1], lines[row[6] - 1]] for row in found]


def rows_of(path, blob):
    try:
        notebook = placed(blob.decode("utf-8-sig"))
    except ValueError:
        return None
    if not isinstance(notebook, dict):
        return None
    if not is_python(notebook):
        return []
    rows = []
    for parts in code_cells(notebook):
        found = cell_rows(parts)
        if found is None:
            return None
        rows += found
    return rows
