#!/bin/sh
# Builds importgate from this source and installs it; see usage below. Running it again brings all up to date.
set -eu

usage() {
	cat <<'USAGE'
usage: ./install.sh          build importgate and install the program
       ./install.sh DIR      the same, then install the git hooks in the repository DIR,
                             with a commented starter policy.toml if it has none
       ./install.sh --demo   build, and play a blocked and an accepted commit in a throwaway
                             repository; nothing is installed
       ./install.sh --help

The program goes to IMPORTGATE_BIN_DIR if that is set; else to cargo's bin folder if that is on
PATH; else to ~/.local/bin. Needed: git 2.31 or later, and cargo (https://rustup.rs).
USAGE
}

say() { printf '%s\n' "$*"; }
fail() {
	printf 'install.sh: %s\n' "$*" >&2
	exit 1
}

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)

check_tools() {
	command -v git >/dev/null 2>&1 || fail 'git is missing. Install git 2.31 or later, then run this again.'
	command -v cargo >/dev/null 2>&1 ||
		fail 'cargo is missing. Install Rust (https://rustup.rs), open a new terminal, then run this again.'
}

# Whether the C compiler can link a static program: some distributions ship libc.a apart.
links_static() {
	probe=$(mktemp -d)
	echo 'int main(void) { return 0; }' >"$probe/probe.c"
	status=0
	"${CC:-cc}" -static -o "$probe/probe" "$probe/probe.c" >/dev/null 2>&1 || status=1
	rm -rf "$probe"
	return $status
}

# Sets `built`, the program that the build made.
build() {
	host=$(rustc -vV | sed -n 's/^host: //p')
	target_dir=${CARGO_TARGET_DIR:-$root/target}
	case $target_dir in /*) ;; *) target_dir=$PWD/$target_dir ;; esac
	set -- build --release --locked --manifest-path "$root/Cargo.toml" --target-dir "$target_dir"
	case $host in
	*-linux-gnu*)
		if links_static; then
			# one file for every machine and chroot, at a fixed address: what is relocated at each start costs a hook
			# a third of its time. Without --target the flags would reach proc macros and break them
			say "building importgate (static, $host)"
			flags="-C target-feature=+crt-static -C relocation-model=static"
			# where the crates' sources lie here is of no use in the program; cargo cuts the flags at spaces
			crates=${CARGO_HOME:-${HOME:-}/.cargo}/registry/src
			case $crates in *\ *) ;; *) flags="$flags --remap-path-prefix=$crates=crates" ;; esac
			RUSTFLAGS="${RUSTFLAGS:+$RUSTFLAGS }$flags" cargo "$@" --target "$host"
			built=$target_dir/$host/release/importgate
			return
		fi
		say "no static C library here: the program will need this system's"
		;;
	esac
	say "building importgate ($host)"
	cargo "$@" --target "$host"
	built=$target_dir/$host/release/importgate
}

on_path() {
	case ":$PATH:" in *":$1:"*) return 0 ;; *) return 1 ;; esac
}

# Sets `program`, the installed one.
install_program() {
	if [ -n "${IMPORTGATE_BIN_DIR:-}" ]; then
		bin_dir=$IMPORTGATE_BIN_DIR
	elif cargo_bin=${CARGO_HOME:-${HOME:?is not set}/.cargo}/bin && on_path "$cargo_bin" && [ -w "$cargo_bin" ]; then
		bin_dir=$cargo_bin
	else
		bin_dir=${HOME:?is not set}/.local/bin
	fi
	mkdir -p -- "$bin_dir" || fail "cannot make $bin_dir. Choose another with IMPORTGATE_BIN_DIR."
	bin_dir=$(CDPATH='' cd -- "$bin_dir" && pwd)
	program=$bin_dir/importgate
	if cmp -s -- "$built" "$program"; then
		say "$program is up to date"
	else
		# a hook may run the old one at this moment: the new one takes its name in one step
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
	if configured=$(git -C "$1" config --get importgate.policy); then
		say "the policy is $configured (git config importgate.policy)"
	elif [ ! -e "$top/policy.toml" ] && [ ! -L "$top/policy.toml" ]; then
		cp -- "$root/hooks/starter-policy.toml" "$top/policy.toml"
		say "wrote $top/policy.toml: open it and make the first rule yours"
	elif has_key "$top/policy.toml"; then
		say "$top/policy.toml is there already"
	else
		say "note: $top/policy.toml is another tool's and stays as it is. Give importgate a file of its own:"
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
	# before a build of minutes
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
