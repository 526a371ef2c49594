#!/usr/bin/env bash
# Ranks over MPI on 1, 2 and 4 of them, and how they start and end.
set -euo pipefail

# Containers are root, have fewer cores than ranks, and may forbid reading another process's memory.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_btl_vader_single_copy_mechanism=none
unset XML_OUTPUT_FILE TEST_PREMATURE_EXIT_FILE  # all ranks would write them
for ranks in 1 2 4; do
  mpirun -n "$ranks" tests/mpi/ranks_check
done

start=tests/mpi/start_check
expect() {  # expect WANTED COMMAND...: the lines in any order, then the exit code
  local output code=0
  output=$("${@:2}" 2>/dev/null) || code=$?
  output=$(sort <<<"$output"; echo "$code")
  [[ $output == "$1" ]] || { printf '%s\nprinted\n%s\nand not\n%s\n' "${*:2}" "$output" "$1"; exit 1; }
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
