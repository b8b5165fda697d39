# shellcheck shell=bash disable=SC2154
# A folder that holds the program and a bare repository, and nothing else: no sh, no git, no /etc, no /tmp.
need python3

cell=$root/chroot
git clone -q --bare --branch main "$client" "$cell/repo.git"
for branch in more bad; do git --git-dir "$cell/repo.git" update-ref -d "refs/heads/$branch"; done
git --git-dir "$cell/repo.git" remote remove origin
git --git-dir "$cell/repo.git" -c gc.pruneExpire=now gc -q --prune=now
rm -rf "$cell/repo.git/hooks"
cp "$root/bin/importgate" "$cell/importgate"
tip=$(git -C "$client" rev-parse main)

# judge COMMIT: as git would, with the pushed objects in quarantine; what was said is in `said`.
judge() {
	local quarantine=objects/tmp_objdir-incoming-x status=0
	mkdir -p "$cell/repo.git/$quarantine/pack"
	printf '%s\n^%s\n' "$1" "$tip" | git -C "$client" pack-objects -q --revs --thin --stdout |
		(cd "$cell/repo.git" && GIT_OBJECT_DIRECTORY=$quarantine GIT_ALTERNATE_OBJECT_DIRECTORIES=objects \
			git --git-dir . index-pack --stdin --fix-thin >/dev/null)
	said=$(printf '%s %s refs/heads/main\n' "$tip" "$1" | python3 -c '
import os, sys
cell, quarantine = sys.argv[1:]
os.chroot(cell)
os.chdir("/repo.git")
os.execve("/importgate", ["importgate", "pre-receive", "--hook", "hooks/pre-receive"], {
    "GIT_DIR": ".", "GIT_QUARANTINE_PATH": f"/repo.git/{quarantine}", "GIT_OBJECT_DIRECTORY": f"./{quarantine}",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES": "./objects"})
' "$cell" "$quarantine" 2>&1) || status=$?
	rm -rf "${cell:?}/repo.git/$quarantine"
	return $status
}

judge "$good" || fail "a clean push: $said (is the program static?)"
[ -z "$said" ] || fail "a clean push is not silent: $said"
status=0
judge "$bad" || status=$?
[ $status = 1 ] || fail "a bad push: status $status: $said"
grep -qF 'app/bad.py:2' <<<"$said" || fail "a rejected push does not say where: $said"
