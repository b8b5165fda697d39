# shellcheck shell=bash disable=SC2154
# lefthook: jobs of its configuration, and what becomes of importgate's own hooks.

repository jobs <<'CONFIG'
== lefthook.yml
pre-commit:
  jobs:
    - run: importgate pre-commit
pre-merge-commit:
  jobs:
    - run: importgate pre-merge-commit
pre-push:
  jobs:
    - run: importgate pre-push {1} {2}
      use_stdin: true
CONFIG
doctor 1 'pre-commit: not installed, although lefthook.yml calls importgate' 'fix    lefthook install'
lefthook install >"$root/$manager/install.log"
doctor 0 "pre-push: $PWD/.git/hooks/pre-push is lefthook's, and lefthook.yml calls importgate"
passes importgate install
says 'unchanged'
guards_commits
says 'warning slow.py:1'
guards_merges
guards_pushes
guards_every_reference

# Without git's lines a push is not judged. On a terminal it does not pass; in a pipe nothing but doctor can tell.
repository lines <<'CONFIG'
== lefthook.yml
pre-push:
  jobs:
    - run: importgate pre-push {1} {2}
CONFIG
lefthook install >"$root/$manager/install.log"
doctor 1 'pre-push' 'use_stdin: true'
unjudged bad a.old
stops on_terminal git push origin main
says 'use_stdin: true'

# importgate's own hooks do not last.
repository beside <<'CONFIG'
== lefthook.yml
pre-commit:
  jobs:
    - run: "true"
CONFIG
lefthook install >"$root/$manager/install.log"
doctor 1 'nothing in lefthook.yml makes importgate judge' 'a job in lefthook.yml: pre-commit: {jobs: [{run: importgate pre-commit}]}'
passes importgate install
says "lefthook moves importgate's hook to"
doctor 0 "warning  pre-commit: lefthook moves importgate's hook"
guards_commits
touch -d '1 hour ago' lefthook.yml
echo '# changed' >>lefthook.yml
printf 'pre-push:\n  jobs:\n    - run: "true"\n' >>lefthook.yml
git add lefthook.yml
passes git commit -m 'lefthook writes its hooks anew'
doctor 1 "it has moved importgate's to $PWD/.git/hooks/pre-commit.old, where nothing runs it"
