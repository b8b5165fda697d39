# shellcheck shell=bash disable=SC2154
# husky: lines in its scripts.

repository lines <<'CONFIG'
== .husky/pre-commit
importgate pre-commit
== .husky/pre-merge-commit
importgate pre-merge-commit "$@"
== .husky/pre-push
importgate pre-push "$@"
CONFIG
husky
doctor 0 "pre-push: $PWD/.husky/_/pre-push is husky's, and .husky/pre-push calls importgate"
passes importgate install
says 'unchanged'
guards_commits
says 'warning slow.py:1'
guards_merges
guards_pushes
guards_every_reference

repository none <<'CONFIG'
== .husky/pre-commit
# importgate pre-commit
true
CONFIG
husky
doctor 1 'nothing in .husky/pre-commit makes importgate judge' 'a line in .husky/pre-merge-commit: importgate pre-merge-commit "$@"'
passes importgate install
says 'husky rewrites this folder'
doctor 0 'husky rewrites this folder'
guards_commits
guards_pushes
husky
doctor 1

# Another folder than .husky.
repository elsewhere <<'CONFIG'
== config/hooks/pre-commit
importgate pre-commit
CONFIG
husky config/hooks
doctor 1 "config/hooks/pre-commit calls importgate" 'a line in config/hooks/pre-push'
guards_commits
