#!/bin/sh
# Demo for `./install.sh --demo`: a blocked and an accepted commit, in a temporary repository.
# IMPORTGATE is the program to run. Fails on any unexpected result.
set -eu

: "${IMPORTGATE:?must name the program to run}"
away=$(mktemp -d)
trap 'rm -rf "$away"' EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM

# isolated from the user's git configuration
for name in $(git rev-parse --local-env-vars) GIT_CONFIG_SYSTEM GIT_TEMPLATE_DIR; do unset "$name"; done
export HOME="$away/home" GIT_CONFIG_GLOBAL="$away/home/gitconfig" GIT_CONFIG_NOSYSTEM=1 XDG_CONFIG_HOME="$away/home"
export GIT_TERMINAL_PROMPT=0 GIT_EDITOR=true
mkdir "$HOME" "$away/bin" "$away/chat"
ln -s "$IMPORTGATE" "$away/bin/importgate"
PATH=$away/bin:$PATH
cd "$away/chat"
git init -q .
git symbolic-ref HEAD refs/heads/main
git config user.name 'A Developer'
git config user.email developer@example.org

wrong() {
	printf '\ndemo: not as it should be: %s\n' "$*" >&2
	exit 1
}
# Prints a command, runs it, and checks its exit status.
shown() {
	expected=$1
	shift
	printf '\n$'
	for word; do
		case $word in *' '*) printf ' "%s"' "$word" ;; *) printf ' %s' "$word" ;; esac
	done
	printf '\n'
	status=0
	"$@" 2>&1 || status=$?
	[ "$status" -eq "$expected" ] || wrong "exit status $status, not $expected"
}
commits() { git rev-list --count HEAD; }

core=netra_backend/app/websocket_core
routes=netra_backend/app/routes
mkdir -p $core $routes
for folder in netra_backend netra_backend/app $core $routes; do : >"$folder/__init__.py"; done
cat >$core/unified_manager.py <<'PY'
class _UnifiedWebSocketManagerImplementation:
    """The implementation, private to websocket_manager."""
PY
cat >$core/websocket_manager.py <<'PY'
"""The one way in."""
from netra_backend.app.websocket_core.unified_manager import (
    _UnifiedWebSocketManagerImplementation as WebSocketManager,
)
PY
cat >$core/manager.py <<'PY'
"""Compatibility: the old path still works."""
from netra_backend.app.websocket_core.websocket_manager import WebSocketManager
PY
echo 'from netra_backend.app.websocket_core.manager import WebSocketManager' >$routes/old.py
cat >policy.toml <<'TOML'
importgate = 1

[[rule]]
id = "websocket-manager"
language = "python"
forbid = [
  "netra_backend.app.websocket_core.manager",
  "netra_backend.app.websocket_core.unified_manager",
]
use-instead = "netra_backend.app.websocket_core.websocket_manager"
reason = "One import path for the WebSocket manager."
severity = "block"
allow-in = ["netra_backend/app/websocket_core"]
TOML
git add .
git commit -q -m 'The code as it stands, with an old import in it'

printf 'A repository with this policy, and an existing import of the old path:\n'
shown 0 cat policy.toml
shown 0 importgate install

printf '\nA new file imports the old path:\n'
echo 'from netra_backend.app.websocket_core.manager import WebSocketManager' >$routes/chat.py
shown 0 cat $routes/chat.py
shown 0 git add $routes/chat.py
shown 1 git commit -m 'Add the chat route'
[ "$(commits)" -eq 1 ] || wrong 'the forbidden import was committed'

printf '\nWith the recommended import:\n'
echo 'from netra_backend.app.websocket_core.websocket_manager import WebSocketManager' >$routes/chat.py
shown 0 cat $routes/chat.py
shown 0 git add $routes/chat.py
shown 0 git commit -m 'Add the chat route'
[ "$(commits)" -eq 2 ] || wrong 'the canonical import was not committed'
shown 0 git log --oneline
printf '\ndemo: the forbidden import was blocked, the canonical one accepted.\n'
