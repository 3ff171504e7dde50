#!/usr/bin/env bash
# Fashion-MNIST perceptron 784-200-100-10: NeuralNetworkClassifier on a DataFrame against jobs/train.sh with the same settings,
# those of conf/fashion-mnist-perceptron.conf: benchmarks/ml_versus_train.sh [--data DIR] [--master local[N]] [--seed N]
# Both are whole jobs by spark-submit, one after the other, on the same IDX files (Debian: dataset-fashion-mnist). One line:
# ml_versus_train fit_s=A train_s=B ratio=A/B job_s=.. train_job_s=.. job_ratio=.. accuracy=.. train_accuracy=..: seconds of fit, from a
# frame that nothing has computed yet, against those that jobs/train.sh states; those of the processes, start of the JVM and of Spark SQL
# and the test at the end included. Exit code 1 where fit takes more than 1.2 times as long or the estimator is less accurate.
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/common.sh"
fashion_options "benchmarks/ml_versus_train.sh" 7 "$@"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

figure() {
    sed -n "s/^result .*$1=\([0-9.]*\).*/\1/p" "$scratch/$2"
}

start="$EPOCHREALTIME"
jobs/train.sh conf/fashion-mnist-perceptron.conf --master "$master" --output "$scratch/run" \
    --set "data.path=\"$data\"" --set "seed=$seed" > "$scratch/train"
train="$(since "$start")"

start="$EPOCHREALTIME"
submit_benchmark "$master" MlPerceptron "$data" "$seed" > "$scratch/ml"
ml="$(since "$start")"

awk -v job="$ml" -v trainjob="$train" -v x="$(figure test_accuracy ml)" -v y="$(figure test_accuracy train)" \
    -v fit="$(figure fit_seconds ml)" -v train="$(figure seconds train)" 'BEGIN {
    printf "ml_versus_train fit_s=%.1f train_s=%.1f ratio=%.2f job_s=%.1f train_job_s=%.1f job_ratio=%.2f accuracy=%s train_accuracy=%s\n",
        fit, train, fit / train, job, trainjob, job / trainjob, x, y
    exit fit > 1.2 * train || x + 0.00005 < y
}' || { echo "error: found an estimator slower or less accurate, expected 1.2 times the seconds and the accuracy" >&2; exit 1; }
