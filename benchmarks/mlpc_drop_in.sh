#!/usr/bin/env bash
# The same file of pyspark.ml code, benchmarks/mlpc_drop_in.py, as it is and behind the line etastar.accelerate():
#   benchmarks/mlpc_drop_in.sh [--tables "NAME ..."] [--max-rows N] [--seed N] [--master local[N]] [--warm-up N] [--repeat N]
# trains MLlib's MultilayerPerceptronClassifier, layers [inputs, 64, 32, classes] and all else at its default (100 iterations), behind
# StandardScaler on 70 % of the rows of each table. One line a table:
#   drop_in table=NAME mlpc_s=T ours_s=S ratio=T/S mlpc_accuracy=A ours_accuracy=B
# Seconds are those of fit alone, the least of N fits (--repeat, 2), in a session that N fits of made-up rows (--warm-up, 5) have warmed;
# accuracies are those of the other 30 %. Each side has a process of its own, with the same flags; one after the other.
# Tables are read from ETASTAR_TABLES (data/tables), which data-prep/tables.sh fills. A virtual environment with pyspark
# is made in target/mlpc-venv, or ETASTAR_MLPC_VENV.
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/common.sh"
tables="letter satellite" max_rows=0 seed=1 master='local[2]' warm_up=5 repeat=2
while (($#)); do
    case "$1" in
        --tables | --max-rows | --seed | --master | --warm-up | --repeat)
            (($# > 1)) || { echo "error: $1: found nothing after it, expected a value" >&2; exit 2; }
            name="${1#--}"
            printf -v "${name//-/_}" '%s' "$2"
            shift 2
            ;;
        -h | --help) sed -n '2,10s/^# \{0,1\}//p' benchmarks/mlpc_drop_in.sh; exit 0 ;;
        *) echo "error: mlpc_drop_in.sh: found '$1', expected an option of mlpc_drop_in.sh --help" >&2; exit 2 ;;
    esac
done
for number in max_rows seed warm_up repeat; do
    [[ "${!number}" =~ ^[0-9]+$ ]] || { echo "error: --${number//_/-}: found '${!number}', expected a number" >&2; exit 2; }
done
((repeat > 0)) || { echo "error: --repeat: found 0, expected at least 1" >&2; exit 2; }

data="${ETASTAR_TABLES:-data/tables}"
missing=""
for table in $tables; do
    [ -f "$data/$table.parquet" ] || missing="$missing$table "
done
[ -z "$missing" ] || data-prep/tables.sh "$data" --tables "$missing" >&2

venv="${ETASTAR_MLPC_VENV:-target/mlpc-venv}"
if [ ! -f "$venv/complete" ]; then
    echo "installing pyspark into $venv ..." >&2
    version="$(sed -n 's|.*<spark.version>\(.*\)</spark.version>.*|\1|p' pom.xml)"
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "pyspark==$version" numpy pyarrow >&2
    : > "$venv/complete"
fi
python="$PWD/$venv/bin/python"
[[ "$venv" != /* ]] || python="$venv/bin/python"
(source jobs/common.sh && find_java && build)
runtime="$PWD/target/etastar.jar:$(cat target/classpath-runtime.txt)"

# The flags of both sides: those of the project's jobs, with which MLlib's matrix products use the Vector API.
export OMP_NUM_THREADS=1 PYTHONPATH="$PWD/python" PYSPARK_PYTHON="$python" SPARK_LOCAL_IP=127.0.0.1
PYSPARK_SUBMIT_ARGS="--master $master --driver-memory ${ETASTAR_DRIVER_MEMORY:-4g} --jars ${runtime//:/,}"
PYSPARK_SUBMIT_ARGS+=" --conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false"
PYSPARK_SUBMIT_ARGS+=" --driver-java-options '$(grep -v '^#' conf/java-options | tr '\n' ' ')' pyspark-shell"
export PYSPARK_SUBMIT_ARGS
unset SPARK_HOME
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

# run LINE TABLE: seconds and accuracy of the file behind a line of Python.
run() {
    "$python" -c "import runpy, sys
$1
sys.argv = ['mlpc_drop_in.py', '$scratch/$2', '$warm_up', '$repeat']
runpy.run_path('benchmarks/mlpc_drop_in.py', run_name='__main__')" 2> "$scratch/log" \
        || { cat "$scratch/log" >&2; return 1; }
}

# shellcheck disable=SC2086 # names of tables are words
for table in $("$python" benchmarks/tables.py split "$data" "$scratch" "$seed" "$max_rows" $tables); do
    mllib="$(run '' "$table")"
    ours="$(run 'from etastar.perceptron import accelerate; accelerate()' "$table")"
    read -r mllib_s mllib_accuracy <<< "$mllib"
    read -r ours_s ours_accuracy <<< "$ours"
    ratio="$(awk "BEGIN { printf \"%.1f\", $mllib_s / $ours_s }")"
    echo "drop_in table=$table mlpc_s=$mllib_s ours_s=$ours_s ratio=$ratio mlpc_accuracy=$mllib_accuracy" \
        "ours_accuracy=$ours_accuracy"
done
