# Shared by the benchmark scripts: builds once, runs a class of benchmarks/java on one thread or by spark-submit.
# shellcheck shell=bash
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

build() {
    mvn -B -q -Pbench -DskipTests -Dspotless.check.skip=true test-compile dependency:build-classpath \
        -Dmdep.includeScope=test -Dmdep.outputFile=target/classpath-bench.txt >&2
    export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}" OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
}

# run_java OPTIONS... CLASS ARGUMENTS...
run_java() {
    java --add-modules=jdk.incubator.vector -XX:+UseParallelGC \
        -cp "target/test-classes:target/classes:$(cat target/classpath-bench.txt)" "$@" \
        2> >(grep -v -e WARN -e SLF4J >&2)
}

# Builds jar and benchmarks, packs the latter for executors.
build_jobs() {
    (source jobs/common.sh && find_java && build)
    build
    jar --create --file target/etastar-benchmarks.jar -C target/test-classes io/etastar/benchmarks
}

# submit_benchmark MASTER CLASS ARGUMENTS...: by spark-submit, as jobs/*.sh start theirs; after build_jobs.
submit_benchmark() (
    source jobs/common.sh
    master="$1" class="$2"
    shift 2
    export ETASTAR_JARS="$jar"
    jar="$root/target/etastar-benchmarks.jar"
    submit "io.etastar.benchmarks.$class" --master "$master" "$@"
)

# since TIME: seconds since TIME, an earlier EPOCHREALTIME.
since() {
    awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }'
}

# fashion_options SCRIPT LINES ARGUMENTS...: sets data, master and seed, prints the script's comment up to line LINES for --help, and
# builds what the jobs need.
fashion_options() {
    local script="$1" lines="$2"
    shift 2
    data=/usr/share/datasets/fashion-mnist master='local[2]' seed=1
    while (($#)); do
        case "$1" in
            --data | --master | --seed)
                (($# > 1)) || { echo "error: $1: found nothing after it, expected a value" >&2; exit 2; }
                printf -v "${1#--}" '%s' "$2"
                shift 2
                ;;
            -h | --help) sed -n "2,${lines}s/^# \{0,1\}//p" "$script"; exit 0 ;;
            *) echo "error: ${script##*/}: found '$1', expected --data, --master or --seed" >&2; exit 2 ;;
        esac
    done
    [ -d "$data" ] || { echo "error: --data: found no directory $data, expected Fashion-MNIST's IDX files" >&2; exit 2; }
    build_jobs
    # What is made once for all jobs is made before the clock runs.
    jobs/train.sh --help > /dev/null
}
