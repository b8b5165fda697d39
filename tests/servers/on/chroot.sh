# shellcheck shell=bash disable=SC2154
# A folder that holds the program and a bare repository, and nothing else: no git, no /etc, no /tmp; first without sh.
need python3

cell=$root/chroot
git clone -q --bare --branch main "$client" "$cell/repo.git"
for branch in more bad worse worst; do git --git-dir "$cell/repo.git" update-ref -d "refs/heads/$branch"; done
git --git-dir "$cell/repo.git" remote remove origin
git --git-dir "$cell/repo.git" -c gc.pruneExpire=now gc -q --prune=now
rm -rf "$cell/repo.git/hooks"
cp "$root/bin/importgate" "$cell/importgate"
tip=$(git -C "$client" rev-parse main)
# glibc's name service would load shared libraries of the host into it
! grep -qa nsswitch.conf "$cell/importgate" || fail "the program has glibc's name service in it"

# judge COMMIT COMMAND...: as git would, with the pushed objects in quarantine; what was said is in `said`.
judge() {
	local quarantine=objects/tmp_objdir-incoming-x status=0 commit=$1
	shift
	mkdir -p "$cell/repo.git/$quarantine/pack"
	printf '%s\n^%s\n' "$commit" "$tip" | git -C "$client" pack-objects -q --revs --thin --stdout |
		(cd "$cell/repo.git" && GIT_OBJECT_DIRECTORY=$quarantine GIT_ALTERNATE_OBJECT_DIRECTORIES=objects \
			git --git-dir . index-pack --stdin --fix-thin >/dev/null)
	said=$(printf '%s %s refs/heads/main\n' "$tip" "$commit" | python3 -c '
import os, sys
cell, quarantine, *command = sys.argv[1:]
os.chroot(cell)
os.chdir("/repo.git")
os.execve(command[0], command, {
    "GIT_DIR": ".", "GIT_QUARANTINE_PATH": f"/repo.git/{quarantine}", "GIT_OBJECT_DIRECTORY": f"./{quarantine}",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES": "./objects"})
' "$cell" "$quarantine" "$@" 2>&1) || status=$?
	rm -rf "${cell:?}/repo.git/$quarantine"
	return $status
}

judges() {
	local status=0
	judge "$good" "$@" || fail "a clean push: $said (is the program static?)"
	[ -z "$said" ] || fail "a clean push is not silent: $said"
	judge "$bad" "$@" || status=$?
	[ $status = 1 ] || fail "a bad push: status $status: $said"
	grep -qF 'app/bad.py:2' <<<"$said" || fail "a rejected push does not say where: $said"
}

judges /importgate pre-receive --hook hooks/pre-receive

# The same through the hook, with sh and its libraries: no cat, no /dev/null. One that was there before runs first.
for file in /bin/sh $(ldd /bin/sh | grep -o '/[^ ]*'); do
	mkdir -p "$cell$(dirname "$file")"
	cp "$file" "$cell$file"
done
mkdir "$cell/repo.git/hooks"
sed -e "s,@program@,/importgate," -e "s,@reader@,''," "$here/../../hooks/pre-receive" >"$cell/repo.git/hooks/pre-receive"
chmod 755 "$cell/repo.git/hooks/pre-receive"
judges hooks/pre-receive
# shellcheck disable=SC2016
printf '#!/bin/sh\nread -r old new ref\n[ "$ref" = refs/heads/main ]\n' >"$cell/repo.git/hooks/pre-receive.before-importgate"
chmod 755 "$cell/repo.git/hooks/pre-receive.before-importgate"
judges hooks/pre-receive
