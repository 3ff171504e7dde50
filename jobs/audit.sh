#!/usr/bin/env bash
# Judges the learning rate of a job: jobs/audit.sh JOB.conf [--set path=value]... [--model DIR] [--output OUT.json], see --help
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
submit io.etastar.jobs.Audit "$@"
