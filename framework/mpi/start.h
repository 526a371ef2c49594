// Connects processes that were started together.
#ifndef NABLA_FRAMEWORK_MPI_START_H_
#define NABLA_FRAMEWORK_MPI_START_H_

#include <memory>

#include "framework/engine/ranks.h"

namespace nabla {

// The ranks that mpirun or srun started, or null if this process runs alone or nabla was built
// without MPI (no --config=mpi). Call it once. Every rank must destroy the result, which waits for
// the other ranks, or call Abort. Throws RunError if MPI and the environment disagree about the
// number of processes.
std::unique_ptr<Ranks> StartRanks();

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MPI_START_H_
