#!/bin/sh
# How long a commit waits: `importgate pre-commit` beside `git diff --cached -U0 --no-renames` and a process that does
# nothing, in turn, on a clone of a real repository and on a generated one (60,000 files in one folder, 20 rules).
#
#   benches/pre-commit.sh REPOSITORY
#
# IMPORTGATE  the command; default: pre-commit of the static release build, else of the plain one
# ROUNDS      rounds, at least 15; default 25
# COUNTS      numbers of staged files; default "1 20 200"
#
# Prints medians of wall time in ms, ratios, and the peak of resident memory, as a Markdown table.
set -eu
[ $# -eq 1 ] || { sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
static=$here/target/x86_64-unknown-linux-gnu/release/importgate
[ -x "$static" ] || static=$here/target/release/importgate
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT INT TERM

export HOME="$scratch" GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null LC_ALL=C
echo 'int main(void){return 0;}' > "$scratch/empty.c"
if command -v cc > /dev/null; then
    cc -O2 -static -o "$scratch/empty" "$scratch/empty.c"
else
    echo 'fn main() {}' > "$scratch/empty.rs"
    rustc -O -C target-feature=+crt-static -o "$scratch/empty" "$scratch/empty.rs"
fi
# A copy, as install.sh makes one: the kernel maps it in larger pieces than what a linker wrote.
cp "$scratch/empty" "$scratch/empty.copy" && mv "$scratch/empty.copy" "$scratch/empty"
cp "$static" "$scratch/importgate"

git clone -q --shared --no-checkout "$1" "$scratch/real"
python3 "$here/benches/generate.py" 60000 | (
    git init -q -b main "$scratch/flat"
    git -C "$scratch/flat" fast-import --quiet
)
for repository in real flat; do
    git -C "$scratch/$repository" read-tree HEAD
done
python3 "$here/benches/pre-commit.py" "$scratch" "${IMPORTGATE:-$scratch/importgate pre-commit}" "${ROUNDS:-25}" "${COUNTS:-1 20 200}"
