#!/bin/sh
# How long a push waits: `importgate pre-receive` as git calls it, new objects in quarantine, on a clone of a real
# repository. One new commit where there are 50,000 references, beside `git rev-list --not --all`; 100 and 5,000 new
# commits, with and without findings, beside `git log -p --cc -U0` over the same commits, in turn.
#
#   benches/push.sh CLONE [IMPORTGATE]
#
# IMPORTGATE  the program; default: the static release build, else the plain one
# ROUNDS      rounds, at least 5; default 11
# COUNTS      numbers of new commits; default "100 5000"
#
# Prints medians of wall time in ms, ratios, and the peak of memory, as a Markdown table: resident, and of that what
# belongs to the process alone, without mapped packs.
set -eu
[ $# -ge 1 ] && [ $# -le 2 ] || { sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
static=$here/target/x86_64-unknown-linux-gnu/release/importgate
[ -x "$static" ] || static=$here/target/release/importgate
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT INT TERM

export HOME="$scratch" XDG_CONFIG_HOME="$scratch" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C
# A copy, as install.sh makes one: the kernel maps it in larger pieces than what a linker wrote.
cp "${2:-$static}" "$scratch/importgate"
python3 "$here/benches/push.py" "$1" "$scratch" "$scratch/importgate" "${ROUNDS:-11}" "${COUNTS:-100 5000}"
