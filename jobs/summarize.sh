#!/usr/bin/env bash
# Derivative summary of a model on given data: jobs/summarize.sh [CASE] --data D.npz --output OUT.json [...], see --help
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
submit io.etastar.jobs.Summarize "$@"
