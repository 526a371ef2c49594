// Ranks over MPI. Nobody but this folder's .cc files sees MPI's own header.
#ifndef NABLA_FRAMEWORK_MPI_MPI_RANKS_H_
#define NABLA_FRAMEWORK_MPI_MPI_RANKS_H_

#include <cstddef>
#include <memory>

#include "framework/engine/ranks.h"

namespace nabla {

// Starts MPI, once in a process; the end of what is returned ends it. Both wait for all ranks. A
// message has at most `message_bytes`, the same on all ranks; a swap has all of its messages under
// way at once. Over TCP OpenMPI sends two long ones in turns, this way and that way, which takes
// twice the time.
std::unique_ptr<Ranks> StartMpi(size_t message_bytes = size_t{1} << 18);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MPI_MPI_RANKS_H_
