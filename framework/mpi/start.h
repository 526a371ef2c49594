// How several processes that were started together find each other.
#ifndef NABLA_FRAMEWORK_MPI_START_H_
#define NABLA_FRAMEWORK_MPI_START_H_

#include <memory>

#include "framework/engine/ranks.h"

namespace nabla {

// The ranks that mpirun or srun started, or null where this process runs alone or nabla was built
// without MPI (no --config=mpi). Called once; every rank destroys it or calls Abort: whoever
// destroys it waits for the others. Throws RunError if MPI does not know what the environment says.
std::unique_ptr<Ranks> StartRanks();

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MPI_START_H_
