#!/usr/bin/env python3
"""Whether two builds judge the commits of a clone alike: each commit by itself, `check --range COMMIT^..COMMIT`.

    benches/verdicts.py [--commits 2000] [--policy FILE] [--ignore-words | --core] ONE OTHER [LANGUAGE:]CLONE

Compares exit status, verdict, findings and everything else that `--format json` tells, but for wording with
--ignore-words (reasons, notes, messages, hints). Builds whose reports have other fields are compared with --core: by
exit status, verdict, and each finding's rule, severity, kind, place and path. Without a policy one is made of twenty paths that the commits' own
lines bring and take most often, in LANGUAGE or in the one with the most files. That this script sees differences is
seen by giving the second build a policy of its own (--other-policy). A commit without parents is left out.

Exits with 0 if all are the same, with 1 if not, and with 2 if nothing was found in any commit: that compares nothing.
"""

import argparse
import collections
import concurrent.futures
import datetime
import json
import pathlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from languages import Language, most_used
from measure import git, private_place

PATHS = 20
SEVERITIES = ("block", "warn", "block", "track")
WORDS = ("reason", "note", "message", "hint", "why")
CORE = ("rule", "severity", "kind", "path", "line", "import")
DIFFERENCES_SHOWN = 20
# A file's ending in a specifier: rules name modules without it.
ENDING = re.compile(r"/.*\.[cm]?[jt]sx?$")


def most_moved(clone: pathlib.Path, language: Language, commits: int) -> list[str]:
    """Paths of the imports that stand most often in added and removed lines."""
    globs = [f"*{suffix}" for suffix in language.suffixes]
    log = ["git", "-C", str(clone), "log", "-p", "-U0", "--no-renames", "--format=", f"--max-count={commits}", "HEAD", "--"]
    log += globs
    counts: collections.Counter[str] = collections.Counter()
    with subprocess.Popen(log, stdout=subprocess.PIPE) as running:
        for raw in running.stdout or ():
            line = raw.decode(errors="replace").rstrip("\r\n")
            if line[:1] in ("+", "-") and (match := language.imports.match(line[1:])):
                counts[match[1]] += 1
    return [path for path, _ in counts.most_common() if not ENDING.search(path)][: PATHS + 1]


def made_policy(clone: pathlib.Path, name: str, commits: int) -> str:
    """Rules of every severity; some recommend another path, some are capped in tests, one sees lines."""
    language = most_used(name, git(clone, "ls-tree", "-r", "-z", "--name-only", "HEAD").decode(errors="replace").split("\0"))
    paths = most_moved(clone, language, commits)
    if not paths:
        sys.exit(f"no {language.name} import comes or goes in these commits")
    text = "importgate = 1\n"
    for number, path in enumerate(paths[:PATHS]):
        text += f'\n[[rule]]\nid = "rule-{number}"\nlanguage = "{language.name}"\nforbid = ["{path}"]\n'
        text += f'reason = "One path."\nseverity = "{SEVERITIES[number % len(SEVERITIES)]}"\n'
        if number % 3 == 0:
            text += f'use-instead = "{paths[(number + 1) % len(paths)]}"\n'
        if number % 5 == 0:
            text += 'cap = [{ in = ["test", "tests"], severity = "warn" }]\n'
    return text + "\n[[rule]]\nid = \"line\"\npattern = '\\b(TODO|FIXME)\\b'\nin = \"text\"\nseverity = \"block\"\n"


def parents(clone: pathlib.Path, commits: int) -> list[str]:
    listed = git(clone, "rev-list", "--parents", f"--max-count={commits}", "HEAD").decode().splitlines()
    return [line.split()[0] for line in listed if " " in line]


def without_words(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_words(kept) for key, kept in value.items() if key not in WORDS}
    return [without_words(kept) for kept in value] if isinstance(value, list) else value


def core(report: dict[str, Any]) -> dict[str, Any]:
    findings = collections.Counter(" ".join(str(found.get(key)) for key in CORE) for found in report.get("findings", []))
    return {"verdict": report.get("verdict"), "errors": bool(report.get("errors")), "findings": dict(findings)}


class Build:
    def __init__(self, program: pathlib.Path, policy: pathlib.Path, clone: pathlib.Path, told: Callable[[Any], Any]) -> None:
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        self.options = [str(program.resolve()), "check", "--format", "json", "--as-of", today, "--policy", str(policy)]
        self.clone, self.told = clone, told

    def judge(self, commit: str) -> dict[str, Any]:
        command = [*self.options, "--range", f"{commit}^..{commit}"]
        ran = subprocess.run(command, cwd=self.clone, capture_output=True, stdin=subprocess.DEVNULL)
        # A build that fails without a report is compared by its standard error.
        report = json.loads(ran.stdout) if ran.stdout else {"errors": [{"message": ran.stderr.decode(errors="replace")}]}
        # Only the presence of a policy is compared, as its name is the path that was given.
        report["policy"] = bool(report.get("policy"))
        return {"status": ran.returncode, **self.told(report)}


def differences(one: Any, other: Any, where: str = "") -> Iterator[str]:
    """The innermost fields that differ. Lists of another length are one difference, with what only one of them has."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            yield from differences(one.get(key), other.get(key), f"{where}.{key}" if where else key)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (first, second) in enumerate(zip(one, other)):
            yield from differences(first, second, f"{where}[{number}]")
    elif isinstance(one, list) and isinstance(other, list):
        only = [f"-{json.dumps(item)}" for item in one if item not in other]
        only += [f"+{json.dumps(item)}" for item in other if item not in one]
        yield f"{where}: {len(one)} and {len(other)}; {' '.join(only)}"
    elif one != other:
        yield f"{where}: {json.dumps(one)} and {json.dumps(other)}"


def compare(builds: tuple[Build, Build], commits: list[str], jobs: int) -> int:
    verdicts: collections.Counter[str] = collections.Counter()
    findings, different = 0, 0

    def both(commit: str) -> list[dict[str, Any]]:
        return [build.judge(commit) for build in builds]

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for commit, (one, other) in zip(commits, pool.map(both, commits)):
            verdicts[f"{one.get('verdict', 'no report')} ({one['status']})"] += 1
            found = one.get("findings", [])
            findings += sum(found.values()) if isinstance(found, dict) else len(found)
            if one == other:
                continue
            different += 1
            if different <= DIFFERENCES_SHOWN:
                print(f"{commit}:", *(f"\n  {line[:1000]}" for line in differences(one, other)), flush=True)
    told = ", ".join(f"{verdict} {count}" for verdict, count in sorted(verdicts.items()))
    print(f"{len(commits)} commits, {findings} findings: {told}. {different} commits differ.")
    if different:
        return 1
    if not findings:
        print("Nothing was found: this compares nothing.", file=sys.stderr)
        return 2
    return 0


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("one", type=pathlib.Path)
    arguments.add_argument("other", type=pathlib.Path)
    arguments.add_argument("clone", metavar="[LANGUAGE:]CLONE")
    arguments.add_argument("--commits", type=int, default=2000, help="how many, from HEAD back")
    arguments.add_argument("--policy", type=pathlib.Path, help="default: made of what the commits import")
    arguments.add_argument("--other-policy", type=pathlib.Path, help="what OTHER judges by, to see that differences are seen")
    told = arguments.add_mutually_exclusive_group()
    told.add_argument("--ignore-words", action="store_true", help="leave reasons, notes, messages and hints out")
    told.add_argument("--core", action="store_true", help="only what is found where, and how it ends")
    arguments.add_argument("--jobs", type=int, default=2, help="commits at once")
    asked = arguments.parse_args()
    language, _, path = asked.clone.rpartition(":")
    clone = pathlib.Path(path).resolve()
    with private_place() as scratch:
        policy = (asked.policy or scratch / "policy.toml").resolve()
        if not asked.policy:
            policy.write_text(made_policy(clone, language, asked.commits))
        other_policy = (asked.other_policy or policy).resolve()
        told = core if asked.core else without_words if asked.ignore_words else dict
        builds = Build(asked.one, policy, clone, told), Build(asked.other, other_policy, clone, told)
        return compare(builds, parents(clone, asked.commits), asked.jobs)


if __name__ == "__main__":
    sys.exit(main())
