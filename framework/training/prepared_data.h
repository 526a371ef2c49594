// The rows of a data set as an experiment trains on them.
#ifndef NABLA_FRAMEWORK_TRAINING_PREPARED_DATA_H_
#define NABLA_FRAMEWORK_TRAINING_PREPARED_DATA_H_

#include "framework/config/node.h"
#include "framework/model/dataset.h"
#include "framework/record/model_input.h"
#include "framework/spec/spec.h"

namespace nabla {

// Rows to train on, and how they were made from raw ones.
struct PreparedData : DataSplits {
  ModelInput input;
};

// Splits, selects and standardises loaded rows as the experiment asks, in the form that is fastest
// to train on. What looks wrong with them is added to the remarks. Throws InputError, placed at the
// data set in the file if that is faulty.
PreparedData PrepareData(const ExperimentHead& spec, DataSplits data);

// The same rows with their inputs, as a run of this number type gets them, for targets.
Samples AimedAtInputs(Dtype dtype, Samples samples);

// The settings that determine the result of PrepareData, for code that caches it.
Node DataConfig(const ExperimentHead& spec);
// Whether a key of an experiment, such as "split.seed", is one of these settings.
bool IsOfData(std::string_view key);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_PREPARED_DATA_H_
