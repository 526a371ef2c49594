// What rounding does to a training: the same run with neighbouring first weights.
#ifndef NABLA_FRAMEWORK_TRAINING_NUDGE_H_
#define NABLA_FRAMEWORK_TRAINING_NUDGE_H_

#include <cstdint>

#include "framework/engine/network.h"

namespace nabla {

// Moves each trained weight to the next larger or the next smaller number of its type, by chance.
// Weights that are 0 stay: their neighbours count as 0 too.
template <typename T>
void NudgeWeights(uint64_t seed, Network<T>* network);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_NUDGE_H_
