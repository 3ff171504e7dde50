#!/usr/bin/env bash
# Runs the JMH benchmarks with one engine thread: benchmarks/run.sh [JMH options, such as -p model=lenet or a class name]
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
mvn -B -q -Pbench -DskipTests -Dspotless.check.skip=true test-compile dependency:build-classpath \
    -Dmdep.includeScope=test -Dmdep.outputFile=target/classpath-bench.txt >&2
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
exec java --add-modules=jdk.incubator.vector -cp "target/test-classes:target/classes:$(cat target/classpath-bench.txt)" org.openjdk.jmh.Main "$@"
