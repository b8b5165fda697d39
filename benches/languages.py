"""The languages that the benchmarks know: which files, how a comment begins, how a line imports, what is standard."""

import collections
import dataclasses
import pathlib
import re
import sys
from collections.abc import Iterable

NAMES = r"[\w.]*"
QUOTED = r"""["']([^"'.][^"']*)["']"""


@dataclasses.dataclass(frozen=True)
class Language:
    name: str
    suffixes: tuple[str, ...]
    comment: str
    # A line that imports what a rule can name in any file; the first group is the path.
    imports: re.Pattern[str]
    # Paths of the standard library: not made into rules, as few policies forbid the common ones.
    standard: re.Pattern[str]
    # Files beside the code that decide what an import means: patterns of names.
    manifests: tuple[str, ...]


def language(name: str, suffixes: str, imports: str, standard: str, comment: str = "//", manifests: str = "") -> Language:
    patterns = re.compile(imports), re.compile(standard)
    return Language(name, tuple(suffixes.split()), comment, *patterns, tuple(manifests.split()))


PYTHON = rf"(?:{'|'.join(sorted(sys.stdlib_module_names))})(?:\.|$)"
NODE = r"(?:node:.*|(?:assert|child_process|crypto|events|fs|http|module|os|path|process|stream|url|util|vm|zlib)(?:[/#]|$))"
SCRIPT = rf"\s*(?:(?:import|export)\b.*\bfrom\s*|import\s*|.*\brequire\()\s*{QUOTED}"
LANGUAGES = [
    language("go", ".go", r'\s*(?:import\s+)?(?:[\w.]+\s+)?"([^"\s.][^"\s]*)"$', r"[^.]+$", manifests="go.mod go.work"),
    language("java", ".java", rf"import\s+(?:static\s+)?(\w{NAMES});", r"javax?\."),
    language("javascript", ".js .mjs .cjs .jsx", SCRIPT, NODE, manifests="package.json"),
    language("kotlin", ".kt", rf"import\s+(\w{NAMES})", r"(?:kotlin|javax?)\."),
    language("python", ".py", rf"\s*(?:from|import)\s+(\w{NAMES})", PYTHON, comment="#"),
    language("ruby", ".rb", rf"\s*require\s*{QUOTED}", r"(?:bundler|date|erb|json|optparse|set|time|yaml)$", comment="#"),
    language("typescript", ".ts .tsx .mts", SCRIPT, NODE, manifests="package.json tsconfig*.json"),
]


def most_used(name: str, paths: Iterable[str]) -> Language:
    """The language of that name; with an empty one, the language that most of the files are of."""
    named = [known for known in LANGUAGES if name in ("", known.name)]
    if not named:
        sys.exit(f"{name} is none of {', '.join(known.name for known in LANGUAGES)}")
    endings = collections.Counter(pathlib.PurePosixPath(path).suffix for path in paths)
    return max(named, key=lambda known: sum(endings[suffix] for suffix in known.suffixes))
