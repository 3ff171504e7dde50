#!/usr/bin/env bash
# Trains a network: jobs/train.sh CONF [--set path=value]... [--master M] [--output DIR] [--resume]
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
submit io.etastar.jobs.Train "$@"
