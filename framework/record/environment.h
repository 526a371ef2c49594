// What a run's metrics and speed depend on besides its config.
#ifndef NABLA_FRAMEWORK_RECORD_ENVIRONMENT_H_
#define NABLA_FRAMEWORK_RECORD_ENVIRONMENT_H_

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "framework/model/dataset.h"

namespace nabla {

// Keys and values in display order: version, compiler, system, CPU, cores, SIMD target, threads,
// ranks, start time (UTC), and a checksum of the rows of each split.
using Environment = std::vector<std::pair<std::string, std::string>>;

// What a run computes from beside its config: checksums of the rows of each split, of each plugin
// library and of the weights that it starts from, by their keys in environment.json.
using RunInputs = std::vector<std::pair<std::string, std::string>>;

// `libraries`: the checksum of each library by its file name.
RunInputs InputsOf(const DataSplits& data, const std::map<std::string, std::string>& libraries);

Environment FindEnvironment(const RunInputs& inputs, size_t threads, size_t ranks = 1);

// The checksums of the rows of each split, as one text; "" if the environment does not say them.
std::string RowsOf(const Environment& environment);

// A hash of all inputs and targets as 32 hex digits; "" if there are no rows.
std::string DataHash(const Samples& samples);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_ENVIRONMENT_H_
