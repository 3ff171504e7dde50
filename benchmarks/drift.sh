#!/usr/bin/env bash
# Training goes on batch by batch with initialModel, on a made-up stream that drifts:
#   benchmarks/drift.sh [--batches N] [--rows N] [--seeds N] [--turn DEGREES] [--trainers "OPTIMIZER:RATE:MIB ..."] [--master local[N]]
# Each batch is predicted by the model so far, then trained on for one epoch. One line a trainer, with the mean loss of predictions
# over all batches but the first, before and after the columns become three times as large, and of each seed:
#   drift trainer=OPTIMIZER:RATE:MIB loss=L before=L after=L seeds=[L, ...]
# MIB is maxStateInMb: with 0 each batch's fit begins with the optimizer's initial state; solved and published have no rate.
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/common.sh"
batches=30 rows=1000 seeds=2 turn=180 master='local[1]'
trainers="solved::64 solved::0 published::64 published::0 sgd:0.01:64 sgd:0.03:64 sgd:0.1:64 sgd:0.3:64 sgd:1:64 adam:0.0003:64 adam:0.001:64 adam:0.003:64 adam:0.01:64 adam:0.03:64 adam:0.01:0"
while (($#)); do
    case "$1" in
        --batches | --rows | --seeds | --turn | --trainers | --master)
            (($# > 1)) || { echo "error: $1: found nothing after it, expected a value" >&2; exit 2; }
            printf -v "${1#--}" '%s' "$2"
            shift 2
            ;;
        -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) echo "error: drift.sh: found '$1', expected an option of drift.sh --help" >&2; exit 2 ;;
    esac
done
build_jobs
# shellcheck disable=SC2086 # trainers are words
submit_benchmark "$master" Drift "$batches" "$rows" "$seeds" "$turn" $trainers | grep '^drift '
