# What tests that start ranks share; to be sourced.

# Containers are root, have fewer cores than ranks, and may forbid reading another process's memory.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_btl_vader_single_copy_mechanism=none
unset XML_OUTPUT_FILE TEST_PREMATURE_EXIT_FILE  # all ranks would write them

fail() {
  printf '%s\n' "$@"
  exit 1
}
