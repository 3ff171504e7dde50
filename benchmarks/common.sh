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
