// Ranks over MPI. Nobody but this folder's .cc files sees MPI's own header.
#ifndef NABLA_FRAMEWORK_MPI_MPI_RANKS_H_
#define NABLA_FRAMEWORK_MPI_MPI_RANKS_H_

#include <cstddef>
#include <memory>

#include "framework/engine/ranks.h"

namespace nabla {

// Starts MPI, once in a process; the end of what is returned ends it. Both wait for all ranks. A
// message has at most `message_bytes`, the same on all ranks. Over TCP OpenMPI sends long messages
// this way and that way in turns and short ones at once: with this size a swap takes half the time.
std::unique_ptr<Ranks> StartMpi(size_t message_bytes = size_t{1} << 18);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MPI_MPI_RANKS_H_
