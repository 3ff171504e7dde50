#!/usr/bin/env bash
# transform of NeuralNetworkClassificationModel against that of MLlib's MultilayerPerceptronClassificationModel, both of layers
# 30-64-32-2, on a cached DataFrame: benchmarks/transform.sh [--rows N] [--rounds N] [--master local[N]]
# By turns in one JVM; medians of the rounds after three that warm it up. A line for all output columns and one for the prediction:
# transform rows=N ours_s=A mllib_s=B ratio=B/A outputs=all|prediction; exit code 1 where a ratio is below 2.
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/common.sh"
rows=400000 rounds=9 master='local[2]'
while (($#)); do
    case "$1" in
        --rows | --rounds | --master)
            (($# > 1)) || { echo "error: $1: found nothing after it, expected a value" >&2; exit 2; }
            printf -v "${1#--}" '%s' "$2"
            shift 2
            ;;
        -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) echo "error: transform.sh: found '$1', expected --rows, --rounds or --master" >&2; exit 2 ;;
    esac
done
build_jobs
lines="$(submit_benchmark "$master" Transform "$rows" "$rounds" | grep '^transform ')"
echo "$lines"
awk '{ sub(/.* ratio=/, ""); low = low || $1 < 2 } END { exit low }' <<< "$lines" \
    || { echo "error: found a ratio below 2, expected 2" >&2; exit 1; }
