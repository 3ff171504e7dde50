#!/usr/bin/env bash
# Obtains Fashion-MNIST and checks its four files: data-prep/fashion-mnist.sh [DIR] [--prepare OUT [options of jobs/prepare-data.sh]]
# DIR holds the files, or gets them by download; without DIR they are those of Debian's package, which is installed where apt-get is.
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
usage="data-prep/fashion-mnist.sh [DIR with the four .gz files] [--prepare OUT [options of jobs/prepare-data.sh]]"
address="${ETASTAR_FASHION_MNIST_ADDRESS:-http://fashion-mnist.s3-website.eu-central-1.amazonaws.com}"
split_arguments "$@"
[ ${#given[@]} -le 1 ] || die "found '${given[1]}', expected $usage"
directory="${given[0]:-/usr/share/datasets/fashion-mnist}"
if [ ${#given[@]} -eq 0 ] && [ ! -d "$directory" ]; then
    if ! command -v apt-get > /dev/null || ! apt-get install -y -q dataset-fashion-mnist >&2; then
        directory="$root/data/fashion-mnist"
    fi
fi
# Of the content: packages compress the same bytes in their own ways.
while read -r sum file; do
    [ -f "$directory/$file" ] || download "$address/$file" "$directory/$file"
    check_content "$sum" "$directory/$file"
done << 'SUMS'
c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888 train-images-idx3-ubyte.gz
bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9 train-labels-idx1-ubyte.gz
5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b t10k-images-idx3-ubyte.gz
0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34 t10k-labels-idx1-ubyte.gz
SUMS
prepare idx "$directory"
