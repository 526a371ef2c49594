// A training step written by hand over the matrix products of a BLAS library: what a programmer
// gets who writes the loop for one kind of network and leaves the products to others.
#ifndef NABLA_BENCH_TRAINING_BLAS_H_
#define NABLA_BENCH_TRAINING_BLAS_H_

#include <vector>

#include "bench/peer.h"

namespace nabla {

// One for every library that is installed: loop_openblas, loop_blis, loop_onednn.
std::vector<NamedPeer> BlasPeers();

}  // namespace nabla

#endif  // NABLA_BENCH_TRAINING_BLAS_H_
