#!/usr/bin/env bash
# Writes the report of a run, or of several side by side, as one HTML file: jobs/report.sh RUN_DIR [OTHER_RUN]... [--output FILE]
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
submit io.etastar.jobs.Report "$@"
