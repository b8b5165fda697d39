# shellcheck shell=bash disable=SC2034,SC2154
# What every manager needs: a repository with a remote, and what must hold of commits, merges and pushes.

fail() {
	printf 'FAILED (%s): %s\n' "${manager-}" "$*" >&2
	exit 1
}

# Sets `root`, with the program and a home of its own.
prepare() {
	root=$(mktemp -d "${TMPDIR:-/tmp}/importgate-managers.XXXXXX")
	trap 'rm -rf "$root"' EXIT
	trap 'exit 1' INT TERM
	mkdir "$root/bin" "$root/home"
	cp "$2" "$root/bin/importgate"
	modules=$1/node_modules
	unset "${!GIT_@}" "${!PRE_COMMIT@}" "${!PREK@}" "${!LEFTHOOK@}" "${!HUSKY@}" CI
	PATH=$root/bin:$1/python/bin:$modules/.bin:$PATH
	export PATH HOME=$root/home XDG_CONFIG_HOME=$root/home/.config XDG_CACHE_HOME=$root/home/.cache
	export GIT_CONFIG_GLOBAL=$root/home/.gitconfig GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 LC_ALL=C.UTF-8 NO_COLOR=1
	git config --global user.name 'importgate tests'
	git config --global user.email tests@example.org
}

# repository NAME: enters a new repository with a policy, a remote that has its main branch, and files from standard input, each
# after a line `== PATH`.
repository() {
	local repo=$root/$manager/$1 path= line
	git init -q -b main "$repo"
	cd "$repo"
	cat >policy.toml <<'POLICY'
importgate = 1
[[rule]]
id = "one-path"
language = "python"
forbid = ["a.old"]
use-instead = "a.new"
severity = "block"
[[rule]]
id = "slow"
language = "python"
forbid = ["a.slow"]
severity = "warn"
POLICY
	while IFS= read -r line; do
		case $line in
		"== "*)
			path=${line#== }
			mkdir -p "$(dirname "$path")"
			;;
		*) printf '%s\n' "$line" >>"$path" ;;
		esac
	done
	git add -A
	git commit -q --no-verify -m 'A policy'
	git init -q --bare -b main "$repo.git"
	git remote add origin "$repo.git"
	git push -q --no-verify origin main
	git fetch -q origin
}

# run COMMAND...: `said` and `status` are what it says and how it ends. Nothing is typed.
run() {
	status=0
	said=$("$@" 2>&1 </dev/null) || status=$?
}

# on_terminal COMMAND...: with a terminal that nothing is typed on.
on_terminal() {
	python3 -c 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' "$@"
}

says() {
	local part
	for part; do
		grep -qF -- "$part" <<<"$said" || fail "this does not say '$part': $said"
	done
}

silent() {
	! grep -q importgate: <<<"$said" || fail "importgate is not silent: $said"
}

passes() {
	run "$@"
	[ $status = 0 ] || fail "$* does not pass: $said"
}

stops() {
	run "$@"
	[ $status != 0 ] || fail "$* passes: $said"
}

# doctor STATUS PART...: what it answers, and what it says.
doctor() {
	local expected=$1
	shift
	run importgate doctor
	[ $status = "$expected" ] || fail "doctor: $status, not $expected: $said"
	says "$@"
}

# add NAME IMPORT: stages a file that imports a module.
add() {
	printf 'import %s\n' "$2" >"$1.py"
	git add "$1.py"
}

# unjudged NAME IMPORT: commits it past the hooks.
unjudged() {
	add "$1" "$2"
	git commit -q --no-verify -m "$1"
}

# What holds of commits.
guards_commits() {
	add fine a.new
	passes git commit -m 'the new path'
	silent
	add bad a.old
	stops git commit -m 'the old path'
	says 'blocked bad.py:1' 'import a.new'
	git rm -q --cached bad.py
	rm bad.py
	add slow a.slow
	passes git commit -m 'a warning'
}

# And of merges.
guards_merges() {
	git switch -q -c branch HEAD~1
	unjudged merged a.old
	git switch -q main
	# Both parents lack it in the merge that follows, and the branch's own is not new.
	passes git merge -q -m merged branch
	git reset -q --hard HEAD~1
	git switch -q branch
	echo 'x = 1' >conflict.py
	git add conflict.py
	git commit -q --no-verify -m 'one side'
	git switch -q main
	echo 'x = 2' >conflict.py
	git add conflict.py
	git commit -q --no-verify -m 'the other'
	run git merge -q -m conflicting branch
	[ $status != 0 ] || fail "no conflict: $said"
	echo 'import a.old' >conflict.py
	git add conflict.py
	stops git commit -m 'a resolution'
	says 'blocked conflict.py:1'
	git merge --abort
}

# And of pushes.
guards_pushes() {
	git switch -q -C pushed origin/main
	add pushed a.new
	git commit -q --no-verify -m pushed
	passes git push origin pushed
	silent
	unjudged bad a.old
	stops git push origin pushed
	says 'blocked bad.py:1'
	# A branch that the remote does not have yet.
	stops git push origin pushed:another
	says 'blocked bad.py:1'
	# A remote that has nothing: what the others have is there.
	git init -q --bare "$PWD.empty.git"
	git remote add empty "$PWD.empty.git"
	stops git push empty pushed
	says 'blocked bad.py:1'
	passes git push origin origin/main:refs/heads/other
	silent
}

# Several references in one push.
guards_every_reference() {
	git branch -q -f aside origin/main
	git switch -q pushed
	stops git push origin aside pushed
	says 'blocked bad.py:1'
}
