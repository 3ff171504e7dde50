#!/usr/bin/env bash
# Evaluates the model of a run on the test set: jobs/evaluate.sh --model DIR [CONF] [--set path=value]... [--master M]
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
submit io.etastar.jobs.Evaluate "$@"
