#!/usr/bin/env bash
# Resident memory over many summaries: benchmarks/memory.sh [MODEL ROWS MICRO_BATCH RUNS], by default lenet 100 50 1000
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/common.sh"
build
if (($# == 0)); then set -- lenet 100 50 1000; fi
run_java -Xmx1g io.etastar.benchmarks.Memory "$@"
