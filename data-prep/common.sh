# Shared by data-prep/*.sh: messages, downloads, and the step from files to prepared data.
# shellcheck shell=bash

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"

die() {
    echo "error: $*" >&2
    exit 2
}

# split_arguments ARGUMENTS: sets given to the arguments before --prepare, output to the directory behind it (or nothing) and options to
# what follows, for jobs/prepare-data.sh.
split_arguments() {
    given=()
    output=
    options=()
    while [ $# -gt 0 ] && [ "$1" != --prepare ]; do
        case "$1" in
            -*) die "found '$1', expected $usage" ;;
        esac
        given+=("$1")
        shift
    done
    if [ $# -gt 0 ]; then
        [ $# -gt 1 ] || die "--prepare: found nothing behind it, expected a new directory for the prepared data"
        output="$2"
        shift 2
        options=("$@")
    fi
}

# download URL FILE
download() {
    command -v curl > /dev/null || die "found no 'curl', expected it for the download of $1; or give the file: $usage"
    mkdir -p "$(dirname "$2")"
    echo "downloading $1 ..." >&2
    local problem
    if ! problem="$(curl --fail --location --silent --show-error --connect-timeout 20 --output "$2.part" "$1" 2>&1)"; then
        rm -f "$2.part"
        die "$1: cannot be downloaded (${problem%%$'\n'*}); expected network access, or the file: $usage"
    fi
    mv "$2.part" "$2"
}

# check_sum TOOL SUM FILE: TOOL is sha256sum or md5sum
check_sum() {
    local found
    found="$("$1" "$3" | cut -d ' ' -f 1)"
    [ "$found" = "$2" ] || die "$3: found ${1%sum} $found, expected $2"
}

# check_content SUM FILE: the SHA-256 of what a gzipped file holds
check_content() {
    local found
    found="$(gzip -dc "$2" 2> /dev/null | sha256sum | cut -d ' ' -f 1)"
    [ "$found" = "$1" ] || die "$2: found content of SHA-256 $found, expected $1"
}

# prepare FORMAT [PATH]: writes prepared data where --prepare was given, else names the files
prepare() {
    if [ -n "$output" ]; then
        "$root/jobs/prepare-data.sh" "$@" --output "$output" "${options[@]}"
    elif [ $# -gt 1 ]; then
        echo "$2"
    fi
}
