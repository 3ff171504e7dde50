#!/usr/bin/env bash
# Time of gradient and summary passes, and where it goes: benchmarks/cluster.sh [--quick] [--csv FILE] [MASTER ...]
# MASTER is local[N] or a number of one-core workers of a standalone cluster on the loopback address; by default local[1]
# local[2] 1 2 4, with --quick local[2] 2. One line a case, "cluster master=.. kind=gradient|summary P=.. S=.. shards=.. total_ms=..",
# medians, also into FILE (target/cluster.csv, written anew). Then the overhead of a training step over its compute,
# P = 60 000: "overhead master=.. sync=step|period|auto P=.. median_ms=..", means over 10 steps for period and auto, which makes many
# steps a job on as many shards as it plans; the others have two. 25 minutes; --quick 3.
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/common.sh"
mode=full csv=target/cluster.csv masters=()
while (($#)); do
    case "$1" in
        --quick) mode=quick; shift ;;
        --csv)
            (($# > 1)) || { echo "error: --csv: found nothing after it, expected a file" >&2; exit 2; }
            csv="$2"
            shift 2
            ;;
        -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
        local\[[1-9]*\] | [1-9] | [1-9][0-9]) masters+=("$1"); shift ;;
        *) echo "error: cluster.sh: found '$1', expected --quick, --csv, local[N] or a number of workers" >&2; exit 2 ;;
    esac
done
if ((${#masters[@]} == 0)); then
    masters=('local[1]' 'local[2]' 1 2 4)
    if [ "$mode" = quick ]; then masters=('local[2]' 2); fi
fi
build_jobs
rm -f "$csv"
scratch="$(mktemp -d)"
export ETASTAR_DRIVER_MEMORY="${ETASTAR_DRIVER_MEMORY:-4g}" ETASTAR_STANDALONE="$scratch/standalone"
trap 'stop_cluster; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

free_port() {
    local port=17077
    while (: > "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do port=$((port + 1)); done
    echo "$port"
}

# start_cluster WORKERS: prints the master's address.
start_cluster() {
    jobs/standalone.sh start --workers "$1" --cores 1 --memory 3g --port "$(free_port)"
}

stop_cluster() {
    if [ -d "$ETASTAR_STANDALONE" ]; then jobs/standalone.sh stop >&2 || true; fi
}

# overhead MASTER NAME SYNC: total less compute of a step, mean over each period's steps, median of the means over the last third
# of 900 jobs (period, auto: 2000 steps): Spark's own code takes some hundred jobs to be compiled.
# Batches of 75 make 20 steps an epoch: no period is cut short.
overhead() {
    local run="$scratch/overhead" period=1 jobs=900
    rm -rf "$run"
    if [ "$3" != step ]; then period=10 jobs=200; fi
    local keys=('model.layers=[64,800,10]' optimizer.name=sgd optimizer.lr=0.01 training.batch=75 training.epochs=500
        "training.max_steps=$((jobs * period))" "training.sync=$3")
    if [ "$3" = period ]; then keys+=(training.sync_period=10); fi
    if [ "$3" != auto ]; then keys+=(data.partitions=2); fi
    if ! jobs/train.sh conf/digits.conf --master "$1" --output "$run" "${keys[@]/#/--set=}" > "$scratch/out" 2> "$scratch/err"; then
        tail -n 3 "$scratch/err" >&2
        echo "overhead master=$2 sync=$3 P=60010 median_ms=-"
        return
    fi
    sed -n 's/.*"kind" *: *"step".*"total" *: *\([0-9.eE+-]*\).*"compute" *: *\([0-9.eE+-]*\).*/\1 \2/p' "$run/metrics.jsonl" \
        | awk -v period="$period" -v first="$((2 * jobs * period / 3))" '
            NR > first { sum += $1 - $2; if (++n == period) { print 1000 * sum / n; sum = n = 0 } }' \
        | sort -g \
        | awk -v where="$2" -v sync="$3" '
            { value[NR] = $1 }
            END { printf "overhead master=%s sync=%s P=60010 median_ms=%.2f\n", where, sync, value[int((NR + 1) / 2)] }'
}

for master in "${masters[@]}"; do
    address="$master" name="$master" workers=0 slots="${master//[!0-9]/}"
    if [[ "$master" != local* ]]; then
        address="$(start_cluster "$master")" name="standalone[$master]" workers="$master"
    fi
    submit_benchmark "$address" Cluster "$mode" "$workers" "$slots" "$csv"
    if [ "$slots" = 2 ]; then
        overhead "$address" "$name" step
        overhead "$address" "$name" period
        overhead "$address" "$name" auto
    fi
    if ((workers)); then stop_cluster; fi
done
echo "figures: $csv" >&2
