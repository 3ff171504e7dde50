#!/usr/bin/env bash
# Converts models to and from .npz, SameDiff and ONNX: jobs/convert.sh --to FORMAT --model DIR --output FILE
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
submit io.etastar.jobs.Convert "$@"
