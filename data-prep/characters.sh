#!/usr/bin/env bash
# Makes rows of characters of a text, each to tell the next one from: data-prep/characters.sh [TEXT [FILE.npz]]
# TEXT is by default the project's LICENSE, FILE data/characters.npz. A row is 16 characters as indices among those of the text, sorted, its class
# the one that follows. The last fifth of the text is for testing.
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
usage="data-prep/characters.sh [TEXT [FILE.npz]]"
split_arguments "$@"
[ ${#given[@]} -le 2 ] && [ -z "$output" ] || die "found ${given[2]:---prepare}, expected $usage"
text="${given[0]:-$root/LICENSE}"
file="${given[1]:-$root/data/characters.npz}"
[ -f "$text" ] || die "$text: found nothing, expected a text"
command -v python3 > /dev/null || die "found no 'python3', expected Python 3 (on Debian: python3)"
mkdir -p "$(dirname "$file")"
python3 "$root/data-prep/characters.py" "$text" "$file"
