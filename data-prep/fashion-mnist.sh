#!/usr/bin/env bash
# Installs Fashion-MNIST from Debian's package and checks its four files: data-prep/fashion-mnist.sh
set -euo pipefail
directory=/usr/share/datasets/fashion-mnist
if [ ! -d "$directory" ]; then
    command -v apt-get > /dev/null || {
        echo "error: found no apt-get, expected Debian or Ubuntu; elsewhere put the four IDX files into a directory and set data.path" >&2
        exit 2
    }
    apt-get install -y dataset-fashion-mnist
fi
(cd "$directory" && sha256sum --check --quiet -) << 'SUMS' || { echo "error: $directory: found other files than expected" >&2; exit 2; }
cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa  t10k-images-idx3-ubyte.gz
8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05  t10k-labels-idx1-ubyte.gz
b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7  train-images-idx3-ubyte.gz
0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056  train-labels-idx1-ubyte.gz
SUMS
echo "$directory"
