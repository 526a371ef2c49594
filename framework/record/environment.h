// What a run's metrics and speed depend on beside its config.
#ifndef NABLA_FRAMEWORK_RECORD_ENVIRONMENT_H_
#define NABLA_FRAMEWORK_RECORD_ENVIRONMENT_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "framework/model/dataset.h"

namespace nabla {

// Key and value, in the order to be shown: version, compiler, system, CPU, cores, SIMD target,
// threads, ranks, when it began (UTC), and a checksum of the rows of each split.
using Environment = std::vector<std::pair<std::string, std::string>>;

Environment FindEnvironment(const DataSplits& data, size_t threads, size_t ranks = 1);

// 32 hex digits over all inputs and targets; "" for no rows.
std::string DataHash(const Samples& samples);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_ENVIRONMENT_H_
