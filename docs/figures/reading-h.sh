#!/usr/bin/env bash
# Makes the figures of docs/reading-h.md: trains LeNet on Fashion-MNIST with one subset for each tensor (a minute) and has
# notebooks/training-report.ipynb draw the run. Needs what notebooks/README.md lists; figures differ in no number from run to run.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
jobs/train.sh conf/fashion-mnist-lenet.conf --output "$scratch/run" --set optimizer.preset=published --set optimizer.damping=1 --set optimizer.rate_bound=0 --set partition=canonical --set training.epochs=3 \
    --set summary.rows=drawn --set summary.batch=5000 --set optimizer.period=10 --set optimizer.average.warmup=1
ETASTAR_RUN="$scratch/run" ETASTAR_FIGURES="$scratch/figures" jupyter-nbconvert --execute --to html \
    --output-dir "$scratch" notebooks/training-report.ipynb
for figure in eta h inverse interactions spectrum; do
    cp "$scratch/figures/$figure.png" "docs/figures/reading-h-$figure.png"
done
