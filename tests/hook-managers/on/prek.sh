# shellcheck shell=bash
# prek: the same configuration as pre-commit's.

framework=prek
# shellcheck source=/dev/null
. "$here/framework.sh"
