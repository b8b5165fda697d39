#!/bin/sh
# Builds importgate from this source and installs it; see usage below. Running it again updates everything.
set -eu

usage() {
	cat <<'USAGE'
usage: ./install.sh          build importgate and install the program
       ./install.sh DIR      also install the git hooks in the repository DIR,
                             and a commented starter policy.toml if it has none
       ./install.sh --demo   build, and show a blocked and an accepted commit in a throwaway
                             repository; install nothing
       ./install.sh --help

The program goes to IMPORTGATE_BIN_DIR if set; else to cargo's bin folder if that is on
PATH; else to ~/.local/bin. Requires git 2.31 or later, and cargo (https://rustup.rs).
USAGE
}

say() { printf '%s\n' "$*"; }
fail() {
	printf 'install.sh: %s\n' "$*" >&2
	exit 1
}

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)

check_tools() {
	command -v git >/dev/null 2>&1 || fail 'git is missing. Install git 2.31 or later, then try again.'
	command -v cargo >/dev/null 2>&1 ||
		fail 'cargo is missing. Install Rust (https://rustup.rs), open a new terminal, then try again.'
}

# Tests whether the C compiler can link a static program: some distributions package libc.a separately.
links_static() {
	probe=$(mktemp -d)
	echo 'int main(void) { return 0; }' >"$probe/probe.c"
	status=0
	"${CC:-cc}" -static -o "$probe/probe" "$probe/probe.c" >/dev/null 2>&1 || status=1
	rm -rf "$probe"
	return $status
}

# Builds the program, and sets `built` to its path.
build() {
	host=$(rustc -vV | sed -n 's/^host: //p')
	target_dir=${CARGO_TARGET_DIR:-$root/target}
	case $target_dir in /*) ;; *) target_dir=$PWD/$target_dir ;; esac
	set -- build --release --locked --manifest-path "$root/Cargo.toml" --target-dir "$target_dir"
	case $host in
	*-linux-gnu*)
		if links_static; then
			# static: one file runs on every machine and in a chroot. Fixed address: relocation at start would cost a
			# hook a third of its time. Without --target the flags would also apply to proc macros and break them
			say "building importgate (static, $host)"
			flags="-C target-feature=+crt-static -C relocation-model=static"
			# keeps local source paths out of the program; cargo splits the flags at spaces
			crates=${CARGO_HOME:-${HOME:-}/.cargo}/registry/src
			case $crates in *\ *) ;; *) flags="$flags --remap-path-prefix=$crates=crates" ;; esac
			RUSTFLAGS="${RUSTFLAGS:+$RUSTFLAGS }$flags" cargo "$@" --target "$host"
			built=$target_dir/$host/release/importgate
			return
		fi
		say "no static C library found: the program will depend on this system's C library"
		;;
	esac
	say "building importgate ($host)"
	cargo "$@" --target "$host"
	built=$target_dir/$host/release/importgate
}

on_path() {
	case ":$PATH:" in *":$1:"*) return 0 ;; *) return 1 ;; esac
}

# Installs the program, and sets `program` to its path.
install_program() {
	if [ -n "${IMPORTGATE_BIN_DIR:-}" ]; then
		bin_dir=$IMPORTGATE_BIN_DIR
	elif cargo_bin=${CARGO_HOME:-${HOME:?is not set}/.cargo}/bin && on_path "$cargo_bin" && [ -w "$cargo_bin" ]; then
		bin_dir=$cargo_bin
	else
		bin_dir=${HOME:?is not set}/.local/bin
	fi
	mkdir -p -- "$bin_dir" || fail "cannot create $bin_dir. Choose another with IMPORTGATE_BIN_DIR."
	bin_dir=$(CDPATH='' cd -- "$bin_dir" && pwd)
	program=$bin_dir/importgate
	if cmp -s -- "$built" "$program"; then
		say "$program is up to date"
	else
		# a hook may be running the old program: replace it atomically
		fresh=$bin_dir/.importgate.$$
		if ! cp -- "$built" "$fresh" || ! chmod 755 "$fresh" || ! mv -f -- "$fresh" "$program"; then
			rm -f -- "$fresh"
			fail "cannot write $program. Choose another folder with IMPORTGATE_BIN_DIR."
		fi
		say "installed $program"
	fi
	on_path "$bin_dir" || say "note: $bin_dir is not on PATH. Add it: export PATH=\"$bin_dir:\$PATH\""
}

has_key() { grep -Eq "^[[:space:]]*[\"']?importgate[\"']?[[:space:]]*=" "$1"; }

install_hooks() {
	(CDPATH='' cd -- "$1" >/dev/null && "$program" install)
	top=$(git -C "$1" rev-parse --show-toplevel)
	if configured=$(git -C "$1" config --get-all importgate.policy); then
		printf '%s\n' "$configured" | while IFS= read -r policy; do
			say "the policy is $policy (git config importgate.policy)"
		done
	elif [ ! -e "$top/policy.toml" ] && [ ! -L "$top/policy.toml" ]; then
		cp -- "$root/hooks/starter-policy.toml" "$top/policy.toml"
		say "wrote $top/policy.toml: edit its first rule"
	elif has_key "$top/policy.toml"; then
		say "$top/policy.toml already exists"
	else
		say "note: $top/policy.toml is another tool's and is left unchanged. Create a separate file for importgate:"
		say "  cp '$root/hooks/starter-policy.toml' importgate.toml && git config importgate.policy importgate.toml"
	fi
}

mode=program
case ${1-} in
-h | --help) mode=help ;;
--demo) mode=demo ;;
-*) mode=wrong ;;
?*) mode=hooks ;;
esac
[ $# -le 1 ] || mode=wrong
case $mode in
help)
	usage
	exit
	;;
wrong)
	usage >&2
	exit 2
	;;
esac

check_tools
if [ $mode = hooks ]; then
	# checked before a build that takes minutes
	git -C "$1" rev-parse --show-toplevel >/dev/null || fail "$1 is not in a worktree of a git repository"
fi
build
case $mode in
program)
	install_program
	say "next: ./install.sh DIR installs the hooks in the repository DIR"
	;;
hooks)
	install_program
	install_hooks "$1"
	;;
demo) IMPORTGATE=$built exec sh "$root/hooks/demo.sh" ;;
esac
