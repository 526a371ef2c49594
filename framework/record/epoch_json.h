// One epoch's metrics as a line of JSON, the same in metrics.jsonl and in checkpoints.
#ifndef NABLA_FRAMEWORK_RECORD_EPOCH_JSON_H_
#define NABLA_FRAMEWORK_RECORD_EPOCH_JSON_H_

#include <string>
#include <vector>

#include "framework/engine/trainer.h"

namespace nabla {

// Omits the matrices. Numbers are read back to the last bit; those that are not finite are null.
std::string PrintEpoch(const EpochMetrics& metrics);

// One epoch per line; ignores a last line that is cut short. Throws InputError placed at `file`.
std::vector<EpochMetrics> ParseEpochs(const std::string& lines, const std::string& file);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_EPOCH_JSON_H_
