#!/usr/bin/env bash
# Gradient and derivative summary against nested autograd in PyTorch, on this machine, one thread each:
#   benchmarks/compare.sh [--batch N] [--seconds S] [--gradient-only] [MODEL ...]
# One line a model: compare MODEL gradient_ms=A torch_gradient_ms=B gradient_ratio=B/A summary_ms=C torch_summary_ms=D
# summary_ratio=D/C floor_ms=F floor_ratio=C/F. N is 1000, or 50 for vgg11 and resnet18. Needs Debian's python3-torch, with
# libopenblas0 for a fair matrix product; without it our half is printed alone.
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/common.sh"
models=(784-200-100-10 784-1024-1024-10 784-200x10-10 lenet vgg11 resnet18)
batch="" seconds=10 only=() named=()
while (($#)); do
    case "$1" in
        --batch) batch="$2"; shift 2 ;;
        --seconds) seconds="$2"; shift 2 ;;
        --gradient-only) only=(gradient); shift ;;
        -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
        -*) echo "compare.sh: found '$1', expected --batch, --seconds, --gradient-only or models" >&2; exit 2 ;;
        *) named+=("$1"); shift ;;
    esac
done
((${#named[@]})) && models=("${named[@]}")
build
python="${PYTHON:-/usr/bin/python3}"
torch=1
if ! "$python" -c 'import torch' 2>/dev/null; then
    torch=0
    echo "compare.sh: no PyTorch for $python (Debian: apt-get install python3-torch libopenblas0); our half alone" >&2
fi
for model in "${models[@]}"; do
    case "$model" in vgg11 | resnet18) rows="${batch:-50}" ;; *) rows="${batch:-1000}" ;; esac
    ours="$(run_java -Xmx8g io.etastar.benchmarks.Compare "$model" "$rows" "$seconds" "${only[@]}")"
    theirs=""
    if ((torch)); then
        theirs="$("$python" benchmarks/reverse_over_reverse.py "$model" "$rows" "$seconds" "${only[@]}")" || true
    fi
    printf '%s\n%s\n' "$ours" "$theirs" | awk -F= -v model="$model" '
        NF == 2 { value[$1] = $2 }
        function show(key) { return key in value ? value[key] : "-" }
        function over(a, b) { return a in value && b in value ? sprintf("%.2f", value[a] / value[b]) : "-" }
        END {
            print "compare", model, "gradient_ms=" show("gradient_ms"), "torch_gradient_ms=" show("torch_gradient_ms"),
                "gradient_ratio=" over("torch_gradient_ms", "gradient_ms"), "summary_ms=" show("summary_ms"),
                "torch_summary_ms=" show("torch_summary_ms"), "summary_ratio=" over("torch_summary_ms", "summary_ms"),
                "floor_ms=" show("floor_ms"), "floor_ratio=" over("summary_ms", "floor_ms")
        }'
done
