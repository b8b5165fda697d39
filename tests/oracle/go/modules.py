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
    """Copies the modules; dependencies elsewhere are left out, as there is no network. Gives their folders."""
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
    write(os.path.join(top, "go.work"), "go 1.21\nuse (\n" + "".join(f"\t./{os.path.relpath(f, top)}\n" for f in used) + ")\n")
    return used


def listed(go, top, modules):
    """Import paths and their folders, as `go list` finds them from the top."""
    run = subprocess.run([go, "list", "-e", "-deps", "-test", "-json=ImportPath,Dir,Standard", *(f"./{os.path.relpath(m, top)}/..." for m in modules)],
                         cwd=top, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
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


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--binary", default="target/debug/importgate")
    arguments.add_argument("modules", nargs="+")
    options = arguments.parse_args()
    binary = os.path.abspath(options.binary)
    with tempfile.TemporaryDirectory() as top:
        top = os.path.realpath(top)
        used = lay_out([os.path.abspath(module) for module in options.modules], top)
        subprocess.run(["git", "init", "-q", top], check=True)
        folders = listed(os.environ["GO"], top, used)
        replaced = {folder for folder in folders.values()}
        files = [os.path.join(folder, name) for module in used for folder, _, names in os.walk(module)
                 for name in names if name.endswith(".go")]
        # a module that is only a replacement has no workspace of its own to be seen from
        files = sorted({file for file in files if os.path.isfile(file)})
        rows = own = 0
        differences = []
        for at in range(0, len(files), BATCH):
            run = subprocess.run([binary, "imports", *files[at : at + BATCH]], cwd=top, stdout=subprocess.PIPE, check=True)
            for line in run.stdout.splitlines():
                row = json.loads(line)
                module = row["module"]
                rows += 1
                expected = [module]
                if module in folders:
                    own += 1
                    expected.append(folders[module])
                found = row["resolved"]
                if len(found) == 2 and module not in folders and not os.path.isdir(os.path.join(top, found[1])):
                    continue  # of one of the modules, but of no package that is there
                if found != expected:
                    differences.append((row["path"], row["line"], found, expected))
        for difference in differences[:20]:
            print(*difference)
        print(f"{len(used)} modules, {len(replaced)} packages, {rows} imports, {own} of packages in the repository, "
              f"{len(differences)} differ from go list")
        return 1 if differences or not own else 0


if __name__ == "__main__":
    sys.exit(main())
