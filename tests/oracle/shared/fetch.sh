# shellcheck shell=bash
# What the oracles fetch, for scripts that source this: pinned packages, each as a folder in the cache. A function prints
# the path of its folder and fetches nothing where it is there already; an interrupted one leaves nothing behind.
#
#   cache=FOLDER                     set before the first call
#   only=PATTERN                     of tarballs, the files whose names end as this extended expression says: a tenth of the
#                                    disk. Not part of a folder's name in the cache
#   pypi NAME==VERSION               a wheel, unpacked
#   wheels_for=VERSION               of wheels, those for this version of Python: default, for the one that runs
#   sdist NAME==VERSION              a source distribution, unpacked
#   npm NAME@VERSION                 a package's tarball, unpacked
#   crate NAME@VERSION               a crate's source, alone
#   debian PACKAGE[=VERSION]         a binary package's files, nothing installed
#   debian_source PACKAGE[=VERSION]  the upstream tarball of its source
#   ORACLE_APT                       where lists of apt are kept, where caches are thrown away: default, in the cache
#   grammars                         a Python with tree-sitter and the grammars of grammars.txt: prints the interpreter
#
# Needs bash and of python3 with pip and venv, npm, tar, cargo, apt-get and dpkg-deb those that are asked for. Root or not.

shared=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# fetched KIND NAME COMMAND…: the folder of NAME; COMMAND fills the folder that is its last argument.
fetched() {
    local folder=${cache:?set it before you fetch}/$1/${2//\//+} part
    if [ ! -d "$folder" ]; then
        mkdir -p "${folder%/*}"
        part=$(mktemp -d "$folder.part.XXXXXX")
        if ! "${@:3}" "$2" "$part" >&2; then
            rm -rf "$part"
            echo "fetch: no $2 from $1" >&2
            return 1
        fi
        chmod 755 "$part"
        # another run may have been faster
        mv -T "$part" "$folder" 2>/dev/null || rm -rf "$part"
    fi
    echo "$folder"
}

# untar TARBALL FOLDER: without the folder that is above all.
untar() {
    local names status=0 options=(-xf "$1" -C "$2" --strip-components=1 --no-same-owner --delay-directory-restore
        --warning=no-unknown-keyword)
    if [ -z "${only:-}" ]; then
        tar "${options[@]}"
        return
    fi
    names=$(mktemp) || return 1
    tar -tf "$1" --quoting-style=literal --warning=no-unknown-keyword >"$names.all" || status=1
    # a tarball may have none
    grep -E -- "($only)\$" "$names.all" >"$names" || [ $? = 1 ] || status=1
    tar "${options[@]}" --no-recursion --verbatim-files-from -T "$names" || status=1
    rm -f "$names" "$names.all"
    return $status
}

pypi() { fetched pypi "$1" fill_pypi; }
fill_pypi() {
    local wheels
    wheels=$(mktemp -d) || return 1
    "${PYTHON:-python3}" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        ${wheels_for:+--python-version "$wheels_for"} --dest "$wheels" "$1" && "${PYTHON:-python3}" -m zipfile -e "$wheels"/*.whl "$2"
    local status=$?
    rm -rf "$wheels"
    return $status
}

sdist() { fetched sdist "$1" fill_sdist; }
fill_sdist() {
    local files
    files=$(mktemp -d) || return 1
    "${PYTHON:-python3}" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary "${1%%==*}" --dest "$files" "$1" &&
        untar "$files"/*.tar.gz "$2"
    local status=$?
    rm -rf "$files"
    return $status
}

npm() { fetched npm "$1" fill_npm; }
fill_npm() {
    local tarball
    tarball=$(mktemp -d) || return 1
    (cd "$tarball" && command npm pack --silent "$1" >/dev/null) &&
        untar "$tarball"/*.tgz "$2" &&
        chmod -R u+rwX,go+rX "$2"
    local status=$?
    rm -rf "$tarball"
    return $status
}

crate() { fetched crate "$1" fill_crate; }
fill_crate() {
    local project
    project=$(mktemp -d) || return 1
    mkdir "$project/src" && : >"$project/src/lib.rs" &&
        printf '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n%s = { version = "=%s", default-features = false }\n[workspace]\n' \
            "${1%@*}" "${1#*@}" >"$project/Cargo.toml" &&
        (cd "$project" && cargo vendor --quiet --versioned-dirs vendor >/dev/null) &&
        cp -R "$project/vendor/${1%@*}-${1#*@}/." "$2"
    local status=$?
    rm -rf "$project"
    return $status
}

# apt with lists of its own, so that it needs no root and sees source packages too.
own_apt() {
    local apt=${ORACLE_APT:-$cache/apt}
    "$@" -o Dir::State="$apt" -o Dir::State::Lists="$apt/lists" -o Dir::State::Status=/var/lib/dpkg/status \
        -o Dir::Cache="$apt/cache" -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=- \
        -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=1 -qq
}
refresh_apt() {
    local apt=${ORACLE_APT:-$cache/apt}
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" || return 1
    # shellcheck disable=SC2016  # apt fills these in
    apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' | sort -u |
        sed 's/.*/deb &\ndeb-src &/' >"$apt/sources.list"
    [ -s "$apt/sources.list" ] || { echo "fetch: apt-get knows no sources" >&2; return 1; }
    own_apt apt-get update && touch "$apt/ready"
}
# from_apt COMMAND PACKAGE: runs `apt-get COMMAND PACKAGE` here; lists grow old, so a failure refreshes them once.
from_apt() {
    [ -e "${ORACLE_APT:-$cache/apt}/ready" ] || refresh_apt || return 1
    # shellcheck disable=SC2086  # a command with its options
    own_apt apt-get $1 "$2" 2>/dev/null || { refresh_apt && own_apt apt-get $1 "$2"; }
}

debian() { fetched debian "$1" fill_debian; }
fill_debian() {
    local packages
    packages=$(mktemp -d) || return 1
    (cd "$packages" && from_apt download "$1") && dpkg-deb -x "$packages"/*.deb "$2"
    local status=$?
    rm -rf "$packages"
    return $status
}

debian_source() { fetched debian-source "$1" fill_debian_source; }
fill_debian_source() {
    local files tarball status=1
    files=$(mktemp -d) || return 1
    if (cd "$files" && from_apt "source --download-only" "$1"); then
        status=0
        # native packages have one tarball, others may have several
        for tarball in "$files"/*.orig*.tar.* "$files"/*.tar.*; do
            case $tarball in *.debian.tar.* | *.asc) continue ;; esac
            [ -f "$tarball" ] || continue
            untar "$tarball" "$2" || status=1
            rm "$tarball"
        done
    fi
    rm -rf "$files"
    return $status
}

grammars() {
    local folder name
    name=$(sha256sum <"$shared/grammars.txt") || return 1
    folder=$(fetched grammars "${name:0:16}" fill_grammars) && echo "$folder/bin/python3"
}
fill_grammars() {
    "${PYTHON:-python3}" -m venv "$2" &&
        "$2/bin/python3" -m pip install --quiet --disable-pip-version-check --only-binary :all: -r "$shared/grammars.txt"
}
