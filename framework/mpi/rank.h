// Which of several processes that were started together this one is.
#ifndef NABLA_FRAMEWORK_MPI_RANK_H_
#define NABLA_FRAMEWORK_MPI_RANK_H_

#include <cstddef>

namespace nabla {

struct Rank {
  size_t index = 0;
  size_t count = 1;
};

// As mpirun (OpenMPI, MPICH and its kin) or srun says in the environment; 0 of 1 without them.
Rank RankFromEnvironment();

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MPI_RANK_H_
