#!/usr/bin/env bash
# Make and verify the poses of a caption file: examples/run_10k.sh CAPTIONS OUT [options of posepipe run]
set -euo pipefail
posepipe run "$1" --final-dir "$2" "${@:3}"
posepipe verify "$2"
