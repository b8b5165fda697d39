#!/usr/bin/env bash
# CPU seconds (user + system) of `importgate check --all` and of `ruff check --select TID251` on the same Python files,
# each with one forbidden module: the medians, and their ratio.
#
#   scan-python.sh FOLDER [RUNS]
#
# IMPORTGATE names the binary (default: target/release/importgate), RUFF the other one (default: the one on the PATH;
# `python3 -m venv V && V/bin/pip install ruff` brings one). Nothing is written to FOLDER.
set -euo pipefail

[ $# -ge 1 ] && [ -d "$1" ] || { echo "usage: scan-python.sh FOLDER [RUNS]" >&2; exit 2; }
folder=$1
runs=${2:-7}
top=$(cd "$(dirname "$0")/.." && pwd)
binary=$(realpath "${IMPORTGATE:-$top/target/release/importgate}")
ruff=$(realpath "$(command -v "${RUFF:-ruff}")") || { echo "scan-python.sh: no ruff; set RUFF" >&2; exit 2; }
[ -x "$binary" ] || { echo "scan-python.sh: no $binary; cargo build --release first" >&2; exit 2; }

scan=$(cd "$top" && realpath "$(cargo bench --bench scan --no-run --message-format=short 2>&1 | sed -n 's/.*Executable.*(\(.*\))$/\1/p')")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
repo=$work/repo
mkdir "$repo"
(cd "$folder" && find . -type f \( -name '*.py' -o -name '*.pyi' \) -print0 | tar -c --null -T -) | tar -x -C "$repo"

cat > "$repo/policy.toml" <<'POLICY'
importgate = 1

[[rule]]
id = "one-path"
language = "python"
forbid = ["no.such.module"]
severity = "block"
POLICY
cat > "$work/ruff.toml" <<'CONFIG'
[lint.flake8-tidy-imports.banned-api]
"no.such.module".msg = "one path"
CONFIG

# a repository of its own: no configuration, hook or attribute of the machine's
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null HOME=$work
git -C "$repo" init -q
git -C "$repo" add -A
git -C "$repo" -c user.name=bench -c user.email=bench@localhost commit -q -m "Files to scan"
git -C "$repo" gc -q

python3 - "$runs" "$repo" "$binary" "$ruff" "$work/ruff.toml" "$scan" <<'MEASURE'
import os, resource, statistics, subprocess, sys

runs, repo, binary, ruff, config, scan = int(sys.argv[1]), *sys.argv[2:]
PASSES = 20
commands = {
    "importgate check --all": [binary, "check", "--all"],
    "ruff check --select TID251": [ruff, "check", "--select", "TID251", "--config", config, "--no-cache", "--quiet",
                                   "--exit-zero", "--no-respect-gitignore", "."],
}
environment = {**os.environ, "RAYON_NUM_THREADS": "1"}


def cpu(command):
    """User and system seconds of one run. A status above 1 means that it did not do its work."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(command, cwd=repo, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode > 1:
        sys.exit(f"{command[0]}: status {run.returncode}\n{run.stderr.decode(errors='replace')}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


files = [os.path.join(folder, name) for folder, _, names in os.walk(repo) for name in names if name.endswith((".py", ".pyi"))]
print(f"{len(files)} files, {sum(map(os.path.getsize, files)) / 1e6:.1f} MB, {runs} runs each, taking turns")
taken = {name: [] for name in commands}
for _ in range(runs):
    for name, command in commands.items():
        taken[name].append(cpu(command))
medians = {name: statistics.median(times) for name, times in taken.items()}
for name, seconds in medians.items():
    print(f"{name:28} {seconds:.3f} s CPU (least {min(taken[name]):.3f}, most {max(taken[name]):.3f})")
ours, theirs = medians.values()
once, often = (statistics.median(cpu([scan, repo, str(passes)]) for _ in range(3)) for passes in (1, PASSES + 1))
alone = (often - once) / PASSES
print(f"{'the scanner alone':28} {alone:.3f} s CPU, {sum(map(os.path.getsize, files)) / 1e6 / alone:.0f} MB/s")
print(f"check --all, git's objects inflated, to ruff: 1/{theirs / ours:.1f}; the scanner alone: 1/{theirs / alone:.1f}")
MEASURE
