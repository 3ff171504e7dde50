#!/usr/bin/env bash
# Writes data as Parquet files with a manifest: jobs/prepare-data.sh FORMAT [PATH] --output DIR [--split T,V,E] [...], see --help
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
submit io.etastar.jobs.PrepareData "$@"
