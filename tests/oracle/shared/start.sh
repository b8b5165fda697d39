# shellcheck shell=bash
# Beginning and end of each oracle's `run`, for scripts that source this:
#
#   run [--fetch] [CACHE]   compares, and exits non-zero for any difference; with --fetch only downloads what it needs.
#                           CACHE keeps downloads, default ${TMPDIR:-/tmp}/importgate-oracle
#
# IMPORTGATE names the binary (default: target/release/importgate, else target/debug/importgate), PYTHON the interpreter
# (default: python3).
#
# Sets here, top, shared, cache, python and binary, brings what fetch.sh fetches, and besides
#
#   installed PROGRAM PACKAGE   Debian's package, where the program is missing
#   fetched_all                 ends the downloads: `run --fetch` stops here
#   check COMMAND…              runs it; one that fails does not end the script, but makes it fail
#   cases [OPTION…]             check of tests/cases/LANGUAGE/rows.txt by cases.py
#   compare, broken [OPTION…] FOLDER…   check by compare.py, by broken.py
#   finish                      exits
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
top=$(cd "$here/../../.." && pwd)
fetch_only=
[ "${1:-}" != --fetch ] || { fetch_only=yes && shift; }
cache=${1:-${TMPDIR:-/tmp}/importgate-oracle}
case $cache/ in "$top"/*) echo "run: the cache must not be inside the repository" >&2; exit 2 ;; esac
python=${PYTHON:-python3}
binary=${IMPORTGATE:-$top/target/release/importgate}
[ -x "$binary" ] || binary=$top/target/debug/importgate
[ -x "$binary" ] || [ -n "$fetch_only" ] || { echo "run: no binary; cargo build first, or set IMPORTGATE" >&2; exit 2; }
# shellcheck source=fetch.sh
. "${BASH_SOURCE[0]%/*}/fetch.sh"
folders=()
status=0

installed() {
    command -v "$1" >/dev/null && return
    [ "$(id -u)" = 0 ] || { echo "run: no $1; install $2" >&2; exit 2; }
    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y "$2" >/dev/null
}

fetched_all() {
    local folder
    # in an array, a failed command ends no script
    for folder in "${folders[@]}"; do
        [ -n "$folder" ] || { echo "run: not all was fetched" >&2; exit 2; }
    done
    [ -z "$fetch_only" ] || exit 0
}

check() { "$@" || status=1; }
cases() { check "$python" "$shared/cases.py" --oracle "$here/rows.py" "$@" "$top/tests/cases/${here##*/}/rows.txt"; }
compare() { check "$python" "$shared/compare.py" --oracle "$here/rows.py" --binary "$binary" "$@"; }
broken() { check "$python" "$shared/broken.py" --oracle "$here/rows.py" --binary "$binary" "$@"; }
finish() { exit "$status"; }
