#!/usr/bin/env bash
# Tests the Python package as its users have it: python/test.sh [--spark VERSION] [--wheel FILE] [--only classic|connect] [--torch] [--environments]
#   [PYTEST ARGUMENTS]
#
# Builds the wheel (unless one is given), makes two virtual environments under target/python, one with pyspark and one with
# pyspark-client alone, installs the wheel in both, and runs python/tests in each: on a classic session, and over Spark Connect on a
# server that the first one starts. --torch installs PyTorch as well, some GB, and runs the tests of etastar.from_torch.
# --environments makes the environments, which needs no wheel, and nothing else.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

version=$(sed -n 's|.*<spark.version>\(.*\)</spark.version>.*|\1|p' pom.xml)
wheel=
only=
torch=()
only_environments=
while [ $# -gt 0 ]; do
    case $1 in
        --spark) version=$2; shift 2 ;;
        --only) only=$2; shift 2 ;;
        --torch) torch=(torch onnxscript); shift ;;
        --environments) only_environments=1; shift ;;
        --wheel) wheel=$(readlink -f "$2"); shift 2 ;;
        *) break ;;
    esac
done

# environment NAME PACKAGE...: a virtual environment, made anew if other packages are asked for
environment() {
    local home=target/python/$1-$version
    shift
    if [ "$(cat "$home/holds" 2> /dev/null)" != "$*" ]; then
        rm -rf "$home"
        python3 -m venv "$home"
        # What is never imported need not be compiled.
        "$home/bin/pip" install -q --no-compile --disable-pip-version-check "$@"
        echo "$*" > "$home/holds"
    fi
}

# PySpark 4 asks for pandas 2.
common=("pandas<3" pyarrow pytest pytest-xdist grpcio grpcio-status googleapis-common-protos zstandard)
# What the notebook, the pages and the types are tested with; ONNX has cases of its ops, too.
common+=(matplotlib nbclient nbconvert ipykernel onnx onnxruntime mypy "${torch[@]}")
# The newest of MLflow whose parts are all on PyPI.
common+=(mlflow==3.17.2)
environment classic "pyspark==$version" "${common[@]}"
# Spark gives workers of streams ten seconds for their imports: these are compiled before.
target/python/classic-"$version"/bin/python -c "import pyspark.sql.connect.streaming.worker.foreach_batch_worker"
# The client of this version, else the newest one of its minor version, else the newest one of all.
clients=$(pip index versions pyspark-client 2> /dev/null | sed -n 's/^Available versions: //p' | tr -d ',' | tr ' ' '\n')
client=$(grep -x "$version" <<< "$clients" || grep -m 1 "^${version%.*}\." <<< "$clients" || head -n 1 <<< "$clients")
[ -n "$client" ] || { echo "error: pip index versions pyspark-client: found none, expected versions" >&2; exit 1; }
environment client "pyspark-client==$client" "${common[@]}"
[ -z "$only_environments" ] || exit 0

if [ -z "$wheel" ]; then
    make -s wheel
    wheel=$(readlink -f target/dist/etastar-*.whl)
fi

for name in classic client; do
    home=target/python/$name-$version
    if [ "$(cat "$home/wheel" 2> /dev/null)" != "$(sha256sum "$wheel")" ]; then
        "$home/bin/pip" uninstall -q -y etastar 2> /dev/null
        "$home/bin/pip" install -q --disable-pip-version-check "$wheel"
        sha256sum "$wheel" > "$home/wheel"
    fi
done

# The notebook installs the wheel, too.
export SPARK_LOCAL_IP=127.0.0.1 ETASTAR_WHEEL=$wheel
unset SPARK_HOME SPARK_REMOTE PYTHONPATH
# C2 as late as in the tests of Maven.
export SPARK_SUBMIT_OPTS="${SPARK_SUBMIT_OPTS:-} $(sed -n '/<tests.compiler>/,/<.tests.compiler>/{s|</*tests.compiler>||g;p}' pom.xml | tr -s ' \n' ' ')"
[ "$only" != classic ] || exec target/python/classic-"$version"/bin/python -m pytest -q -rs python/tests "$@"

# Both kinds of sessions at once, the classic one's files in two processes, since each waits for its JVM half of the time; its lines come
# last. It has what the other one leaves: workers of streams need five of their ten seconds on a machine of their own.
started=()
trap 'kill "${started[@]}" 2> /dev/null || true' EXIT
if [ -z "$only" ]; then
    nice target/python/classic-"$version"/bin/python -m pytest -q -rs -n 2 --dist loadfile python/tests "$@" > target/python/classic.log 2>&1 &
    classic=$!
    started+=($classic)
fi
server=$PWD/target/python/server
mkdir -p "$server"
: > "$server/log"
home=$PWD/target/python/classic-$version
(
    cd "$server"
    # Functions of streams run in a Python of the server.
    PYSPARK_PYTHON=$home/bin/python SPARK_HOME=$(echo "$home"/lib/python3*/site-packages/pyspark) \
        exec "$home"/lib/python3*/site-packages/pyspark/bin/spark-submit --master 'local[2]' \
        --class org.apache.spark.sql.connect.service.SparkConnectServer --name etastar-tests \
        --jars "$("$home/bin/python" -m etastar)" --conf spark.connect.grpc.binding.port=0 \
        --conf spark.ui.enabled=false --conf spark.api.mode=classic spark-internal > log 2>&1
) &
serving=$!
started+=($serving)
port=
for _ in $(seq 120); do
    port=$(sed -n 's/.*Spark Connect server started at: .*:\([0-9]*\)$/\1/p' "$server/log")
    [ -n "$port" ] && break
    kill -0 $serving 2> /dev/null || { cat "$server/log" >&2; exit 1; }
    sleep 1
done
[ -n "$port" ] || { echo "error: found no Spark Connect server after two minutes, expected one; its log is $server/log" >&2; exit 1; }
echo "pyspark-client $client, Spark Connect"
failed=0
# Neither Java nor Spark's jars: what a user of a managed platform has.
PATH=$PWD/target/python/client-$version/bin:/usr/bin/env JAVA_HOME=/nonexistent SPARK_REMOTE=sc://localhost:$port \
    target/python/client-"$version"/bin/python -m pytest -q -rs python/tests "$@" || failed=1
if [ -z "$only" ]; then
    wait $classic || failed=1
    echo "pyspark $version, classic session"
    cat target/python/classic.log
fi
exit $failed
