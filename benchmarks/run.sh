#!/usr/bin/env bash
# Runs the JMH benchmarks with one engine thread: benchmarks/run.sh [JMH options, such as -p model=lenet or a class name]
set -euo pipefail
source "$(dirname "$(readlink -f "$0")")/common.sh"
build
run_java org.openjdk.jmh.Main "$@"
