#!/usr/bin/env python3
"""Compares what importgate forbids in a package with what ruff's TID251 does, line by line.

    verdicts.py --ruff FILE [--binary FILE] FOLDER MODULE…

Each MODULE of the package in FOLDER is forbidden to all of it. ruff tells a statement once, importgate
each of its names, so the first lines of statements are compared, and the lines of uses.
"""
import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile


def repository(folder, modules, work):
    repo = os.path.join(work, "repo")
    shutil.copytree(folder, repo, ignore=lambda _, names: [name for name in names if name.endswith(".pyc")])
    forbidden = ", ".join(json.dumps(module) for module in modules)
    with open(os.path.join(repo, "policy.toml"), "w", encoding="utf-8") as file:
        file.write(f'importgate = 1\n[[rule]]\nid = "banned"\nlanguage = "python"\nforbid = [{forbidden}]\nseverity = "block"\n')
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for command in (["init", "--quiet"], ["add", "--all", "--force"]):
        subprocess.run(["git", "-C", repo, *command], env=environment, check=True, stdout=subprocess.DEVNULL)
    return repo, environment


def ours(binary, repo, environment):
    run = subprocess.run([binary, "check", "--all", "--format", "json"], cwd=repo, env=environment, stdout=subprocess.PIPE, check=False)
    found = {}
    for finding in json.loads(run.stdout)["findings"]:
        found.setdefault((finding["path"], finding["line"]), set()).add(finding["kind"])
    return found


def theirs(ruff, repo, modules, work):
    config = os.path.join(work, "ruff.toml")
    with open(config, "w", encoding="utf-8") as file:
        file.write("[lint.flake8-tidy-imports.banned-api]\n")
        file.writelines(f'"{module}".msg = "banned"\n' for module in modules)
    command = [ruff, "check", "--select", "TID251", "--config", config, "--no-cache", "--quiet", "--exit-zero",
               "--ignore-noqa", "--output-format", "json", "."]
    run = subprocess.run(command, cwd=repo, stdout=subprocess.PIPE, check=True)
    return {(os.path.relpath(finding["filename"], repo), finding["location"]["row"]) for finding in json.loads(run.stdout)}


def statements(repo, places):
    """The places, each at the first line of the import statement that it is in."""
    firsts = {}
    for path, line in places:
        if path not in firsts:
            firsts[path] = {}
            with open(os.path.join(repo, path), "rb") as file:
                tree = ast.parse(file.read())
            for node in ast.walk(tree):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    firsts[path].update(dict.fromkeys(range(node.lineno, node.end_lineno + 1), node.lineno))
        yield (path, line), (path, firsts[path].get(line, line))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--binary", default="target/debug/importgate")
    arguments.add_argument("--ruff", required=True)
    arguments.add_argument("--quoted", type=int, default=0, help="how many lines name it in a string alone, as a type")
    arguments.add_argument("folder")
    arguments.add_argument("modules", nargs="+")
    options = arguments.parse_args()
    binary, ruff = os.path.abspath(options.binary), os.path.abspath(options.ruff)
    with tempfile.TemporaryDirectory() as work:
        repo, environment = repository(options.folder, options.modules, work)
        by_name, banned = ours(binary, repo, environment), theirs(ruff, repo, options.modules, work)
        found = {}
        for place, statement in statements(repo, by_name):
            found.setdefault(statement, set()).update(by_name[place])
        banned = {statement for _, statement in statements(repo, banned)}
    only_theirs = sorted(banned - found.keys())
    # what ruff does not look for
    beyond = {"dynamic", "string", "wildcard", "module"}
    only_ours = sorted((place, kinds) for place, kinds in found.items() if place not in banned and not kinds <= beyond)
    for place in only_theirs:
        print("ruff alone:", *place)
    for place, kinds in only_ours:
        print("importgate alone:", *place, *sorted(kinds))
    more = sum(1 for place, kinds in found.items() if place not in banned and kinds <= beyond)
    print(f"{len(found.keys() & banned)} lines in both, {more} of kinds that ruff does not look for, "
          f"{len(only_theirs)} of ruff alone, {len(only_ours)} of importgate alone")
    return 1 if len(only_theirs) != options.quoted or only_ours or not found else 0


if __name__ == "__main__":
    sys.exit(main())
