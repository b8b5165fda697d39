# shellcheck shell=bash
# pre-commit: a hook of its configuration, and importgate's own hooks beside it.

framework=pre-commit
# shellcheck source=/dev/null
. "$here/framework.sh"
