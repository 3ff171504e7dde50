#!/usr/bin/env bash
# Summaries in single against double precision while a network learns:
#   benchmarks/precision.sh [MODEL DIRECTORY ROWS EPOCHS], by default lenet with Debian's dataset-fashion-mnist, 5000 rows, 4 epochs
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/common.sh"
build
if (($# == 0)); then set -- lenet /usr/share/datasets/fashion-mnist 5000 4; fi
run_java -Xmx4g io.etastar.benchmarks.Precision "$@"
