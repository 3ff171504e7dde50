#!/usr/bin/env bash
# Makes the virtual environment of benchmarks/compare.sh's rivals, if it is not there yet, and prints its Python:
#   benchmarks/rivals/environment.sh
# It is made in $ETASTAR_RIVALS, by default ~/.cache/etastar/rivals, by $PYTHON or the newest Python 3.11 to 3.14 on the
# path or of pyenv. Downloads 3 GB and takes 6 GB on disk. torch.compile also needs g++ and Python's headers.
set -euo pipefail
here="$(dirname "$(readlink -f "$0")")"
home="${ETASTAR_RIVALS:-${XDG_CACHE_HOME:-$HOME/.cache}/etastar/rivals}"
case "${1:-}" in
    "") ;;
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "environment.sh: found '$1', expected nothing" >&2; exit 2 ;;
esac

newest_python() {
    local minor found
    for minor in 14 13 12 11; do
        for found in "$(command -v "python3.$minor" || true)" \
            "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3."$minor".*/bin/python3; do
            if [ -x "$found" ] && "$found" -c 'import ensurepip, venv' 2> /dev/null; then
                echo "$found"
                return
            fi
        done
    done
    echo "environment.sh: found no Python 3.11 to 3.14 with the module venv, expected one (Debian: python3-venv)" >&2
    return 1
}

if ! cmp -s "$here/requirements.txt" "$home/requirements.txt"; then
    python="${PYTHON:-$(newest_python)}"
    echo "environment.sh: installing PyTorch and JAX for $python into $home (3 GB to download)" >&2
    rm -rf "$home"
    "$python" -m venv "$home" >&2
    "$home/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" >&2
    cp "$here/requirements.txt" "$home/requirements.txt"
fi
echo "$home/bin/python"
