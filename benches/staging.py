"""Commits for pre-commit.py: 20 rules out of a repository's own imports, and staged files that keep or break them."""

import collections
import dataclasses
import fnmatch
import json
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator

from languages import most_used
from measure import git

RULES = 20
# Minimum number of files in the sample that import a rule's path.
RULE_FILES_MIN = 3
SAMPLE_FILES = 4000
# Maximum number of file arguments of a command.
FILES_AT_ONCE = 500
FINDING_EVERY = 10
REGULAR = ("100644", "100755")


@dataclasses.dataclass(frozen=True)
class Change:
    staged: int
    # Files that got a forbidden import.
    wrong: frozenset[str]


@dataclasses.dataclass(frozen=True)
class Import:
    """An import on one whole line, which can stand in other files of the same shape."""

    paths: tuple[str, ...]
    number: int
    line: bytes
    shape: tuple[str, bool]


def chunks(items: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), FILES_AT_ONCE):
        yield items[start : start + FILES_AT_ONCE]


def spread(items: list[str], count: int) -> list[str]:
    """`count` of them, evenly."""
    count = min(count, len(items))
    return [items[index * len(items) // count] for index in range(count)]


def geometric(ranked: list[str], count: int) -> list[str]:
    """The first, the last, and others between them in geometric steps: common ones and rare ones."""
    chosen: list[int] = []
    for step in range(count):
        rank = round(len(ranked) ** (step / (count - 1))) - 1
        chosen.append(max(rank, chosen[-1] + 1 if chosen else 0))
    return [ranked[rank] for rank in chosen]


def beneath(path: str, rule: str) -> bool:
    return path == rule or (path.startswith(rule) and path[len(rule)] in ".#/")


class Stage:
    """A clone of its own, with a policy at HEAD, and an index to stage in."""

    def __init__(self, clone: pathlib.Path, folder: pathlib.Path, language: str, program: str, largest: int) -> None:
        self.folder, self.program = folder, program
        git(folder.parent, "clone", "-q", "--shared", "--no-checkout", str(clone), str(folder))
        git(folder, "read-tree", "HEAD")
        listed = git(folder, "ls-files", "--stage", "-z").decode(errors="surrogateescape").split("\0")
        modes = {path: entry.split()[0] for entry, path in (line.split("\t") for line in listed if line)}
        self.modes = {path: mode for path, mode in modes.items() if mode in REGULAR}
        self.language = most_used(language, self.modes)
        files = [path for path in self.modes if path.endswith(self.language.suffixes)]
        sample = spread(files, max(SAMPLE_FILES, 2 * largest))
        manifests = [path for path in self.modes if self.is_manifest(path.rpartition("/")[2])]
        names = "\0".join([*sample, *manifests]).encode(errors="surrogateescape")
        git(folder, "checkout-index", "-q", "-z", "--stdin", feed=names)
        self.rows = self.read_imports(sample)
        self.rules = self.choose_rules()
        self.commit_policy()

    def is_manifest(self, name: str) -> bool:
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in self.language.manifests)

    def read_imports(self, files: list[str]) -> dict[str, list[dict]]:
        """What importgate sees in each file that imports something."""
        rows: dict[str, list[dict]] = collections.defaultdict(list)
        for chunk in chunks(files):
            ran = subprocess.run([self.program, "imports", *chunk], cwd=self.folder, capture_output=True, check=True)
            for line in ran.stdout.splitlines():
                read = json.loads(line)
                if read["kind"] in ("import", "type-only") and read["module"] and read["resolved"]:
                    rows[read["path"]].append(read)
        return rows

    def choose_rules(self) -> list[str]:
        """Paths that the repository imports, its own and others', without stars and the standard library."""
        users: dict[str, set[str]] = collections.defaultdict(set)
        for path, rows in self.rows.items():
            for read in rows:
                # The path as written, unless it is relative.
                meant = next((meant for meant in read["resolved"] if meant.startswith(read["module"])), read["resolved"][0])
                if read["name"] != "*" and not self.language.standard.match(meant):
                    users[meant].add(path)
        often = [path for path in users if len(users[path]) >= RULE_FILES_MIN]
        if len(often) < RULES:
            sys.exit(f"{self.folder}: {len(often)} paths are imported by {RULE_FILES_MIN} files or more, not {RULES}")
        return geometric(sorted(often, key=lambda path: (-len(users[path]), path)), RULES)

    def commit_policy(self) -> None:
        text = "importgate = 1\n"
        for number, path in enumerate(self.rules):
            text += f'\n[[rule]]\nid = "rule-{number}"\nlanguage = "{self.language.name}"\nforbid = ["{path}"]\n'
            text += 'reason = "One path."\nseverity = "warn"\n'
        self.commit(text)

    def commit(self, policy: str) -> None:
        """Commits the index with this policy in place of the one it has."""
        git(self.folder, *self.entry(policy))
        tree = git(self.folder, "write-tree", "--missing-ok").strip()
        commit = git(self.folder, "commit-tree", "-p", "HEAD", "-m", "policy", tree).strip()
        git(self.folder, "update-ref", "HEAD", commit)

    def entry(self, policy: str) -> tuple[str, ...]:
        """The command that stages a policy."""
        blob = git(self.folder, "hash-object", "-w", "--stdin", feed=policy.encode()).decode().strip()
        return "update-index", "--add", "--cacheinfo", f"100644,{blob},policy.toml"

    def violated(self, paths: Iterable[str]) -> set[str]:
        return {rule for path in paths for rule in self.rules if beneath(path, rule)}

    def movable(self, path: str, lines: list[bytes]) -> list[Import]:
        """The file's imports that are a line each, and mean the same in every file."""
        found: dict[int, Import] = {}
        for read in self.rows[path]:
            line = lines[read["line"] - 1] if read["line"] <= len(lines) else b""
            text = line.decode(errors="replace").rstrip()
            match = self.language.imports.match(text)
            whole = all(text.count(one) == text.count(two) for one, two in ("()", "[]", "{}"))
            if not match or not whole or text.endswith(("\\", ",")) or read["name"] == "*" or read["line"] != read["name_line"]:
                continue
            indent = text[: len(text) - len(text.lstrip())]
            shape = (indent, re.match(r"\s*(import|from|export|require|const)\b", text) is not None)
            before = found[read["line"]].paths if read["line"] in found else ()
            found[read["line"]] = Import((*before, *read["resolved"]), read["line"], line, shape)
        return list(found.values())

    def examples(self) -> Iterator[Import]:
        """Lines that a rule forbids, out of the sample."""
        for path in self.rows:
            for one in self.movable(path, self.read(path).splitlines(keepends=True)):
                if self.violated(one.paths) and one.line.endswith(b"\n"):
                    yield one

    def read(self, path: str) -> bytes:
        return (self.folder / path).read_bytes()

    def broken(self, path: str, lines: list[bytes], examples: list[Import]) -> tuple[int, bytes] | None:
        """Where a forbidden import can stand that the file does not have, and its line."""
        kept = self.violated(meant for read in self.rows[path] for meant in read["resolved"])
        for anchor in self.movable(path, lines):
            for one in examples:
                if one.shape == anchor.shape and not self.violated(one.paths) & kept:
                    return anchor.number, one.line
        return None

    def stage(self, count: int, with_findings: bool) -> Change:
        """Stages `count` files as `git add` does, and leaves the index as `git commit` does."""
        git(self.folder, "read-tree", "HEAD")
        examples = list(dict.fromkeys(self.examples())) if with_findings else []
        staged = spread(list(self.rows), count)
        wrong: set[str] = set()
        contents: list[bytes] = []
        for number, path in enumerate(staged):
            lines = self.read(path).splitlines(keepends=True)
            additions = [(len(lines) // 2, f"{self.language.comment} an added line\n".encode())]
            allowed = [one for one in self.movable(path, lines) if not self.violated(one.paths)]
            additions += [(one.number, one.line) for one in allowed[:1]]
            if with_findings and len(wrong) <= number // FINDING_EVERY:
                # Rotated, so that different rules are broken.
                turn = len(wrong) * 7 % max(1, len(examples))
                addition = self.broken(path, lines, examples[turn:] + examples[:turn])
                if addition:
                    additions.append(addition)
                    wrong.add(path)
            for at, line in sorted(additions, reverse=True):
                lines.insert(at, line)
            contents.append(b"".join(lines))
        self.write_index(staged, contents)
        return Change(len(staged), frozenset(wrong))

    def write_index(self, staged: list[str], contents: list[bytes]) -> None:
        files = [self.folder / ".git" / f"staged-{number}" for number in range(len(staged))]
        for file, content in zip(files, contents):
            file.write_bytes(content)
        names = "".join(f"{file}\n" for file in files).encode()
        blobs = git(self.folder, "hash-object", "-w", "--no-filters", "--stdin-paths", feed=names).decode().split()
        entries = "".join(f"{self.modes[path]} {blob}\t{path}\0" for path, blob in zip(staged, blobs))
        git(self.folder, "update-index", "-z", "--index-info", feed=entries.encode(errors="surrogateescape"))
        git(self.folder, "write-tree", "--missing-ok")
        for file in files:
            file.unlink()

    def verify(self, change: Change, programs: list[str]) -> int:
        """How many files have findings. The rules judge what they should, and all programs say the same."""
        reports = []
        for program in programs:
            ran = subprocess.run([program, "check", "--staged", "--format", "json"], cwd=self.folder, capture_output=True)
            reports.append((ran.returncode, json.loads(ran.stdout)))
        status, report = reports[0]
        found = {finding["path"] for finding in report["findings"]}
        if status != 0 or not found <= change.wrong or bool(found) != bool(change.wrong):
            sys.exit(f"{self.folder}: status {status}, findings in {sorted(found)}, and not in {sorted(change.wrong)}")
        if report["checked"]["files"] < change.staged:
            sys.exit(f"{self.folder}: {report['checked']['files']} of {change.staged} staged files are judged")
        if any(other != (status, report) for other in reports):
            sys.exit(f"{self.folder}: the programs differ over {change.staged} staged files (see benches/verdicts.py)")
        return len(found)
