#!/usr/bin/env bash
# Searches for the keys of a job file that train best: jobs/tune.sh CONF --vary KEY=VALUES... [--search random|grid|genetic] [--trials N]
# [--population N] [--generations N] [--seeds N] [--measure M] [--validation-share X] [--set path=value]... [--master M] [--output DIR] [--resume]
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
submit io.etastar.jobs.Tune "$@"
