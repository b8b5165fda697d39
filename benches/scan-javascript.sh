#!/usr/bin/env bash
# CPU seconds (user + system) of `importgate check --all` and of oxlint with `no-restricted-imports` alone on the same
# JavaScript and TypeScript files, each with one forbidden module: the medians, and their ratio.
#
#   scan-javascript.sh FOLDER [RUNS]
#
# IMPORTGATE names the binary (default: target/release/importgate), OXLINT the other one (default: the one on the PATH;
# `npm install --prefix V oxlint` brings one: V/node_modules/.bin/oxlint). Nothing is written to FOLDER.
set -euo pipefail

[ $# -ge 1 ] && [ -d "$1" ] || { echo "usage: scan-javascript.sh FOLDER [RUNS]" >&2; exit 2; }
folder=$1
runs=${2:-7}
top=$(cd "$(dirname "$0")/.." && pwd)
binary=$(realpath "${IMPORTGATE:-$top/target/release/importgate}")
oxlint=$(realpath "$(command -v "${OXLINT:-oxlint}")") || { echo "scan-javascript.sh: no oxlint; set OXLINT" >&2; exit 2; }
[ -x "$binary" ] || { echo "scan-javascript.sh: no $binary; cargo build --release first" >&2; exit 2; }

scan=$(cd "$top" && realpath "$(cargo bench --bench scan --no-run --message-format=short 2>&1 | sed -n 's/.*Executable.*(\(.*\))$/\1/p')")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
repo=$work/repo
mkdir "$repo"
# oxlint passes over folders of this name, and over what is minified
(cd "$folder" && find . -type f \( -name '*.js' -o -name '*.jsx' -o -name '*.mjs' -o -name '*.cjs' -o -name '*.ts' \
    -o -name '*.tsx' -o -name '*.mts' -o -name '*.cts' \) ! -path '*/node_modules/*' ! -name '*.min.js' -print0 |
    tar -c --null -T -) | tar -x -C "$repo"

cat > "$repo/policy.toml" <<'POLICY'
importgate = 1

[[rule]]
id = "one-path"
language = "javascript"
forbid = ["no-such-module"]
severity = "block"
POLICY
cat > "$work/oxlint.json" <<'CONFIG'
{ "plugins": [], "categories": { "correctness": "off" },
  "rules": { "no-restricted-imports": ["error", { "paths": ["no-such-module"] }] } }
CONFIG

# a repository of its own: no configuration, hook or attribute of the machine's
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null HOME=$work
git -C "$repo" init -q
git -C "$repo" add -A
git -C "$repo" -c user.name=bench -c user.email=bench@localhost commit -q -m "Files to scan"
git -C "$repo" gc -q

python3 - "$runs" "$repo" "$binary" "$oxlint" "$work/oxlint.json" "$scan" <<'MEASURE'
import os, resource, statistics, subprocess, sys

runs, repo, binary, oxlint, config, scan = int(sys.argv[1]), *sys.argv[2:]
PASSES = 20
commands = {
    "importgate check --all": [binary, "check", "--all"],
    "oxlint no-restricted-imports": [oxlint, "--config", config, "--threads", "1", "--no-ignore", "--quiet", "."],
}


def cpu(command):
    """User and system seconds of one run. A status above 1 means that it did not do its work."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(command, cwd=repo, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode > 1:
        sys.exit(f"{command[0]}: status {run.returncode}\n{run.stderr.decode(errors='replace')}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


files = [os.path.join(folder, name) for folder, folders, names in os.walk(repo) if "/.git" not in folder for name in names]
print(f"{len(files)} files, {sum(map(os.path.getsize, files)) / 1e6:.1f} MB, {runs} runs each, taking turns")
taken = {name: [] for name in commands}
for _ in range(runs):
    for name, command in commands.items():
        taken[name].append(cpu(command))
# what node and the program's start cost is not what it takes to lint
start = statistics.median(cpu([oxlint, "--version"]) for _ in range(3))
medians = {name: statistics.median(times) for name, times in taken.items()}
for name, seconds in medians.items():
    print(f"{name:28} {seconds:.3f} s CPU (least {min(taken[name]):.3f}, most {max(taken[name]):.3f})")
ours, theirs = medians.values()
print(f"{'oxlint --version':28} {start:.3f} s CPU, taken off")
theirs -= start
once, often = (statistics.median(cpu([scan, repo, str(passes)]) for _ in range(3)) for passes in (1, PASSES + 1))
alone = (often - once) / PASSES
print(f"{'the scanner alone':28} {alone:.3f} s CPU, {sum(map(os.path.getsize, files)) / 1e6 / alone:.0f} MB/s")
print(f"check --all, git's objects inflated, to oxlint: 1/{theirs / ours:.1f}; the scanner alone: 1/{theirs / alone:.1f}")
MEASURE
