# shellcheck shell=bash disable=SC2154
# What holds of pre-commit and prek; `framework` is which of them.

entry='repos:
- repo: local
  hooks:
  - id: importgate
    name: importgate
    language: system
    entry: importgate pre-commit
    stages: [pre-commit, pre-merge-commit, pre-push]
    always_run: true
    pass_filenames: false
    verbose: true'
other='repos:
- repo: local
  hooks: [{id: other, name: other, language: system, entry: "true", always_run: true}]'

# Its hooks alone, with an entry.
repository entry <<CONFIG
== .pre-commit-config.yaml
$entry
CONFIG
doctor 1 'pre-commit: not installed, although .pre-commit-config.yaml calls importgate' 'install --hook-type pre-push'
"$framework" install -t pre-commit -t pre-merge-commit -t pre-push >"$root/$manager/install.log"
doctor 0 "is $framework's, and .pre-commit-config.yaml calls importgate" 'for the first reference of a push alone'
guards_commits
says 'warning slow.py:1'
guards_merges
guards_pushes

# By hand, and as CI runs it.
git switch -q pushed
stops "$framework" run --from-ref origin/main --to-ref HEAD
says 'blocked bad.py:1'
stops "$framework" run --hook-stage pre-push --from-ref origin/main --to-ref HEAD
says 'blocked bad.py:1'
stops "$framework" run --all-files
says 'blocked bad.py:1'
git switch -q main
git reset -q --hard origin/main
passes "$framework" run --from-ref origin/main~0 --to-ref HEAD
passes "$framework" run --all-files
silent
passes importgate install
says "unchanged $PWD/.git/hooks/pre-commit, which is $framework's: .pre-commit-config.yaml calls importgate"

# An entry as people write it at first: names of files are passed, and warnings are hidden.
repository plain <<'CONFIG'
== .pre-commit-config.yaml
repos:
- repo: local
  hooks:
  - {id: commits, name: commits, language: system, entry: importgate pre-commit, stages: [pre-commit]}
  - {id: pushes, name: pushes, language: system, entry: importgate pre-push, stages: [pre-push]}
CONFIG
"$framework" install -t pre-commit -t pre-push >"$root/$manager/install.log"
doctor 1 'warnings are not seen' "verbose: true in the hook's entry" 'pre-merge-commit: not installed'
guards_commits
guards_pushes

# Without an entry, nothing is guarded; importgate's own hooks work beside, whichever comes first.
repository before <<CONFIG
== .pre-commit-config.yaml
$other
CONFIG
"$framework" install -t pre-commit -t pre-push >"$root/$manager/install.log"
doctor 1 "pre-commit: $PWD/.git/hooks/pre-commit is $framework's, and nothing in .pre-commit-config.yaml makes importgate judge"
passes importgate install
doctor 0
guards_commits
says 'warning slow.py:1'
guards_merges
guards_pushes
guards_every_reference

repository after <<CONFIG
== .pre-commit-config.yaml
$other
CONFIG
passes importgate install
"$framework" install -t pre-commit -t pre-push >"$root/$manager/install.log"
doctor 0 'is another tool'\''s and calls'
guards_commits
says 'warning slow.py:1'
guards_merges
guards_pushes
guards_every_reference
