# shellcheck shell=bash disable=SC2154
# What the program asks of the system while it judges a push: no socket, nothing that starts a program, and nothing
# opened to be written, made, renamed or removed but its log.
need strace python3

place=$root/calls
mkdir "$place"
git clone -q --bare --branch main "$client" "$place/repo.git"
for branch in more bad worse worst; do git --git-dir "$place/repo.git" update-ref -d "refs/heads/$branch"; done
printf 'importgate-server = 1\nlog = "%s"\n' "$place/log.jsonl" >"$place/server.toml"
tip=$(git -C "$client" rev-parse main)
strace -o /dev/null true 2>/dev/null || {
	printf 'calls: left out, as no process may be traced here\n'
	exit 0
}

# traced COMMIT: judges a push of it under strace, and checks its calls.
traced() {
	local status=0 calls=$place/calls.txt
	rm -f "$place/log.jsonl"
	(
		cd "$place/repo.git"
		printf '%s %s refs/heads/main\n' "$tip" "$1" |
			env -i GIT_DIR=. strace -f -o "$calls" "$root/bin/importgate" pre-receive --config "$place/server.toml"
	) >"$place/said" 2>&1 || status=$?
	[ -s "$place/log.jsonl" ] || fail "nothing is logged: $(cat "$place/said")"
	python3 - "$calls" "$place/log.jsonl" <<'CHECK' || fail 'a call that must not be'
import re, sys
calls, log = sys.argv[1:]
writes = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND")
forbidden = re.compile(
    r"(socket|socketpair|connect|bind|listen|accept4?|sendto|sendmsg|sendmmsg|creat|rename(at2?)?|unlink(at)?|mkdir(at)?|rmdir"
    r"|link(at)?|symlink(at)?|truncate|mknod(at)?|f?chmod(at)?|f?chown(at)?|vfork|fork|kill|ptrace|mount)\(")
started, bad = 0, []
for line in open(calls, errors="replace"):
    call = line.split(None, 1)[-1]
    if call.startswith("execve("):
        started += 1
    if forbidden.match(call) or (re.match(r"open(at2?)?\(", call) and writes.search(call) and f'"{log}"' not in call):
        bad.append(line.rstrip())
print(*bad, sep="\n")
sys.exit(bool(bad) or started != 1)
CHECK
	return $status
}

traced "$good" || fail "a clean push: $(cat "$place/said")"
traced "$bad" && fail 'a bad push passes'
grep -qF 'app/bad.py:2' "$place/said" || fail "a rejected push does not say where: $(cat "$place/said")"
