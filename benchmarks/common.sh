# Shared by the benchmark scripts: builds once, runs a class of benchmarks/java on one thread.
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
