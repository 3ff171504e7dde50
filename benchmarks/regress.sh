#!/usr/bin/env bash
# The few figures that tell whether something became slower, in some five minutes, against those that the same machine stored:
#   benchmarks/regress.sh [--store] [--data DIR]
# One line a figure: NAME VALUE, with a stored one ratio=VALUE/STORED, and "slower" or "faster" if they differ by more than a tenth. The
# first line is this run's load, commit and day, "# against" those of the stored one.
# --store keeps this run for later ones, in a file by processor and cores below ${XDG_CACHE_HOME:-~/.cache}/etastar. Run it on a quiet
# machine. DIR holds the tables (data/tables, filled by data-prep/tables.sh).
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/common.sh"
store=no data=data/tables tables=(spam made20k)
while (($#)); do
    case "$1" in
        --store) store=yes; shift ;;
        --data)
            (($# > 1)) || { echo "error: --data: found nothing after it, expected a directory" >&2; exit 2; }
            data="$2"
            shift 2
            ;;
        -h | --help) sed -n '2,7s/^# \{0,1\}//p' benchmarks/regress.sh; exit 0 ;;
        *) echo "error: regress.sh: found '$1', expected --store or --data" >&2; exit 2 ;;
    esac
done
processor="$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2> /dev/null | head -n 1)"
machine="$(printf '%s' "${processor:-$(uname -m)} $(getconf _NPROCESSORS_ONLN) cores" | tr -cs 'A-Za-z0-9' '-')"
stored="${XDG_CACHE_HOME:-$HOME/.cache}/etastar/regress-$machine.txt"
# Now, not minutes later.
if [ "$store" = yes ] && ! { mkdir -p "${stored%/*}" 2> /dev/null && [ -w "${stored%/*}" ]; }; then
    echo "error: --store: found no directory ${stored%/*} to write to, expected one; XDG_CACHE_HOME names another" >&2
    exit 2
fi
fashion="$(data-prep/fashion-mnist.sh)"
build_jobs
# What is made once for all jobs is made before the clock runs.
jobs/train.sh --help > /dev/null
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
load="$(cut -d ' ' -f 1-3 /proc/loadavg 2> /dev/null || echo -)"
echo "# $machine, load $load, $(git rev-parse --short HEAD 2> /dev/null || echo -), $(date +%F)" | tee "$scratch/figures"
[ ! -f "$stored" ] || sed -n 's/^# /# against /p' "$stored"

# figure NAME VALUE: prints it beside the stored one, and keeps it.
figure() {
    [[ "$2" =~ ^[0-9.]+$ ]] || { echo "error: $1: found '$2', expected a number; see above" >&2; exit 1; }
    echo "$1 $2" >> "$scratch/figures"
    awk -v name="$1" -v value="$2" '$1 == name { old = $2 } END {
        if (old > 0) {
            ratio = value / old
            printf "%s %s ratio=%.2f%s\n", name, value, ratio, (ratio > 1.1 ? " slower" : ratio < 0.9 ? " faster" : "")
        } else print name, value
    }' "$([ -f "$stored" ] && echo "$stored" || echo /dev/null)"
}

# field KEY: the value of KEY=VALUE in a line or in lines.
field() {
    tr ' ' '\n' | sed -n "s/^$1=//p"
}

for model in 784-200-100-10 lenet; do
    found="$(run_java -Xmx8g io.etastar.benchmarks.Compare "$model" 1000 8 summary)"
    figure "$model.gradient_ms" "$(field gradient_ms <<< "$found")"
    figure "$model.summary_ms" "$(field summary_ms <<< "$found")"
done
benchmarks/tables.sh --data "$data" --tables "${tables[*]}" --skip-mllib --skip-sklearn --repeat 3 > "$scratch/tables"
for table in "${tables[@]}"; do
    found="$(grep "^table $table " "$scratch/tables" || true)"
    figure "$table.fit_s" "$(field ours_s <<< "$found")"
    figure "$table.step_ms" "$(field ms_per_step <<< "$found")"
done
figure transform_s "$(submit_benchmark 'local[2]' Transform 100000 9 | grep 'outputs=all$' | field ours_s)"
# The least of two: the first reads files that nobody has read lately.
for run in 1 2; do
    start="$EPOCHREALTIME"
    jobs/train.sh benchmarks/versus_mllib.conf --master 'local[2]' --output "$scratch/run$run" \
        --set "data.path=\"$fashion\"" --set seed=1 > "$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 1; }
    since "$start"
    echo
done > "$scratch/train"
figure fashion_job_s "$(sort -n "$scratch/train" | head -n 1)"

if [ "$store" = yes ]; then
    mv "$scratch/figures" "$stored"
    echo "# stored in $stored"
elif [ ! -f "$stored" ]; then
    echo "# nothing is stored for this machine: benchmarks/regress.sh --store does it"
fi
