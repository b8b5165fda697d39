"""Stamps: hashes of what a slow step read when it last passed, kept in .ci/stamps.

A step runs when the hash of its inputs is another than its stamp, so that a change to one language costs one language's
proofs. TURNS of the others run besides, other ones after each commit: what the inputs leave out is found within days.
"""
import fnmatch
import hashlib
import os
import re
import subprocess

TURNS = 3
TURN = "its turn"
HASH_DIGITS = 24
HEADER = """\
# Hashes of each slow step's inputs when it last passed. Written by `.ci/run full --stamp`, never by hand.
"""


def files(top):
    """Paths of all files that git tracks or would track, sorted by bytes; without those that are deleted."""
    command = ["git", "-C", top, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.split(b"\0")
    return [path for path in map(os.fsdecode, sorted({path for path in listed if path})) if os.path.isfile(os.path.join(top, path))]


def pattern(glob):
    """A glob as a regular expression: `*` stays within a folder, `**/` is any number of folders, `/` at the end all beneath."""
    parts = re.split(r"(\*\*/|/$)", glob)
    special = {"**/": "(?:.*/)?", "/": "/.*"}

    def plain(part):
        segments = (fnmatch.translate(segment) for segment in part.split("/"))
        # translate() wraps its result: (?s:…)\Z
        return "/".join(re.sub(r"^\(\?s:(.*)\)\\Z$", r"\1", segment).replace(".*", "[^/]*") for segment in segments)

    return re.compile("".join(special.get(part) or plain(part) for part in parts))


def chosen(paths, globs):
    """Paths that a glob names and none with `!` before it. A glob that names no file is a mistake: something was moved."""
    wanted, unwanted = set(), set()
    for glob in globs:
        expression = pattern(glob.removeprefix("!"))
        named = {path for path in paths if expression.fullmatch(path)}
        if not named and not glob.startswith("!"):
            raise SystemExit(f".ci/steps.py: {glob!r} names no file; what was it called before?")
        (unwanted if glob.startswith("!") else wanted).update(named)
    return [path for path in paths if path in wanted - unwanted]


def content(path):
    """A file's bytes, of Rust without the lines that are comments: wording decides nothing."""
    with open(path, "rb") as file:
        text = file.read()
    if path.endswith(".rs"):
        text = b"\n".join(line for line in text.split(b"\n") if not line.lstrip().startswith(b"//"))
    return text


def digest(top, paths, globs):
    """The hash of a step's inputs: of names and contents alone, so the same on every machine."""
    whole = hashlib.sha256()
    for path in chosen(paths, globs):
        own = hashlib.sha256(content(os.path.join(top, path))).hexdigest()
        whole.update(f"{own} {path}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()[:HASH_DIGITS]


def read(path):
    """The stamps by step; none where there is no file."""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    return {step: stamp for stamp, step in lines}


def write(path, stamps):
    part = path + ".part"
    with open(part, "w", encoding="utf-8", newline="\n") as file:
        file.write(HEADER)
        file.writelines(f"{stamp} {step}\n" for step, stamp in sorted(stamps.items()))
    os.replace(part, path)


def due(digests, stamps, turn):
    """Why each step runs or does not, by step: `(runs, reason)`. `turn` grows by one with each commit."""
    reasons, others = {}, []
    for step, now in digests.items():
        if step not in stamps:
            reasons[step] = (True, "has no stamp")
        elif stamps[step] != now:
            reasons[step] = (True, "inputs changed since its stamp")
        else:
            others.append(step)
    circle = list(digests)
    start = turn * TURNS % max(len(circle), 1)
    by_turns = [step for step in circle[start:] + circle[:start] if step in others][:TURNS]
    for step in others:
        reasons[step] = (True, TURN) if step in by_turns else (False, "inputs are those of its stamp")
    return reasons
