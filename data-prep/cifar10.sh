#!/usr/bin/env bash
# Unpacks CIFAR-10 as image files and checks the counts: data-prep/cifar10.sh TARBALL [DIR], DIR by default data/cifar10.
# The tarball holds train/CLASS/*.jpg and test/CLASS/*.jpg (or .png), perhaps in one folder above.
set -euo pipefail
root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
die() {
    echo "error: $*" >&2
    exit 2
}
tarball="${1:-}"
directory="${2:-$root/data/cifar10}"
[ -n "$tarball" ] || die "found no TARBALL, expected data-prep/cifar10.sh TARBALL [DIR]: a tar file of train/CLASS/*.jpg and" \
    "test/CLASS/*.jpg, such as the sets of CIFAR-10 as image files that are offered for download; or put such folders into" \
    "$directory by hand"
[ -f "$tarball" ] || die "$tarball: found no file, expected a tar file of CIFAR-10 as images"
[ ! -e "$directory" ] || die "$directory: found something there, expected a new directory"
unpacked="$directory.unpacking"
rm -rf "$unpacked"
mkdir -p "$unpacked"
trap 'rm -rf "$unpacked"' EXIT
tar -xf "$tarball" -C "$unpacked" || die "$tarball: found a file that cannot be unpacked, expected a tar file"
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
