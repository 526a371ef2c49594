// The state of a training on disk, from which it resumes exactly: a safetensors file with the
// parameters, the optimizer's states and the order of the rows as tensors, everything else as
// metadata, and a checksum over all of it.
#ifndef NABLA_FRAMEWORK_RECORD_CHECKPOINT_H_
#define NABLA_FRAMEWORK_RECORD_CHECKPOINT_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/engine/network.h"
#include "framework/engine/trainer.h"
#include "framework/formats/atomic_file.h"
#include "framework/formats/named_tensor.h"
#include "framework/record/model_input.h"

namespace nabla {

// The names of a run folder's checkpoints.
inline constexpr const char* kLastCheckpoint = "checkpoint.safetensors";
inline constexpr const char* kBestCheckpoint = "best.safetensors";
// The best one without an evaluation that a run with more epochs does not make; only where that is
// another one.
inline constexpr const char* kDueBestCheckpoint = "best_due.safetensors";

// Creates or replaces `path`; a crash leaves either the old file or the new one. `data` names the
// training rows, `input` says how they were made. Throws RunError and then leaves the old file
// unchanged.
template <typename T>
void WriteCheckpoint(const std::string& path, const Node& config, const std::string& data,
                     const ModelInput& input, const Network<T>& network, Trainer<T>& trainer,
                     const FileCalls& calls = {});

// Keeps the run folder's best checkpoint, if it has one, as kDueBestCheckpoint, and makes that the
// best one again, if there is one. Throw RunError.
void SetBestAside(const std::string& folder);
void TakeBestBack(const std::string& folder);

// The file that `path` names: itself, or the last checkpoint of a run folder, or with `best` its
// best one. Throws InputError placed at `path` if there is none.
std::string FindModel(const std::string& path, bool best);

// What a checkpoint contains besides its tensors.
struct CheckpointHead {
  std::string config;  // the resolved YAML of its experiment
  std::string data;
  std::string weights_hash;
  int64_t steps = 0;
  int64_t epochs = 0;  // completed
};

// Throws InputError placed at `path` for a file that is missing, damaged or not a checkpoint.
CheckpointHead ReadCheckpointHead(const std::string& path);

// A larger file is refused as not a checkpoint.
inline constexpr size_t kMostCheckpointBytes = size_t{1} << 36;

// Restores the state of network and trainer; returns the train.epochs that the checkpoint was
// written for. An experiment that only has more epochs counts as the same. Throws InputError placed
// at `path` for a file that is missing, damaged, or from another experiment or other data; then
// both are unchanged or unusable.
template <typename T>
int64_t ReadCheckpoint(const std::string& path, const Node& config, const std::string& data,
                       Network<T>* network, Trainer<T>* trainer);
// The same from the file's bytes; errors name `path`.
template <typename T>
int64_t ReadCheckpoint(const std::string& path, std::span<const uint8_t> content,
                       const Node& config, const std::string& data, Network<T>* network,
                       Trainer<T>* trainer);

// Reads only the parameters, from any checkpoint or model that has them in these shapes.
template <typename T>
void ReadParameters(const std::string& path, Network<T>* network);

// The parameters of a checkpoint or a model.
struct StoredParameters {
  std::string weights_hash;
  std::vector<NamedTensor> tensors;
};

// Throws what ReadModelHead throws.
StoredParameters ReadStoredParameters(const std::string& path);

// What a prediction needs besides the parameters.
struct ModelHead {
  std::string config;  // the resolved YAML of its experiment
  std::string data;
  ModelInput input;
};

// The head of a checkpoint or a model. Throws InputError placed at `path` for a file that is
// missing, damaged or neither of the two.
ModelHead ReadModelHead(const std::string& path);

// The bytes of a model file: a checkpoint without what only training needs.
template <typename T>
std::vector<uint8_t> WriteModel(const ModelHead& head, const Network<T>& network);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_CHECKPOINT_H_
