#!/usr/bin/env bash
# Draws images with a run's image generator: jobs/draw.sh --model DIR --output FILE.png [--images N] [--seed N]
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
submit io.etastar.jobs.Draw "$@"
