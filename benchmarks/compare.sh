#!/usr/bin/env bash
# Gradient and derivative summary against today's PyTorch and JAX, on this machine, one thread each:
#   benchmarks/compare.sh [--batch N] [--seconds S] [--limit S] [--gigabytes G] [--rivals NAME,...] [--log FILE]
#                         [--gradient-only] [MODEL ...]
# One line a model: compare MODEL gradient_ms=A best_gradient_ms=B gradient_rival=NAME gradient_ratio=B/A summary_ms=C
# best_summary_ms=D summary_rival=NAME summary_ratio=D/C floor_ms=F floor_ratio=C/F ggn_ms=G ggn_of_gradient=G/A
# ggn_of_summary=G/C load=L; G is a summary with the Gauss-Newton matrix. Milliseconds are medians of
# processor time, ours by turns; they are the mean of a run before the rivals and one after. The figures of every rival go to the log,
# by default target/rivals.log. A rival counts if its numbers are ours; one that needs more than --limit seconds (300) to
# compile and be timed in one setting, or more than --gigabytes (10), is skipped, and the log says so. N is 1000, or 50
# for vgg11 and resnet18.
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/common.sh"
models=(784-200-100-10 784-1024-1024-10 784-200x10-10 lenet vgg11 resnet18)
batch="" seconds=5 log=target/rivals.log quantity=summary named=() passed=()
while (($#)); do
    case "$1" in
        --batch | --seconds | --limit | --gigabytes | --rivals | --log)
            (($# > 1)) || { echo "compare.sh: $1: found nothing after it, expected a value" >&2; exit 2; }
            case "$1" in
                --batch) batch="$2" ;;
                --seconds) seconds="$2" ;;
                --log) log="$2" ;;
                *) passed+=("$1" "$2") ;;
            esac
            shift 2
            ;;
        --gradient-only) quantity=gradient; passed+=("$1"); shift ;;
        -h | --help) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
        -*) echo "compare.sh: found '$1', expected one of the options that --help lists, or models" >&2; exit 2 ;;
        *) named+=("$1"); shift ;;
    esac
done
((${#named[@]})) && models=("${named[@]}")
python="$(benchmarks/rivals/environment.sh)"
build
export PYTHONDONTWRITEBYTECODE=1
mkdir -p "$(dirname "$log")"
{ "$python" benchmarks/rivals/torch_rivals.py 2> /dev/null; "$python" benchmarks/rivals/jax_rivals.py; } | tee -a "$log"
cases="$(mktemp -d)"
trap 'rm -rf "$cases"' EXIT

for model in "${models[@]}"; do
    case "$model" in vgg11 | resnet18) rows="${batch:-50}" ;; *) rows="${batch:-1000}" ;; esac
    mkdir "$cases/$model"
    run_ours() { run_java -Xmx8g io.etastar.benchmarks.Compare "$model" "$rows" "$seconds" "$quantity" "$@"; }
    {
        run_ours "$cases/$model"
        "$python" benchmarks/rivals/run.py "$model" "$cases/$model" --seconds "$seconds" "${passed[@]}" |
            tee -a "$log" | { grep -v '^rival' || true; }
        run_ours
        echo "load=$(cut -d' ' -f1 /proc/loadavg)"
    } | awk -F= -v model="$model" '
        NF == 2 { value[$1] = $2; sum[$1] += $2; count[$1]++ }
        function mean(key) { return key in value ? sprintf("%.4g", sum[key] / count[key]) : "-" }
        function show(key) { return key in value ? value[key] : "-" }
        function over(a, b) { return a in value && b in value ? sprintf("%.2f", mean(a) / mean(b)) : "-" }
        END {
            print "compare", model, "gradient_ms=" mean("gradient_ms"), "best_gradient_ms=" show("best_gradient_ms"),
                "gradient_rival=" show("gradient_rival"), "gradient_ratio=" over("best_gradient_ms", "gradient_ms"),
                "summary_ms=" mean("summary_ms"), "best_summary_ms=" show("best_summary_ms"),
                "summary_rival=" show("summary_rival"), "summary_ratio=" over("best_summary_ms", "summary_ms"),
                "floor_ms=" mean("floor_ms"), "floor_ratio=" over("summary_ms", "floor_ms"), "ggn_ms=" mean("ggn_ms"),
                "ggn_of_gradient=" over("ggn_ms", "gradient_ms"), "ggn_of_summary=" over("ggn_ms", "summary_ms"), "load=" show("load")
        }' | tee -a "$log"
done
