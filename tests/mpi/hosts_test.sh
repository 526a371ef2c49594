#!/usr/bin/env bash
# Ranks over MPI on two hosts.
set -euo pipefail

source tests/mpi/mpi.sh

hosts=tests/mpi/hosts.sh
output=$("$hosts" -n 4 tests/mpi/start_check)
if [[ $output == SKIPPED* ]]; then
  echo "$output"
  exit 0
fi
wanted=$'rank 0 of 4 on host-a\nrank 1 of 4 on host-b\nrank 2 of 4 on host-a\nrank 3 of 4 on host-b'
[[ $(sort <<<"$output") == "$wanted" ]] || fail "not all ranks are there: $output"
for ranks in 2 4; do
  "$hosts" -n "$ranks" tests/mpi/ranks_check
done
