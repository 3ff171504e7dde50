#!/usr/bin/env bash
# Prepares the embedded UCI digits: data-prep/digits.sh --prepare OUT [options of jobs/prepare-data.sh]
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
usage="data-prep/digits.sh --prepare OUT [options of jobs/prepare-data.sh]"
split_arguments "$@"
[ ${#given[@]} -eq 0 ] && [ -n "$output" ] || die "found ${given[*]:-no --prepare}, expected $usage"
prepare digits
