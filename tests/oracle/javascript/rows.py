"""What `importgate imports` should print for JavaScript and TypeScript files, as the `typescript` package has it.

rows.mjs beside this file does the work, one node process for thousands of files. ORACLE_MODULES names the node_modules
folder that holds the packages of package.json.
"""
import json
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ENDINGS = ["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "vue", "svelte", "astro"]
QUOTES = "'\"`"
BATCH = 2000


def answers(paths, *options):
    command = ["node", "--max-old-space-size=4096", os.path.join(HERE, "rows.mjs"), *options]
    run = subprocess.run(command, input="\n".join(paths).encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def without_ends(answer):
    return None if answer["rows"] is None else [row[:7] for row in answer["rows"]]


def rows_of_all(paths):
    """By path: the rows; `None` where TypeScript reports a parse error."""
    return {answer["path"]: without_ends(answer) for answer in answers(paths)}


def uses_of_all(paths):
    """By path: the members that are used of what imports bind."""
    return {answer["path"]: without_ends(answer) for answer in answers(paths, "--uses")}


def statements_of_all(paths):
    """By path: first line, last line and row of each import."""
    found = {}
    for answer in answers(paths):
        rows = answer["rows"]
        found[answer["path"]] = None if rows is None else [(row[7], row[8], row[:7]) for row in rows]
    return found
