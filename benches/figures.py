#!/usr/bin/env python3
"""Writes the tables of README's Figures, out of the benchmarks beside this script.

    benches/figures.py [--rounds N] [--only NAME,...] NETBEANS ANSIBLE HUGO BABEL

The arguments are paths of clones of apache/netbeans, ansible/ansible, gohugoio/hugo and babel/babel. Each table stands
between `<!-- figures: NAME -->` and `<!-- end -->`. Build the release first, and leave the machine alone: it takes half an
hour. Linters that are not on the PATH are left out (see benches/whole.py).
"""

import argparse
import os
import pathlib
import platform
import re
import subprocess
import sys

from measure import ROOT

BENCHES = pathlib.Path(__file__).resolve().parent
README = ROOT / "README.md"
MARKED = r"(<!-- figures: {} -->\n).*?(<!-- end -->)"


def commands(clones: list[str], rounds: list[str]) -> dict[str, list[str]]:
    netbeans, ansible, hugo, babel = clones
    babel = f"typescript:{babel}"
    return {
        "commit": ["pre-commit.py", *rounds, netbeans, ansible, hugo, babel],
        "large commit": ["pre-commit.py", *rounds, "--flat", "0", "--counts", "2000", netbeans],
        "policy": ["policies.py", *rounds, "--sizes", "1,1000", ansible],
        "push": ["push.py", *rounds, ansible],
        "whole": ["whole.py", netbeans, ansible, hugo, babel],
    }


def machine() -> str:
    cpus = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8") if sys.platform == "linux" else ""
    model = re.search(r"model name\s*:\s*(.*)", cpus)
    return f"{os.cpu_count()} cores ({model.group(1).strip() if model else platform.processor()})"


def written(name: str, table: str) -> None:
    """Replaces one table of the README."""
    text = README.read_text(encoding="utf-8")
    new, count = re.subn(MARKED.format(re.escape(name)), lambda found: found[1] + table + found[2], text, flags=re.DOTALL)
    if count != 1:
        sys.exit(f"README.md has {count} places for the figures of {name}, not one")
    README.write_text(new, encoding="utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("clones", nargs=4, metavar="CLONE")
    arguments.add_argument("--rounds", help="of each measurement; default: as each script has it")
    arguments.add_argument("--only", help="names of tables; default: all")
    asked = arguments.parse_args()
    rounds = ["--rounds", asked.rounds] if asked.rounds else []
    for name, (script, *rest) in commands(asked.clones, rounds).items():
        if asked.only and name not in asked.only.split(","):
            continue
        print(f"{name}: {script}", file=sys.stderr, flush=True)
        table = subprocess.run([sys.executable, BENCHES / script, *rest], stdout=subprocess.PIPE, text=True, check=True).stdout
        written(name, f"\n{table}\n")
        written("machine", f"{machine()}\n")


if __name__ == "__main__":
    main()
