#!/usr/bin/env bash
# Makes the tables of benchmarks/tables.sh: data-prep/tables.sh [DIR] [--tables "NAME ..."] [--extra DIR]
# DIR, by default data/tables, gets NAME.parquet of each table that it lacks: numeric columns x0, x1, ... and the class index "label".
# They come from Debian's R packages (apt-get download; nothing is installed), from scikit-learn, and from a generator with a seed.
# --extra names a directory of further tables as NAME.csv or NAME.csv.gz with a header, whose last column is the class.
# --raw makes the tables of benchmarks/tables.sh --raw in DIR/raw instead: columns as they are.
# DIR/.venv is the virtual environment that this needs; benchmarks/tables.sh runs scikit-learn from it.
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
usage='data-prep/tables.sh [DIR] [--tables "NAME ..."] [--extra DIR] [--raw]'
directory="" tables="" extra="" packages_of=packages make=make
while [ $# -gt 0 ]; do
    case "$1" in
        --tables | --extra)
            [ $# -gt 1 ] || die "$1: found nothing after it, expected $usage"
            printf -v "${1#--}" '%s' "$2"
            shift 2
            ;;
        --raw) packages_of=raw-packages make=raw; shift ;;
        -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
        -*) die "found '$1', expected $usage" ;;
        *)
            [ -z "$directory" ] || die "found '$1', expected $usage"
            directory="$1"
            shift
            ;;
    esac
done
[ -z "$extra" ] || [ -d "$extra" ] || die "--extra: found no directory $extra, expected one of CSV files"
directory="${directory:-$root/data/tables}"
mkdir -p "$directory"
environment="$directory/.venv"

make_environment() {
    if [ -f "$environment/complete" ]; then return; fi
    command -v python3 > /dev/null || die "found no 'python3', expected Python 3 (on Debian: python3 and python3-venv)"
    rm -rf "$environment"
    if ! python3 -m venv "$environment" > /dev/null 2>&1; then
        echo "installing python3-venv ..." >&2
        apt-get update -q >&2 && apt-get install -y -q --no-install-recommends python3-venv >&2 \
            || die "found no module 'venv' in python3, expected it (on Debian: python3-venv)"
        rm -rf "$environment"
        python3 -m venv "$environment" || die "$environment: cannot be made, see above"
    fi
    echo "installing scikit-learn, pyarrow and rdata into $environment ..." >&2
    "$environment/bin/pip" install --quiet --disable-pip-version-check scikit-learn pandas pyarrow rdata >&2 \
        || die "pip cannot install scikit-learn, pandas, pyarrow and rdata, see above"
    : > "$environment/complete"
}

# fetch_package NAME: unpacks a Debian package below $scratch; without success the tables of it are left out.
fetch_package() (
    cd "$scratch"
    command -v apt-get > /dev/null && command -v dpkg > /dev/null || return 1
    # Lists of packages may be missing or old.
    apt-get download -q -o APT::Sandbox::User=root "$1" > log 2>&1 \
        || { apt-get update -q > log 2>&1 && apt-get download -q -o APT::Sandbox::User=root "$1" > log 2>&1; } \
        || return 1
    dpkg -x "$1"_*.deb .
)

make_environment
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
# shellcheck disable=SC2086 # names of tables are words
packages="$("$environment/bin/python" "$root/data-prep/tables.py" "$packages_of" "$directory" $tables)"
for package in $packages; do
    echo "fetching $package ..." >&2
    fetch_package "$package" || echo "$package: cannot be fetched by apt-get; its tables are left out" >&2
done
# shellcheck disable=SC2086
"$environment/bin/python" "$root/data-prep/tables.py" "$make" "$directory" "$scratch/usr/lib/R/site-library" "$extra" $tables
