# shellcheck shell=bash disable=SC2034,SC2154
# What every server needs: packages, a client, processes that end, and what must hold of a push.

skip() {
	printf 'tests/servers/run: %s\n' "$*" >&2
	exit 77
}

fail() {
	printf 'FAILED (%s): %s\n' "${server-}" "$*" >&2
	exit 1
}

# Every program, in the folders that Debian keeps servers in as well.
need() {
	local missing=() tool
	for tool; do
		PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || missing+=("$tool")
	done
	[ ${#missing[@]} = 0 ] || skip "missing: ${missing[*]}. On Debian: tests/servers/run --install"
}

# No service is started by the way.
install_packages() {
	local policy=/usr/sbin/policy-rc.d made='' status=0
	if dpkg-query -W -f '${Status}\n' "$@" 2>/dev/null | grep -c '^install ok installed$' | grep -qx $#; then
		return
	fi
	[ -e $policy ] || {
		printf '#!/bin/sh\nexit 101\n' >$policy
		chmod 755 $policy
		made=yes
	}
	{
		apt-get update -qq &&
			DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@"
	} >/dev/null || status=$?
	[ -z "$made" ] || rm -f $policy
	[ $status = 0 ] || skip 'the packages could not be installed'
}

# Sets `root`, a folder that every user may enter, with the program and a client in it.
prepare() {
	root=$(mktemp -d /tmp/importgate-servers.XXXXXX)
	trap 'no_system; rm -rf "$root"' EXIT
	trap 'exit 1' INT TERM
	chmod 755 "$root"
	mkdir "$root/bin" "$root/home"
	cp "$1" "$root/bin/importgate"
	chmod 755 "$root/bin/importgate"
	PATH=$PATH:/usr/sbin:/sbin
	git_bin=$(dirname "$(command -v git)")
	git_exec=$(git --exec-path)
	# what the servers' own processes find; nothing else of this environment reaches them
	server_path=$git_bin:/usr/local/bin:/usr/bin:/bin
	password="pass-$$-$RANDOM$RANDOM"
	unset "${!GIT_@}"
	stand_in_for_system
	export HOME=$root/home GIT_CONFIG_GLOBAL=$root/home/.gitconfig GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 LC_ALL=C
	git config --global user.name 'importgate tests'
	git config --global user.email tests@example.org
	make_commits
}

# Sets `system`, a file of ours that is the system's git configuration for all that is started from here; empty if this
# process has no mounts of its own. What is bound in its place includes it, as git renames files that it writes.
system=
bound=()
made=()
stand_in_for_system() {
	local file
	[ -n "${IMPORTGATE_SERVERS_APART-}" ] || return 0
	touch "$root/system.gitconfig"
	printf '[include]\n\tpath = %s\n' "$root/system.gitconfig" >"$root/includes.gitconfig"
	# importgate reads the first; git another one, where it is built so
	for file in /etc/gitconfig "$(git var GIT_CONFIG_SYSTEM 2>/dev/null || true)"; do
		[ -n "$file" ] || continue
		case " ${bound[*]-} " in *" $file "*) continue ;; esac
		[ -e "$file" ] || {
			touch "$file" 2>/dev/null || return 0
			made+=("$file")
		}
		mount --bind "$root/includes.gitconfig" "$file" 2>/dev/null || return 0
		bound+=("$file")
	done
	system=$root/system.gitconfig
}

no_system() {
	local file
	for file in "${bound[@]}"; do umount "$file"; done
	for file in "${made[@]}"; do rm -f "$file"; done
}

# The commits that are pushed: `main`, `more` on top of it, and `bad`, which forgets about the new path, and
# `worse` and `worst` on top of that, which forget it once more each.
make_commits() {
	client=$root/client
	git init -q -b main "$client"
	mkdir "$client/a" "$client/app"
	cat >"$client/policy.toml" <<'POLICY'
importgate = 1
[[rule]]
id = "one-path"
language = "python"
forbid = ["a.old"]
use-instead = "a.new"
severity = "block"
POLICY
	echo 'class X: pass' >"$client/a/new.py"
	touch "$client/a/__init__.py" "$client/app/__init__.py"
	commit 'A policy'
	git -C "$client" switch -q -c more
	echo 'from a.new import X' >"$client/app/good.py"
	commit 'Uses the new path'
	git -C "$client" switch -q -c bad
	printf '"""Forgetful."""\nfrom a.old import X\n' >"$client/app/bad.py"
	commit 'Uses the old path'
	local again
	for again in worse worst; do
		git -C "$client" switch -q -c $again
		echo 'from a.old import X' >"$client/app/$again.py"
		commit "Uses the old path in $again.py"
	done
	bad=$(git -C "$client" rev-parse bad)
	bad_tree=$(git -C "$client" rev-parse 'bad^{tree}')
	good=$(git -C "$client" rev-parse more)
}

commit() {
	git -C "$client" add -A
	git -C "$client" commit -q -m "$1"
}

# Processes and users of one server; `finish` ends them, the last first.
pids=()
users=()
folders=()

# start LOG COMMAND...: runs it in the foreground of its own process, with an empty environment.
start() {
	local log=$1
	shift
	env -i PATH="$server_path:/usr/sbin:/sbin" "$@" >"$log" 2>&1 </dev/null &
	pids=("$!" "${pids[@]}")
}

finish() {
	local status=$1 pid user folder
	set +e
	if [ "$status" != 0 ] && [ "$status" != 77 ]; then
		for log in "$root/$server"/*.log; do
			[ ! -s "$log" ] || { printf '%s:\n' "$log"; tail -n 30 "$log"; } >&2
		done
	fi
	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	for user in "${users[@]}"; do
		# a session may take a moment to end
		for _ in 1 2 3 4 5 6 7 8 9 10; do
			userdel "$user" 2>/dev/null && break
			sleep 0.1
		done
		! id "$user" >/dev/null 2>&1 || { echo "the user $user could not be removed" >&2; status=1; }
	done
	for folder in "${folders[@]}"; do rmdir "$folder" 2>/dev/null; done
	exit "$status"
}

# make_user NAME SHELL: with its home in our folder, and without a password.
make_user() {
	useradd --system --user-group --no-create-home --home-dir "$root/$server/home" --shell "$2" "$1"
	users+=("$1")
	usermod -p '*' "$1"
	mkdir "$root/$server/home"
	chown "$1:" "$root/$server/home"
}

# as USER COMMAND...: with next to no environment, as a server would.
as() {
	local user=$1
	shift
	env -i PATH="$server_path" HOME="$(getent passwd "$user" | cut -d: -f6)" GIT_CONFIG_NOSYSTEM=1 \
		setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups -- "$@"
}

free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# listens PORT: waits until something does, or what was started last is gone.
listens() {
	local left=200
	until python3 -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close()' "$1" 2>/dev/null; do
		kill -0 "${pids[0]}" 2>/dev/null || fail "what should listen on port $1 has ended"
		[ $((left -= 1)) -gt 0 ] || fail "nothing listens on port $1"
		sleep 0.05
	done
}

# serve FOLDER USER: a bare repository of that user's that the program guards.
serve() {
	local folder=$1 user=$2
	mkdir -p "$folder"
	chown "$user:" "$folder"
	as "$user" git init -q --bare -b main "$folder"
	(cd "$folder" && as "$user" "$root/bin/importgate" install --server) >"$root/$server/install.log"
	configure "$folder/hooks" "$user"
}

# configure FOLDER USER: the admin's file beside the hook, with a log that the server's user writes.
configure() {
	log=$root/$server/pushes.jsonl
	touch "$log"
	chown "$2:" "$log"
	printf 'importgate-server = 1\nlog = "%s"\n' "$log" >"$1/importgate-server.toml"
	chmod 644 "$1/importgate-server.toml"
}

# push URL REFSPEC...: what the client saw is in `said`; fails as git does.
push() {
	local url=$1 status=0
	shift
	said=$(git -C "$client" push "$url" "$@" 2>&1) || status=$?
	# as a terminal would get it: no escapes, nothing that overwrites a line
	case $said in *$'\e'* | *$'\r'*) fail "control characters: $said" ;; esac
	case $said in *"$password"*) fail "the password: $said" ;; esac
	return $status
}

# holds URL REPOSITORY OWNER USER: what must hold wherever the program guards. USER is whom the log must name.
holds() {
	local url=$1 repository=$2 owner=$3 user=$4 part
	at() { as "$owner" git --git-dir "$repository" "$@"; }

	push "$url" main:refs/heads/main main:refs/heads/gone || fail "a first push: $said"
	silent 'a first push'
	push "$url" more:refs/heads/main || fail "a clean push: $said"
	silent 'a clean push'

	! push "$url" bad:refs/heads/main more:refs/heads/other || fail "a bad push passed: $said"
	for part in 'app/bad.py:2' one-path 'from a.new import X' "${bad:0:7}" 'pre-receive hook declined'; do
		grep -qF -- "$part" <<<"$said" || fail "a rejected push does not say '$part': $said"
	done
	[ "$(at rev-parse main)" = "$good" ] || fail 'main has moved'
	! at rev-parse -q --verify refs/heads/other >/dev/null || fail 'a reference of a rejected push was made'
	for part in "$bad" "$bad_tree"; do
		! at cat-file -e "$part" 2>/dev/null || fail 'objects of a rejected push have stayed'
	done
	[ -z "$(find "$repository/objects" -name '*incoming*' -o -name '*quarantine*')" ] || fail 'a quarantine has stayed'

	push "$url" :gone || fail "a deletion: $said"
	silent 'a deletion'
	! at rev-parse -q --verify refs/heads/gone >/dev/null || fail 'nothing was deleted'

	grep -q "\"$user\"" "$log" || fail "the log does not name $user: $(cat "$log")"
	grep -q '"one-path"' "$log" || fail "the log does not name the rule: $(cat "$log")"
	! grep -qF -- "$password" "$log" || fail "the password is in the log"
}

silent() {
	! grep -q '^remote:' <<<"$said" || fail "$1 is not silent: $said"
}

# Sets `ssh_key`, and lets git use it.
ssh_client() {
	ssh_key=$root/$server/key
	ssh-keygen -q -t ed25519 -N '' -C "$server" -f "$ssh_key"
	export GIT_SSH_COMMAND="ssh -F /dev/null -i $ssh_key -o IdentitiesOnly=yes -o BatchMode=yes \
-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
}

# Starts an sshd that lets in one user, by key; sets `port`.
start_sshd() {
	local user=$1
	[ -d /run/sshd ] || { mkdir /run/sshd && folders+=(/run/sshd); }
	ssh-keygen -q -t ed25519 -N '' -f "$root/$server/host"
	port=$(free_port)
	cat >"$root/$server/sshd_config" <<CONFIG
Port $port
ListenAddress 127.0.0.1
HostKey $root/$server/host
PidFile none
AuthorizedKeysFile .ssh/authorized_keys
AllowUsers $user
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
CONFIG
	start "$root/$server/sshd.log" "$(command -v sshd)" -D -e -f "$root/$server/sshd_config"
	listens "$port"
}

# Sets `users_file`, for basic authentication, and lets git use the password.
http_client() {
	users_file=$root/$server/users
	python3 - "$1" "$password" >"$users_file" <<'PYTHON'
import base64, hashlib, sys
user, password = sys.argv[1:]
print(f"{user}:{{SHA}}{base64.b64encode(hashlib.sha1(password.encode()).digest()).decode()}")
PYTHON
	export IMPORTGATE_TEST_USER=$1 IMPORTGATE_TEST_PASSWORD=$password
	# shellcheck disable=SC2016
	git config --global credential.helper \
		'!f() { echo "username=$IMPORTGATE_TEST_USER"; echo "password=$IMPORTGATE_TEST_PASSWORD"; }; f'
}
