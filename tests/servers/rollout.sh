# shellcheck shell=bash disable=SC2154
# An admin's way over all repositories of a server, as docs/server.md has it under "Rolling it out": the same commands, and
# what they print; only paths are others.

# owner COMMAND...: as the user who runs git, who has the system's git configuration, in the current folder.
owner() {
	env -i PATH="$server_path" HOME="$(getent passwd "$owner" | cut -d: -f6)" \
		setpriv --reuid="$owner" --regid="$(id -g "$owner")" --init-groups -- "$@"
}

# documented COMMAND: runs a line that docs/server.md has, with our paths in place of those there; what it prints is in `said`.
documented() {
	local line=$1 status=0
	grep -qF -- "$line" "$here/../../docs/server.md" || fail "docs/server.md does not say: $line"
	line=${line//sudo -u git importgate/owner \"\$root/bin/importgate\"}
	line=${line//sudo -u git/owner}
	line=${line//'&& importgate'/"&& $root/bin/importgate"}
	line=${line//sudo /}
	line=${line//-o git /-o \"\$owner\" }
	line=${line//git config --system/git config --file \"\$system\"}
	line=${line//\/etc\/importgate/$root/$server/etc}
	line=${line//\/var\/log\/importgate.jsonl/$log}
	line=${line//\/srv\/git/$fleet}
	line=${line//app.git/$(basename "$repository")}
	line=${line//\"app\"/\"$(basename "$repository" .git)\"}
	said=$(eval "$line" 2>&1) || status=$?
	return $status
}

# says WORDS...: what was printed last has each of them.
says() {
	local words
	for words; do
		grep -qF -- "$words" <<<"$said" || fail "'$words' is not said: $said"
	done
}

# rolls_out URL REPOSITORY OWNER USER [HOOKS]: from nothing to report mode to block, and back. HOOKS is a folder whose hooks the
# host runs in all repositories; without it, `core.hooksPath` names one.
rolls_out() {
	local url=$1 repository=$2 owner=$3 user=$4 hooks=${5-} fleet count
	if [ -z "$system" ]; then
		printf '%s: not rolled out, as nothing can stand in for the system'"'"'s git configuration here\n' "$server"
		return
	fi
	fleet=$(dirname "$repository")
	log=$root/$server/fleet.jsonl
	at() { owner git --git-dir "$repository" "$@"; }
	mkdir "$root/$server/etc"

	# from nothing: what `holds` has installed is gone, and there are two repositories
	(cd "${hooks:-$repository}" && owner "$root/bin/importgate" uninstall --server) >/dev/null
	rm "${hooks:-$repository/hooks}/importgate-server.toml"
	[ -n "$hooks" ] || cp -a "$repository" "$fleet/other.git"
	count=$(find "$fleet" -name '*.git' -prune | wc -l)
	[ "$count" = 2 ] || fail "$count repositories, not 2"
	! documented 'sudo -u git importgate doctor --fleet /srv/git' || fail "nothing is installed: $said"
	says '2 repositories beneath' '       2 not guarded'
	# where there is a folder of hooks, links into it are left
	[ -n "$hooks" ] || says 'hook     none (2)' 'pre-receive: not installed'

	# report mode
	documented 'sudo install -d -o git /etc/importgate/hooks'
	documented 'sudo install -o git -m 640 /dev/null /var/log/importgate.jsonl'
	printf 'importgate-server = 1\nenforce = "report"\nlog = "%s"\ncontact = "#git-help"\n' "$log" >"$root/$server/etc/server.toml"
	documented 'sudo git config --system importgate.server /etc/importgate/server.toml'
	if [ -n "$hooks" ]; then
		(cd "$hooks" && owner "$root/bin/importgate" install --server) >/dev/null
		owner gitolite setup --hooks-only >/dev/null
	else
		documented 'sudo git config --system core.hooksPath /etc/importgate/hooks'
		documented 'cd /srv/git/app.git && sudo -u git importgate install --server --global' || fail "install: $said"
		says "write $root/$server/etc/hooks/pre-receive" 'note: every repository that looks for hooks in'
	fi
	documented 'sudo -u git importgate doctor --fleet /srv/git' || fail "the fleet is not guarded: $said"
	says 'mode     report (2)' "log      $log (2)"
	! grep -q 'hook .*none' <<<"$said" || fail "not everywhere: $said"
	documented 'cd /srv/git/app.git && sudo -u git importgate doctor' || fail "doctor: $said"
	says 'mode: report, so nothing is rejected' 'git will run importgate here.'
	# the admin's own setting for all is no reason to warn of every repository
	! grep -q '^warning.*git looks for hooks' <<<"$said" || fail "a warning of a setting that is the admin's: $said"

	push "$url" bad:refs/heads/main || fail "a push was rejected in report mode: $said"
	says 'warning: [one-path] app/bad.py:2' 'This server only reports: nothing is rejected.'
	[ "$(at rev-parse main)" = "$bad" ] || fail 'main has not moved'

	# the log
	documented "jq -r 'select(.verdict == \"block\") | .repository' /var/log/importgate.jsonl | sort | uniq -c | sort -rn"
	says "1 $repository"
	documented "jq -r 'select(.verdict == \"block\") | [.time, .repository, .user, (.blocks | keys[])] | @tsv' /var/log/importgate.jsonl"
	says "$repository"$'\t'"$user"$'\t'one-path
	documented "jq -r 'select(.verdict == \"error\") | [.repository, .why] | @tsv' /var/log/importgate.jsonl | sort | uniq -c"
	[ -z "$said" ] || fail "a push could not be judged: $said"
	documented "jq .ms /var/log/importgate.jsonl | sort -n | tail -n 1"
	documented "jq -r 'select(.ungated > 0) | [.user, .repository] | @tsv' /var/log/importgate.jsonl | sort | uniq -c | sort -rn"
	says "1 $user"$'\t'"$repository"

	# one repository
	printf '\n[[repository]]\nmatch = "%s"\nenforce = "block"\n' "$(basename "$repository" .git)" >>"$root/$server/etc/server.toml"
	documented 'sudo -u git importgate doctor --fleet /srv/git' || fail "the fleet is not guarded: $said"
	says 'block (1)' 'report (1)'
	documented 'cd /srv/git/app.git && sudo -u git importgate doctor' || fail "doctor: $said"
	says 'mode: block'
	rejects worse

	# all of them
	documented "sudo sed -i 's/^enforce = .*/enforce = \"block\"/' /etc/importgate/server.toml"
	documented 'sudo -u git importgate doctor --fleet /srv/git' || fail "the fleet is not guarded: $said"
	says 'mode     block (2)'
	rejects worse

	# the kill switch
	documented "sudo sed -i '1i all-repositories = \"report\"' /etc/importgate/server.toml"
	documented 'sudo -u git importgate doctor --fleet /srv/git' || fail "the fleet is not guarded: $said"
	says 'mode     report by the kill switch (2)'
	push "$url" worse:refs/heads/main || fail "the kill switch does not count: $said"
	says 'This server reports only, for now: nothing is rejected.'
	documented "sudo sed -i '/^all-repositories/d' /etc/importgate/server.toml"
	rejects worst

	# back
	if [ -n "$hooks" ]; then
		(cd "$hooks" && owner "$root/bin/importgate" uninstall --server) >/dev/null
	else
		documented 'cd /srv/git/app.git && sudo -u git importgate uninstall --server --global'
		says "remove $root/$server/etc/hooks/pre-receive"
		documented 'sudo git config --system --unset core.hooksPath'
	fi
	documented 'sudo git config --system --unset importgate.server'
	! documented 'sudo -u git importgate doctor --fleet /srv/git' || fail "still guarded: $said"
	says '       2 not guarded'
	push "$url" worst:refs/heads/main || fail "a push after all is gone: $said"
	silent 'a push after all is gone'

	# the other way: in each repository
	[ -z "$hooks" ] || return 0
	documented "sudo -u git find /srv/git -name '*.git' -prune -execdir sh -c 'cd \"\$1\" && importgate install --server' sh {} ';'" ||
		fail "install in each: $said"
	documented 'sudo -u git importgate doctor --fleet /srv/git' || fail "the fleet is not guarded: $said"
	says 'hook     hooks/pre-receive (2)'
}

# rejects BRANCH: a push of it to `main` is, and the log has it.
rejects() {
	! push "$url" "$1:refs/heads/main" || fail "a bad push passed: $said"
	says "error: [one-path] app/$1.py:1" 'Push rejected.' 'pre-receive hook declined'
	tail -n 1 "$log" | jq -e '.rejected and .blocks["one-path"] == 1' >/dev/null || fail "the log: $(tail -n 1 "$log")"
}
