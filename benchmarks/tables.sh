#!/usr/bin/env bash
# The Estimator with nothing set but the columns, on tables, against MLlib's MultilayerPerceptronClassifier of the same layers (100
# iterations, behind StandardScaler) and scikit-learn's MLPClassifier (hidden layers 64 and 32, behind its scaler, one core), in turn:
#   benchmarks/tables.sh [--tables "NAME ..."] [--data DIR] [--extra DIR] [--max-rows N] [--seed N] [--master local[N]]
#       [--scaler yes|no] [--repeat N] [--skip-mllib] [--skip-sklearn] [--set 'PARAM=JSON ...']
# All get the same 70 % of the rows, cached; seconds are those of fit alone, the least of N fits, in a session that five fits of
# made-up rows have warmed. One line a table:
#   table NAME rows=N features=F classes=K ours_accuracy=A ours_s=S epochs=E mlpc_accuracy=B mlpc_s=T ratio=T/S
#   sklearn_accuracy=C sklearn_s=U ms_per_step=M compute_ms_per_step=M steps=N scaler=yes plan="..."
# and at the end: tables geomean_ratio=G wins=W of N. A win is an accuracy no more than a standard error below MLlib's, at a ratio of 3.
# --raw gives everybody columns as they are, with texts and gaps, nothing set but the label (--set apart). One line a table:
#   raw NAME rows=N columns=C texts=T gaps=G ours_accuracy=A ours_s=S scaled_accuracy=B mlpc_accuracy=D mlpc_s=T boosting_accuracy=E
# where scaled is the Estimator of the same layers, and mlpc MLlib's perceptron, behind StringIndexer, OneHotEncoder, Imputer and
# StandardScaler, boosting scikit-learn's HistGradientBoosting; of numbers r2 in place of accuracy, against MLlib's GBTRegressor.
# DIR (data/tables) is filled by data-prep/tables.sh, which takes --extra. --scaler no gives the Estimator the columns as they are; --set
# sets Params of it, for trials: --set 'batchSize=500 optimizer="adam"'.
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/common.sh"
tables="" data=data/tables extra="" max_rows=0 seed=1 master='local[2]' scaler=yes params="" repeat=1 mllib=yes sklearn=yes raw=""
while (($#)); do
    case "$1" in
        --tables | --data | --extra | --max-rows | --seed | --master | --scaler | --repeat | --set)
            (($# > 1)) || { echo "error: $1: found nothing after it, expected a value" >&2; exit 2; }
            name="${1#--}"
            [ "$name" != set ] || name=params
            printf -v "${name//-/_}" '%s' "$2"
            shift 2
            ;;
        --skip-mllib) mllib=no; shift ;;
        --skip-sklearn) sklearn=no; shift ;;
        --raw) raw=--raw; shift ;;
        -h | --help) sed -n '2,17s/^# \{0,1\}//p' benchmarks/tables.sh; exit 0 ;;
        *) echo "error: tables.sh: found '$1', expected an option of tables.sh --help" >&2; exit 2 ;;
    esac
done
[[ "$repeat" =~ ^[1-9][0-9]*$ ]] || { echo "error: --repeat: found '$repeat', expected a number from 1" >&2; exit 2; }
[[ "$max_rows" =~ ^[0-9]+$ ]] || { echo "error: --max-rows: found '$max_rows', expected a number; 0 is all" >&2; exit 2; }
case "$scaler" in yes | no) ;; *) echo "error: --scaler: found '$scaler', expected yes or no" >&2; exit 2 ;; esac
data-prep/tables.sh "$data" ${tables:+--tables "$tables"} ${extra:+--extra "$extra"} $raw >&2
build_jobs
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
python="$data/.venv/bin/python"
# A core type that was forced for some older BLAS would slow the one of today's numpy.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
# shellcheck disable=SC2086 # names of tables are words
names="$("$python" benchmarks/tables.py split "$data${raw:+/raw}" "$scratch" "$seed" "$max_rows" $tables)"
[ "$sklearn" = no ] || "$python" benchmarks/tables.py versions >&2
if [ -n "$raw" ]; then
    # shellcheck disable=SC2086
    ETASTAR_DRIVER_MEMORY="${ETASTAR_DRIVER_MEMORY:-6g}" submit_benchmark "$master" RawTables "$scratch" "$mllib" \
        "$([ "$sklearn" = no ] || echo "$python")" "$params" $names
    exit
fi
# shellcheck disable=SC2086
ETASTAR_DRIVER_MEMORY="${ETASTAR_DRIVER_MEMORY:-6g}" submit_benchmark "$master" Tables "$scratch" "$scaler" "$mllib" \
    "$([ "$sklearn" = no ] || echo "$python")" "$params" "$repeat" $names
