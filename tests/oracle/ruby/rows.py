"""Ruby's rows by Prism, Ruby's own parser, as the package @ruby/prism with node. PRISM names its folder."""
import json
import os
import subprocess

ENDINGS = ["rb", "rake", "gemspec", "ru", "rbi", "podspec"]
NAMES = ["Rakefile", "Gemfile", "Guardfile", "Podfile", "Vagrantfile", "Capfile", "Fastfile", "Brewfile"]
HERE = os.path.dirname(os.path.abspath(__file__))


def parsed(paths):
    command = [os.environ.get("NODE", "node"), "--no-warnings", os.path.join(HERE, "rows.mjs"), os.environ["PRISM"]]
    run = subprocess.run(command, input="".join(path + "\n" for path in paths), stdout=subprocess.PIPE, text=True, check=True)
    return zip(paths, map(json.loads, run.stdout.splitlines()), strict=True)


def rows_of_all(paths):
    return {path: None if rows is None else [row["cells"] for row in rows] for path, rows in parsed(paths)}


def statements_of_all(paths):
    found = {}
    for path, rows in parsed(paths):
        found[path] = None if rows is None else [(row["cells"][5], row["end"], row["cells"]) for row in rows]
    return found
