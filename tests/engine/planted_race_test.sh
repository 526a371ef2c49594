#!/usr/bin/env bash
# ThreadSanitizer reports the race of planted_race.cc, at its line.
set -uo pipefail
report=$("$TEST_SRCDIR/nabla/tests/engine/planted_race" 2>&1) && { echo "no race was found"; exit 1; }
[[ $report == *'ThreadSanitizer: data race'*'planted_race.cc'* ]] || { echo "$report"; exit 1; }
