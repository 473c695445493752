#!/usr/bin/env bash
# Make a pose for every caption of a file. Usage: examples/run_10k.sh CAPTIONS [options of posepipe run]
set -euo pipefail
posepipe run "$@" --final-dir SinglePose
posepipe verify SinglePose
