// The training step in libtorch, as a user of its C++ interface writes it: F::linear, autograd, and
// the update in place.
#ifndef NABLA_BENCH_TRAINING_LIBTORCH_H_
#define NABLA_BENCH_TRAINING_LIBTORCH_H_

#include "bench/peer.h"

namespace nabla {

NamedPeer LibtorchPeer();

}  // namespace nabla

#endif  // NABLA_BENCH_TRAINING_LIBTORCH_H_
