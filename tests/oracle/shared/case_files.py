"""Reads files of cases; tests/cases/README.md has the format."""
import os
import re

CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "cases")
PICTURES = {0x2400 + code: code for code in range(0x20)}


class Case:
    """A name, and sections by keyword: of each the last one's argument and text."""

    def __init__(self, name):
        self.name, self.arguments, self.texts = name, {}, {}

    def text(self, keyword="file"):
        """The text that is meant: without control pictures, and without the line end that `␄` takes."""
        return self.texts[keyword].removesuffix("␄\n").translate(PICTURES)

    def rows(self, keyword="rows"):
        return self.texts[keyword].strip().splitlines()

    @property
    def file_name(self):
        return os.path.basename(self.arguments["file"])


def read(path):
    """The cases of a file; what stands before the first one is left out."""
    cases, keyword = [], None
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            if line.startswith("=== "):
                cases.append(Case(line[4:].strip()))
                keyword = None
            elif cases and (header := re.fullmatch(r"--- (\S+) ?(.*)\n", line)):
                keyword = header[1]
                cases[-1].arguments[keyword], cases[-1].texts[keyword] = header[2], ""
            elif keyword:
                cases[-1].texts[keyword] += line
    return cases
