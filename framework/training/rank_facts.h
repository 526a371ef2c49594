// What ranks that train one model together must have in common.
#ifndef NABLA_FRAMEWORK_TRAINING_RANK_FACTS_H_
#define NABLA_FRAMEWORK_TRAINING_RANK_FACTS_H_

#include <string>

#include "framework/config/node.h"
#include "framework/engine/ranks.h"
#include "framework/model/dataset.h"

namespace nabla {

// Throws RanksFailed, which names the ranks, if their version, experiment, rows, initial weights or
// kernel results differ from the first rank's.
void CheckRanks(Ranks& ranks, const Node& config, const DataSplits& data,
                const std::string& weights_hash);

// 32 hex digits: a hash of what the kernels for products, functions and row sums compute from fixed
// numbers. It is the same on every processor that keeps the numeric contract, at any SIMD width.
std::string NumericFingerprint();

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_RANK_FACTS_H_
