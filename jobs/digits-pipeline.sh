#!/usr/bin/env bash
# A Spark ML Pipeline with a network in a CrossValidator, on the embedded digits: examples/DigitsPipeline.java.
#   jobs/digits-pipeline.sh fit DIRECTORY        trains, saves the model to a new directory, predicts
#   jobs/digits-pipeline.sh predict DIRECTORY    loads the model and predicts the same
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/common.sh"
case "${1:-}" in
    fit | predict) ;;
    *) die "digits-pipeline.sh: found '${1:-}', expected fit DIRECTORY or predict DIRECTORY" ;;
esac
[ $# -ge 2 ] || die "digits-pipeline.sh: found no directory, expected $1 DIRECTORY"
example DigitsPipeline
submit DigitsPipeline "$1" "$root/src/main/resources/io/etastar/data/format/digits.csv.gz" "${@:2}"
