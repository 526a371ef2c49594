// A training on disk, to go on exactly where it was: a safetensors file with the parameters, the
// optimizer's states and the order of the rows as tensors, everything else as metadata, and a
// checksum over all of it.
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
#include "framework/record/model_input.h"

namespace nabla {

// The names of a run folder's checkpoints.
inline constexpr const char* kLastCheckpoint = "checkpoint.safetensors";
inline constexpr const char* kBestCheckpoint = "best.safetensors";

// Replaces or makes `path`; a crash leaves the old file or the new one. `data` names the rows that
// were trained on, `input` says how they were made. Throws RunError; then the old file is as it
// was.
template <typename T>
void WriteCheckpoint(const std::string& path, const Node& config, const std::string& data,
                     const ModelInput& input, const Network<T>& network, Trainer<T>& trainer,
                     const FileCalls& calls = {});

// What a checkpoint says beside its tensors.
struct CheckpointHead {
  std::string config;  // the resolved YAML of its experiment
  std::string data;
  std::string weights_hash;
  int64_t steps = 0;
  int64_t epochs = 0;  // done
};

// Throws InputError placed at `path` for a file that is missing, damaged or no checkpoint.
CheckpointHead ReadCheckpointHead(const std::string& path);

// A larger file is none.
inline constexpr size_t kMostCheckpointBytes = size_t{1} << 36;

// Brings network and trainer to where they were. Throws InputError placed at `path` for a file that
// is missing, damaged, or of another experiment or other data; then both are as they were or unfit
// for use.
template <typename T>
void ReadCheckpoint(const std::string& path, const Node& config, const std::string& data,
                    Network<T>* network, Trainer<T>* trainer);
// The same from the bytes of the file, which `path` names in errors.
template <typename T>
void ReadCheckpoint(const std::string& path, std::span<const uint8_t> content, const Node& config,
                    const std::string& data, Network<T>* network, Trainer<T>* trainer);

// The parameters alone, of any checkpoint or model that has them in these shapes.
template <typename T>
void ReadParameters(const std::string& path, Network<T>* network);

// What a prediction needs beside the parameters.
struct ModelHead {
  std::string config;  // the resolved YAML of its experiment
  std::string data;
  ModelInput input;
};

// Of a checkpoint or a model. Throws InputError placed at `path` for a file that is missing,
// damaged or none of these.
ModelHead ReadModelHead(const std::string& path);

// A model: what a checkpoint holds, without what only training needs. The file's bytes.
template <typename T>
std::vector<uint8_t> WriteModel(const ModelHead& head, const Network<T>& network);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_RECORD_CHECKPOINT_H_
