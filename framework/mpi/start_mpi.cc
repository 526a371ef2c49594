#include "framework/base/error.h"
#include "framework/mpi/mpi_ranks.h"
#include "framework/mpi/rank.h"
#include "framework/mpi/start.h"

namespace nabla {

std::unique_ptr<Ranks> StartRanks() {
  const size_t started = RankFromEnvironment().count;
  if (started == 1) return nullptr;
  std::unique_ptr<Ranks> ranks = StartMpi();
  if (ranks->count() != started) {
    throw RunError(std::to_string(started) + " processes were started, but MPI connects " +
                   std::to_string(ranks->count()) +
                   ": start them with the mpirun of the MPI that nabla was built with, or with " +
                   "srun --mpi=pmix");
  }
  return ranks;
}

}  // namespace nabla
