#!/usr/bin/env bash
# Prints this machine's NVIDIA GPUs as Spark's resource discovery asks for them: {"name": "gpu", "addresses": ["0", "1"]}.
set -euo pipefail

addresses="$(nvidia-smi --query-gpu=index --format=csv,noheader | sed 's/.*/"&"/' | paste -sd, | sed 's/,/, /g')"
echo "{\"name\": \"gpu\", \"addresses\": [$addresses]}"
