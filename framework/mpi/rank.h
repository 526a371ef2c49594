// This process's index among processes that were started together.
#ifndef NABLA_FRAMEWORK_MPI_RANK_H_
#define NABLA_FRAMEWORK_MPI_RANK_H_

#include <cstddef>

namespace nabla {

struct Rank {
  size_t index = 0;
  size_t count = 1;
};

// What mpirun (of OpenMPI, MPICH or its relatives) or srun sets in the environment; 0 of 1 without
// them.
Rank RankFromEnvironment();

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MPI_RANK_H_
