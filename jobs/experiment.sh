#!/usr/bin/env bash
# Runs a published experiment: jobs/experiment.sh NAME [--scale X] [--seeds N] [--optimizer O]... [--set path=value]...
# [--master M] [--output DIR] [--results DIR] [--again] [--figures DIR], and of kind workloads [--workload W]... [--batch B]...
# [--budget U]... [--held-out] or [--table FILE]
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
export ETASTAR_EXPERIMENTS="${ETASTAR_EXPERIMENTS:-$root/conf/experiments}"
export ETASTAR_CIFAR10="${ETASTAR_CIFAR10:-$root/data/cifar10}"
export ETASTAR_TABLES="${ETASTAR_TABLES:-$root/data/tables}"
export ETASTAR_CHARACTERS="${ETASTAR_CHARACTERS:-$root/data/characters.npz}"
export ETASTAR_RESULTS="${ETASTAR_RESULTS:-$root/docs/experiments}"
submit io.etastar.jobs.Experiment "$@"
