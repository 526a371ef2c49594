// Ranks over MPI. Only the .cc files of this folder include MPI's own header.
#ifndef NABLA_FRAMEWORK_MPI_MPI_RANKS_H_
#define NABLA_FRAMEWORK_MPI_MPI_RANKS_H_

#include <cstddef>
#include <memory>

#include "framework/engine/ranks.h"

namespace nabla {

// Starts MPI, at most once per process; destroying the result ends MPI. Both wait for all ranks. A
// message has at most `message_bytes`, which must be the same on all ranks. A swap sends all of its
// messages at once, since OpenMPI over TCP sends two long messages, one in each direction, one
// after the other, which takes twice the time.
std::unique_ptr<Ranks> StartMpi(size_t message_bytes = size_t{1} << 18);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MPI_MPI_RANKS_H_
