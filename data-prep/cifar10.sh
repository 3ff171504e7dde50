#!/usr/bin/env bash
# Obtains CIFAR-10 and checks it: data-prep/cifar10.sh [TARBALL [DIR]] [--prepare OUT [options of jobs/prepare-data.sh]]
# TARBALL is the published cifar-10-binary.tar.gz (unpacked to data/cifar10-binary), or one of train/CLASS/*.jpg and test/CLASS/*.jpg
# (or .png, perhaps in one folder above; to data/cifar10). Without it the published one is downloaded.
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
usage="data-prep/cifar10.sh [TARBALL [DIR]] [--prepare OUT [options of jobs/prepare-data.sh]]"
address="${ETASTAR_CIFAR10_ADDRESS:-https://www.cs.toronto.edu/~kriz}/cifar-10-binary.tar.gz"
split_arguments "$@"
[ ${#given[@]} -le 2 ] || die "found '${given[2]}', expected $usage"
tarball="${given[0]:-}"
if [ -z "$tarball" ]; then
    tarball="$root/data/cifar-10-binary.tar.gz"
    [ -f "$tarball" ] || download "$address" "$tarball"
    check_sum md5sum c32a1d4ab5d03f1284b67883e8d87530 "$tarball"
fi
[ -f "$tarball" ] || die "$tarball: found no file, expected the published cifar-10-binary.tar.gz or a tar file of CIFAR-10 as images"
listing="$(tar -tf "$tarball" 2> /dev/null)" || die "$tarball: found a file that cannot be unpacked, expected a tar file"
binary=no
if grep -q 'data_batch_1\.bin$' <<< "$listing"; then binary=yes; fi
directory="${given[1]:-$root/data/cifar10}"
if [ $binary = yes ] && [ ${#given[@]} -lt 2 ]; then directory="$root/data/cifar10-binary"; fi
[ ! -e "$directory" ] || die "$directory: found something there, expected a new directory"
unpacked="$directory.unpacking"
rm -rf "$unpacked"
mkdir -p "$unpacked"
trap 'rm -rf "$unpacked"' EXIT
tar -xf "$tarball" -C "$unpacked" || die "$tarball: found a file that cannot be unpacked, expected a tar file"
if [ $binary = yes ]; then
    top="$(dirname "$(find "$unpacked" -name data_batch_1.bin -print -quit)")"
    for file in data_batch_{1..5}.bin test_batch.bin; do
        bytes="$(stat -c %s "$top/$file" 2> /dev/null || echo 0)"
        [ "$bytes" = 30730000 ] || die "$tarball: $file: found $bytes bytes, expected 30730000 (10000 records of 3073)"
    done
    mv "$top" "$directory"
    prepare cifar10 "$directory"
    exit 0
fi
top="$(find "$unpacked" -maxdepth 2 -type d -name train -print -quit)"
[ -n "$top" ] || die "$tarball: found no folder train, expected train/CLASS/*.jpg and test/CLASS/*.jpg"
top="$(dirname "$top")"
for set in train test; do
    classes="$(find "$top/$set" -mindepth 1 -maxdepth 1 -type d 2> /dev/null | wc -l)"
    [ "$classes" = 10 ] || die "$tarball: $set: found $classes folders, expected ten classes"
done
mv "$top" "$directory"
for set in train test; do
    echo "$directory/$set: $(find "$directory/$set" -type f | wc -l) images"
done
if [ -n "$output" ]; then prepare images "$directory"; fi
