"""Checks that what importgate writes instead of a statement parses, and imports what it says.

Statements of real files, each in a file of its own, are judged by a policy that forbids common packages and classes.
What the language's own parser has for each new statement is compared with what the policy asks for.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile

import oracles


class Check:
    """What a language says of itself.

    `moved` is what a policy forbids and what it recommends instead; the longest entry that a path has at its front
    decides. `odd` are statements beside the real ones. `bound` gives for paths of files what each binds: a list of tuples
    whose first cell is the path, or `None` where the parser rejects the file. `wanted` turns such a tuple and its new path
    into the tuple of the new statement, or `None` where nothing can be written.
    """

    def __init__(self, language, ending, moved, odd, bound, wanted):
        self.language, self.ending = language, ending
        self.moved, self.odd, self.bound, self.wanted = moved, odd, bound, wanted

    def new_path(self, path):
        entries = [old for old in self.moved if path == old or path.startswith(old + ".")]
        if not entries:
            return None
        old = max(entries, key=len)
        return self.moved[old] + path[len(old) :]

    def policy(self):
        entries = "".join(f"  {{ path = '{old}', use-instead = '{new}' }},\n" for old, new in self.moved.items())
        return f"importgate = 1\n[[rule]]\nid = 'moved'\nlanguage = '{self.language}'\nseverity = 'block'\nforbid = [\n{entries}]\n"

    def statements(self, oracle, roots, files):
        """The texts of statements of some files, each once."""
        texts = dict.fromkeys(self.odd)
        paths = list(oracles.files(oracle, roots))
        random.Random(20240607).shuffle(paths)
        for batch in oracles.batches(paths[:files], oracles.batch_size(oracle)):
            for path, found in oracles.expected(oracle, batch, "statements").items():
                with open(path, encoding="utf-8", errors="surrogateescape") as file:
                    lines = file.read().split("\n")
                for first, last, row in found or []:
                    if row[0] == "import":
                        texts["\n".join(lines[first - 1 : last]).strip()] = None
        return list(texts)

    def run(self, oracle, options):
        with tempfile.TemporaryDirectory() as top:
            def write(folder, texts):
                for name, text in texts.items():
                    with open(os.path.join(folder, name), "w", encoding="utf-8", errors="surrogateescape") as file:
                        file.write(text + "\n")

            def bound(folder, names):
                found = {}
                for batch in oracles.batches([os.path.join(folder, name) for name in names], oracles.batch_size(oracle)):
                    found.update((os.path.basename(path), rows) for path, rows in self.bound(batch).items())
                return found

            texts = {f"{n}.{self.ending}": text for n, text in enumerate(self.statements(oracle, options.roots, options.files))}
            write(top, texts)
            write(top, {"policy.toml": self.policy()})
            for command in (["init", "-q"], ["add", "--all"]):
                subprocess.run(["git", *command], cwd=top, check=True)
            command = [os.path.abspath(options.binary), "check", "--all", "--format", "json"]
            run = subprocess.run(command, cwd=top, stdout=subprocess.PIPE, check=False)
            told = {one["path"]: one for one in json.loads(run.stdout)["findings"] if one["kind"] == "import"}
            expected = {}
            for name, rows in bound(top, list(texts)).items():
                # several in a line are no case of their own
                if rows is not None and len(rows) == 1 and (path := self.new_path(rows[0][0])):
                    expected[name] = self.wanted(rows[0], path)
            new = os.path.join(top, "new")
            os.mkdir(new)
            written = {name: told[name]["replacement"] for name in expected if name in told and told[name]["replacement"]}
            write(new, written)
            wrong = [(texts[name], written.get(name)) for name, row in expected.items() if (row is None) != (name not in written)]
            for name, rows in bound(new, list(written)).items():
                if expected[name] is not None and rows != [expected[name]]:
                    wrong.append((texts[name], written[name]))
            for old, text in wrong[: options.show]:
                print(f"{old}\n  {text}")
            silent = sum(row is None for row in expected.values())
            print(f"{len(texts)} statements, {len(written)} written anew, {silent} that cannot be, {len(wrong)} wrong")
            return 1 if wrong or not written else 0

    def main(self, oracle):
        arguments = argparse.ArgumentParser()
        arguments.add_argument("--binary", default="target/debug/importgate")
        arguments.add_argument("--files", type=int, default=3000)
        arguments.add_argument("--show", type=int, default=10)
        arguments.add_argument("roots", nargs="+")
        sys.exit(self.run(oracle, arguments.parse_args()))
