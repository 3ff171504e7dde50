#!/usr/bin/env bash
# Obtains MNIST and checks its files: data-prep/mnist.sh [DIR] [--prepare OUT [options of jobs/prepare-data.sh]]
# DIR holds the files, or gets them by download; by default data/mnist. One that holds the t10k files alone will do for these.
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
usage="data-prep/mnist.sh [DIR with the four .gz files] [--prepare OUT [options of jobs/prepare-data.sh]]"
address="${ETASTAR_MNIST_ADDRESS:-https://ossci-datasets.s3.amazonaws.com/mnist}"
split_arguments "$@"
[ ${#given[@]} -le 1 ] || die "found '${given[1]}', expected $usage"
directory="${given[0]:-$root/data/mnist}"
checked=0
while read -r sum file; do
    case "$file" in
        train-*) [ ! -f "$directory/t10k-images-idx3-ubyte.gz" ] || [ -f "$directory/train-images-idx3-ubyte.gz" ] || continue ;;
    esac
    [ -f "$directory/$file" ] || download "$address/$file" "$directory/$file"
    check_sum md5sum "$sum" "$directory/$file"
    checked=$((checked + 1))
done << 'SUMS'
f68b3c2dcbeaaa9fbdd348bbdeb94873 train-images-idx3-ubyte.gz
d53e105ee54ea40749a09fcbcd1e9432 train-labels-idx1-ubyte.gz
9fb629c4189551a2d022fa330f9573f3 t10k-images-idx3-ubyte.gz
ec29112dd5afa0611ce80d1b7f02629c t10k-labels-idx1-ubyte.gz
SUMS
echo "checked $checked files" >&2
prepare idx "$directory"
