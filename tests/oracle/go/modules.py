#!/usr/bin/env python3
"""Compares what imports mean with `go list`: the folder of every package of a workspace of several modules.

    modules.py [--binary FILE] FOLDER…      each folder the source of one module

One module is the top of a repository, the others stand beneath it: half in its workspace, half as replacements.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

BATCH = 200


def module_path(folder):
    try:
        with open(os.path.join(folder, "go.mod"), encoding="utf-8") as file:
            return re.search(r"^module\s+\"?([^\s\"]+)", file.read(), re.M).group(1)
    except FileNotFoundError:
        return folder.split("/gocode/src/", 1)[1]


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def lay_out(sources, top):
    """Copies the modules; dependencies elsewhere are left out, as there is no network. Gives the
    folders of the workspace's modules, and of the others."""
    folders = []
    for number, source in enumerate(sources):
        folder = top if number == 0 else os.path.join(top, "modules", str(number), "deep")
        shutil.copytree(source, folder, dirs_exist_ok=True, symlinks=True,
                        ignore=shutil.ignore_patterns("go.mod", "go.sum", "go.work", "vendor", "testdata"))
        write(os.path.join(folder, "go.mod"), f"module {module_path(source)} // the first of it\n\ngo 1.21\n")
        folders.append(folder)
    replaced = [(module_path(source), folder) for source, folder in list(zip(sources, folders))[2::2]]
    with open(os.path.join(top, "go.mod"), "a", encoding="utf-8") as file:
        file.write("replace (\n")
        for path, folder in replaced:
            file.write(f"\t\"{path}\" => ./{os.path.relpath(folder, top)}\n")
        file.write(")\nrequire (\n" + "".join(f"\t{path} v0.0.0\n" for path, _ in replaced) + ")\n")
    used = [folders[0], *folders[1::2]]
    others = folders[2::2]
    write(os.path.join(top, "go.work"), "go 1.21\nuse (\n" + "".join(f"\t./{os.path.relpath(f, top)}\n" for f in used) + ")\n")
    return used, others


def listed(go, top, here, modules, workspace):
    """Import paths and their folders, as `go list` finds them in the folder `here`."""
    patterns = [f"./{os.path.relpath(module, here)}/..." for module in modules]
    run = subprocess.run([go, "list", "-e", "-deps", "-test", "-json=ImportPath,Dir,Standard", *patterns], cwd=here,
                         env={**os.environ, "GOWORK": workspace}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if run.returncode:
        raise SystemExit(run.stderr.decode()[-2000:])
    decoder, text, at, found = json.JSONDecoder(), run.stdout.decode(), 0, {}
    while at < len(text.rstrip()):
        package, at = decoder.raw_decode(text, at)
        while at < len(text) and text[at].isspace():
            at += 1
        folder = package.get("Dir", "")
        # packages made for tests are the same folders
        if not package.get("Standard") and folder and " " not in package["ImportPath"]:
            found[package["ImportPath"]] = "." if folder == top else "./" + os.path.relpath(folder, top)
    return found


def leads(top, folder, path):
    """Whether the module file nearest up from `folder` gives it this path: for packages that nobody lists."""
    beneath, here = [], os.path.normpath(os.path.join(top, folder))
    while not os.path.isfile(os.path.join(here, "go.mod")):
        here, name = os.path.split(here)
        beneath.insert(0, name)
    return "/".join([module_path(here), *beneath]) == path


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--binary", default="target/debug/importgate")
    arguments.add_argument("modules", nargs="+")
    options = arguments.parse_args()
    binary = os.path.abspath(options.binary)
    with tempfile.TemporaryDirectory() as top:
        top = os.path.realpath(top)
        used, others = lay_out([os.path.abspath(module) for module in options.modules], top)
        subprocess.run(["git", "init", "-q", top], check=True)
        folders = dict.fromkeys(used, listed(os.environ["GO"], top, top, used, ""))
        folders |= {other: listed(os.environ["GO"], top, other, [other], "off") for other in others}
        # the innermost module has a file
        modules = sorted(folders, key=len, reverse=True)
        files = sorted(os.path.join(folder, name) for folder, _, names in os.walk(top) for name in names if name.endswith(".go"))
        rows = own = unlisted = 0
        differences = []
        for at in range(0, len(files), BATCH):
            run = subprocess.run([binary, "imports", *files[at : at + BATCH]], cwd=top, stdout=subprocess.PIPE, check=True)
            for line in run.stdout.splitlines():
                row = json.loads(line)
                known = folders[next(module for module in modules if row["path"].startswith(module + "/"))]
                module, found = row["module"], row["resolved"]
                rows += 1
                expected = [module]
                if module in known:
                    own += 1
                    expected.append(known[module])
                elif found[1:] and leads(top, found[1], module):
                    # left out by build constraints, not there at all, or of a module that this one does not ask for
                    unlisted += 1
                    continue
                if found != expected:
                    differences.append((row["path"], row["line"], found, expected))
        for difference in differences[:20]:
            print(*difference)
        print(f"{len(modules)} modules, {rows} imports, {own} of packages of the repository, {unlisted} of such that "
              f"go list leaves out, {len(differences)} differ from go list")
        return 1 if differences or not own else 0


if __name__ == "__main__":
    sys.exit(main())
