#!/usr/bin/env bash
# Builds the emulated CUDA by g++: src/test/cuda/emulator/build.sh FOLDER [HASH], which gets libcuda.so.1, libnvrtc.so.12 and
# libcublas.so.12. HASH, a number, tells kernels compiled by it from those of other sources.
set -euo pipefail
sources="$(dirname "$(readlink -f "$0")")"
(($# > 0)) || { echo "error: build.sh: found no folder, expected one for the libraries" >&2; exit 2; }
mkdir -p "$1"
cd "$1"
hash="${2:-$(cat "$sources"/*.cpp "$sources"/*.h* | cksum | cut -d' ' -f1)}"
compile=(g++ -std=c++20 -O1 -fPIC -shared -Wall -Wextra -Werror)
"${compile[@]}" -o libcuda.so.1 "$sources"/{driver,memory,execution,recorder}.cpp -ldl -lpthread
"${compile[@]}" -o libnvrtc.so.12 "-DEMULATOR_HASH=$((hash & 0x7fffffff))" "-DEMULATOR_SOURCE=\"$sources\"" "$sources/nvrtc.cpp"
"${compile[@]}" -o libcublas.so.12 -O3 -fassociative-math -fno-signed-zeros -fno-trapping-math "$sources/cublas.cpp" \
    -L. -l:libcuda.so.1 '-Wl,-rpath,$ORIGIN'
