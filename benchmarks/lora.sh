#!/usr/bin/env bash
# LoRA on a small encoder: AdamW's rates against solved ones, on the same rows and with the same gradient passes (docs/fine-tuning.md):
#   benchmarks/lora.sh [--seeds N ...] [--budget PASSES] [--batch N] [--pretraining STEPS] [--only NAME ...] [--output DIR]
# One line a run, on stdout; a run that DIR (target/lora) has already is not made again:
#   lora optimizer=O seed=S steps=N train_loss=L test_loss=L train_accuracy=A test_accuracy=A
# Texts are Debian's /usr/share/common-licenses and the documentation in Python's own library. A virtual environment with PyTorch and pyspark is
# made in target/lora-venv, or ETASTAR_LORA_VENV.
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/common.sh"
venv="${ETASTAR_LORA_VENV:-target/lora-venv}"
if [ ! -f "$venv/complete" ]; then
    echo "installing torch and pyspark into $venv ..." >&2
    version="$(sed -n 's|.*<spark.version>\(.*\)</spark.version>.*|\1|p' pom.xml)"
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "pyspark==$version" torch onnx onnxscript numpy >&2
    : > "$venv/complete"
fi
(source jobs/common.sh && find_java && build)
runtime="$PWD/target/etastar.jar:$(cat target/classpath-runtime.txt)"
export OMP_NUM_THREADS=1 PYTHONPATH="$PWD/python" SPARK_LOCAL_IP=127.0.0.1
PYSPARK_SUBMIT_ARGS="--master local[1] --driver-memory ${ETASTAR_DRIVER_MEMORY:-2g} --jars ${runtime//:/,}"
PYSPARK_SUBMIT_ARGS+=" --conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false"
PYSPARK_SUBMIT_ARGS+=" --driver-java-options '$(grep -v '^#' conf/java-options | tr '\n' ' ')' pyspark-shell"
export PYSPARK_SUBMIT_ARGS
unset SPARK_HOME
exec "$venv/bin/python" benchmarks/lora.py "$@"
