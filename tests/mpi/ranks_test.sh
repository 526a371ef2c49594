#!/usr/bin/env bash
# Ranks over MPI on 1, 2 and 4 of them, and how they start and end.
set -euo pipefail

source tests/mpi/mpi.sh

for ranks in 1 2 4; do
  mpirun -n "$ranks" tests/mpi/ranks_check
done

start=tests/mpi/start_check
expect() {  # expect WANTED COMMAND...: the lines in any order, then the exit code
  local output code=0
  output=$("${@:2}" 2>/dev/null) || code=$?
  output=$(sort <<<"$output"; echo "$code")
  [[ $output == "$1" ]] || fail "${*:2}" printed "$output" 'and not' "$1"
}
host=$(uname -n)
expect $'alone\n0' "$start"
expect $'alone\n0' mpirun -n 1 "$start"
expect "rank 0 of 2 on $host"$'\n'"rank 1 of 2 on $host"$'\n0' mpirun -n 2 "$start"
# What is printed before Abort is not lost, nor is the exit code.
expect $'last words\n'"rank 0 of 2 on $host"$'\n'"rank 1 of 2 on $host"$'\n7' mpirun -n 2 "$start" 1
# Started by another MPI's mpirun.
expect 'error: 3 processes were started, but MPI connects 1: start them with the mpirun of the MPI that'\
' nabla was built with, or with srun --mpi=pmix'$'\n1' env PMI_RANK=1 PMI_SIZE=3 "$start"
