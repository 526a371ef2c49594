// What ranks that train one model together must have in common.
#ifndef NABLA_FRAMEWORK_TRAINING_RANK_FACTS_H_
#define NABLA_FRAMEWORK_TRAINING_RANK_FACTS_H_

#include <string>

#include "framework/config/node.h"
#include "framework/engine/ranks.h"
#include "framework/model/dataset.h"

namespace nabla {

// Throws RanksFailed, which names the ranks, where the version, the experiment, the rows, the first
// weights or what the kernels make of numbers differ from the first rank's.
void CheckRanks(Ranks& ranks, const Node& config, const DataSplits& data,
                const std::string& weights_hash);

// 32 hex digits over what the kernels of products, functions and row sums make of fixed numbers:
// the same on every processor that keeps the numeric contract, at any SIMD width.
std::string NumericFingerprint();

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_RANK_FACTS_H_
