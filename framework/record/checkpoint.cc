#include "framework/record/checkpoint.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "framework/data/disk.h"
#include "framework/formats/named_tensor.h"
#include "framework/formats/safetensors.h"
#include "framework/record/epoch_json.h"
#include "framework/record/json_number.h"
#include "framework/record/same_run.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr const char* kFormat = "nabla checkpoint 1";
constexpr const char* kModelFormat = "nabla model 1";
constexpr const char* kInputMean = "input.mean";
constexpr const char* kInputStd = "input.std";
constexpr const char* kChecksum = "checksum";

[[noreturn]] void Fail(const std::string& path, const std::string& what) {
  throw InputError(std::vector<Problem>{{{path}, what}});
}

std::string StateName(const std::string& parameter, size_t state) {
  return fmt::format("optimizer.{}.{}", parameter, state);
}

template <typename N>
Matrix<const N> OneRow(const std::vector<N>& values) {
  return {values.data(), 1, values.size(), values.size()};
}

template <typename N>
NamedTensor PackMatrix(const std::string& name, const Matrix<const N>& values) {
  return PackTensor(name, {values.rows, values.cols}, values);
}

template <typename T>
void AddParameters(const Network<T>& network, SafetensorsFile* file) {
  for (const Parameter<T>& parameter : network.parameters()) {
    file->tensors.push_back(PackMatrix<T>(parameter.name, parameter.value.view()));
  }
}

template <typename T>
void AddStates(const Network<T>& network, Trainer<T>& trainer, SafetensorsFile* file) {
  const auto& states = trainer.step().states();
  for (size_t p = 0; p < network.parameters().size(); ++p) {
    for (size_t s = 0; s < states[p].size(); ++s) {
      const std::string name = StateName(network.parameters()[p].name, s);
      file->tensors.push_back(PackMatrix<T>(name, states[p][s].view()));
    }
  }
}

void AddInput(const ModelInput& input, SafetensorsFile* file) {
  file->metadata["input"] = PrintInput(input);
  if (input.moments.mean.empty()) return;
  file->tensors.push_back(PackTensor(kInputMean, input.shape.dims, OneRow(input.moments.mean)));
  file->tensors.push_back(PackTensor(kInputStd, input.shape.dims, OneRow(input.moments.std)));
}

void AddPosition(const TrainingState& state, SafetensorsFile* file) {
  const std::vector<int32_t> order(state.order.begin(), state.order.end());
  file->tensors.push_back(PackTensor("order", {order.size()}, OneRow(order)));
  file->tensors.push_back(
      PackTensor("generator", {state.generator.size()}, OneRow(state.generator)));
  Json position = {{"steps", state.steps},       {"batches", state.batches},
                   {"loss_sum", state.loss_sum}, {"accuracy_sum", state.accuracy_sum},
                   {"rows", state.rows},         {"seconds", state.seconds}};
  if (state.loss_weight) position["loss_weight"] = *state.loss_weight;
  for (const auto& [name, norm] : state.gradient_norms) {
    position["gradient_norms"].push_back({name, norm});
  }
  file->metadata["position"] = position.dump();
  for (const EpochMetrics& metrics : state.history) {
    file->metadata["history"] += PrintEpoch(metrics) + "\n";
  }
}

Bytes ReadBytes(const std::string& path) {
  std::optional<Bytes> bytes = ReadFile(path, kMostCheckpointBytes);
  if (!bytes) Fail(path, "no such checkpoint");
  return std::move(*bytes);
}

// Parses a checkpoint or a model, and throws InputError unless its checksum matches.
SafetensorsFile Verified(const std::string& path, std::span<const uint8_t> content) {
  SafetensorsFile file = ReadSafetensors(content, path);
  const auto format = file.metadata.find("format");
  if (format == file.metadata.end() ||
      (format->second != kFormat && format->second != kModelFormat)) {
    Fail(path, fmt::format("not a checkpoint: its metadata has no format \"{}\"", kFormat));
  }
  if (file.metadata[kChecksum] != ContentHash(file, kChecksum)) {
    Fail(path, "damaged: its checksum does not match its contents");
  }
  return file;
}

SafetensorsFile ReadWhole(const std::string& path) {
  return Verified(path, ReadBytes(path).span());
}

const std::string& Metadata(const SafetensorsFile& file, const char* key, const std::string& path) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end()) Fail(path, fmt::format("its metadata has no \"{}\"", key));
  return found->second;
}

const NamedTensor& Tensor(const SafetensorsFile& file, const std::string& name,
                          const std::string& path) {
  for (const NamedTensor& tensor : file.tensors) {
    if (tensor.name == name) return tensor;
  }
  Fail(path, "it has no tensor \"" + name + "\"");
}

template <typename N>
std::vector<N> Values(const SafetensorsFile& file, const std::string& name,
                      const std::string& path) {
  const NamedTensor& tensor = Tensor(file, name, path);
  std::vector<N> values(tensor.bytes.size() / sizeof(N));
  UnpackTensor<N>(tensor, {values.data(), 1, values.size(), values.size()}, path);
  return values;
}

ModelInput InputFrom(const SafetensorsFile& file, const std::string& path) {
  ModelInput input = ParseInput(Metadata(file, "input", path), path);
  for (const NamedTensor& tensor : file.tensors) {
    if (tensor.name == kInputMean) input.moments.mean = Values<double>(file, kInputMean, path);
    if (tensor.name == kInputStd) input.moments.std = Values<double>(file, kInputStd, path);
  }
  const size_t wanted = input.moments.mean.empty() ? 0 : input.shape.size();
  if (input.moments.mean.size() != wanted || input.moments.std.size() != wanted) {
    Fail(path, "its means and standard deviations are not one for each input");
  }
  return input;
}

TrainingState PositionFrom(const SafetensorsFile& file, const std::string& path) {
  TrainingState state;
  for (const int32_t row : Values<int32_t>(file, "order", path)) {
    state.order.push_back(static_cast<uint32_t>(row));
  }
  state.generator = Values<uint8_t>(file, "generator", path);
  try {
    const Json json = Json::parse(Metadata(file, "position", path));
    state.steps = Whole(json.at("steps"));
    state.batches = Whole(json.at("batches"));
    state.loss_sum = json.at("loss_sum");
    state.loss_weight.reset();
    if (json.contains("loss_weight")) state.loss_weight = json.at("loss_weight").get<double>();
    state.accuracy_sum = json.at("accuracy_sum");
    state.rows = Whole(json.at("rows"));
    state.seconds = json.at("seconds");
    for (const Json& norm : json.value("gradient_norms", Json::array())) {
      state.gradient_norms.emplace_back(norm.at(0), NumberFrom(norm.at(1)));
    }
  } catch (const std::exception& e) {
    Fail(path, std::string("its position cannot be read: ") + e.what());
  }
  if (const auto history = file.metadata.find("history"); history != file.metadata.end()) {
    state.history = ParseEpochs(history->second, path);
  }
  return state;
}

template <typename T>
void FillParameters(const SafetensorsFile& file, const std::string& path, Network<T>* network) {
  for (size_t p = 0; p < network->parameters().size(); ++p) {
    const Parameter<T>& parameter = network->parameters()[p];
    const Matrix<T> value = parameter.value.view();
    const NamedTensor& tensor = Tensor(file, parameter.name, path);
    if (tensor.shape != std::vector<size_t>{value.rows, value.cols}) {
      Fail(path, fmt::format("{} is {}, but the model has [{}, {}]", parameter.name,
                             TypeAndShape(tensor.dtype, tensor.shape), value.rows, value.cols));
    }
    UnpackTensor<T>(tensor, value, path);
    network->Mirror(p, 0, value.rows);
  }
}

void CheckSameExperiment(const SafetensorsFile& file, const Node& config, const std::string& data,
                         const std::string& path) {
  const std::string& text = Metadata(file, "config", path);
  if (text != PrintYaml(config)) {
    const auto differences = Differences(ParseYaml(text, path), config, true);
    if (!differences.empty()) {
      Fail(path,
           fmt::format("a checkpoint of another experiment: {}", fmt::join(differences, ", ")));
    }
  }
  if (Metadata(file, "data", path) != data) {
    Fail(path, fmt::format("it was trained on {}, but this run has {}",
                           Metadata(file, "data", path), data));
  }
}

}  // namespace

template <typename T>
void WriteCheckpoint(const std::string& path, const Node& config, const std::string& data,
                     const ModelInput& input, const Network<T>& network, Trainer<T>& trainer,
                     const FileCalls& calls) {
  SafetensorsFile file;
  AddParameters(network, &file);
  AddStates(network, trainer, &file);
  AddInput(input, &file);
  AddPosition(trainer.state(), &file);
  file.metadata["format"] = kFormat;
  file.metadata["config"] = PrintYaml(config);
  file.metadata["data"] = data;
  file.metadata["weights_hash"] = network.Hash();
  file.metadata[kChecksum] = ContentHash(file, kChecksum);
  WriteFileAtomically(path, WriteSafetensors(file), calls);
}

// A link, where the file system has them, so that there is a best one whenever the process ends.
void SetBestAside(const std::string& folder) {
  const std::string best = folder + "/" + kBestCheckpoint;
  const std::string aside = folder + "/" + kDueBestCheckpoint;
  std::error_code error;
  std::filesystem::remove(aside, error);
  if (!std::filesystem::exists(best)) return;
  std::filesystem::create_hard_link(best, aside, error);
  if (error) std::filesystem::rename(best, aside, error);
  if (error) throw RunError("cannot write " + aside + ": " + error.message());
}

void TakeBestBack(const std::string& folder) {
  const std::string aside = folder + "/" + kDueBestCheckpoint;
  std::error_code error;
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(aside, error))) return;
  std::filesystem::rename(aside, folder + "/" + kBestCheckpoint, error);
  if (error) throw RunError("cannot rename " + aside + ": " + error.message());
}

std::string FindModel(const std::string& path, bool best) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) Fail(path, "no such run folder or file");
  if (!std::filesystem::is_directory(path, error)) {
    if (best) Fail(path, "--best needs a run folder, but this is a file");
    return path;
  }
  const std::string file = path + "/" + (best ? kBestCheckpoint : kLastCheckpoint);
  if (std::filesystem::exists(file, error)) return file;
  Fail(path,
       best ? std::string("no ") + kBestCheckpoint +
                  " in this folder: `checkpoint: {best: test_loss}` in the experiment writes it"
            : std::string("no ") + kLastCheckpoint +
                  " in this folder: the run ended too early, or is one of many, which "
                  "write it only if `checkpoint:` says so");
}

CheckpointHead ReadCheckpointHead(const std::string& path) {
  const SafetensorsFile file = ReadWhole(path);
  const TrainingState state = PositionFrom(file, path);
  return {.config = Metadata(file, "config", path),
          .data = Metadata(file, "data", path),
          .weights_hash = Metadata(file, "weights_hash", path),
          .steps = state.steps,
          .epochs = static_cast<int64_t>(state.history.size())};
}

template <typename T>
int64_t ReadCheckpoint(const std::string& path, const Node& config, const std::string& data,
                       Network<T>* network, Trainer<T>* trainer) {
  return ReadCheckpoint(path, ReadBytes(path).span(), config, data, network, trainer);
}

template <typename T>
int64_t ReadCheckpoint(const std::string& path, std::span<const uint8_t> content,
                       const Node& config, const std::string& data, Network<T>* network,
                       Trainer<T>* trainer) {
  const SafetensorsFile file = Verified(path, content);
  CheckSameExperiment(file, config, data, path);
  const TrainingState state = PositionFrom(file, path);
  FillParameters(file, path, network);
  auto& states = trainer->step().states();
  for (size_t p = 0; p < states.size(); ++p) {
    for (size_t s = 0; s < states[p].size(); ++s) {
      const std::string name = StateName(network->parameters()[p].name, s);
      UnpackTensor<T>(Tensor(file, name, path), states[p][s].view(), path);
    }
  }
  try {
    trainer->Restore(state);
  } catch (const InputError& e) {
    Fail(path, e.problems().front().message);
  }
  if (network->Hash() != Metadata(file, "weights_hash", path)) {
    Fail(path, "the weights do not match the hash that was written with them");
  }
  return EpochsOf(ParseYaml(Metadata(file, "config", path), path));
}

template <typename T>
void ReadParameters(const std::string& path, Network<T>* network) {
  FillParameters(ReadWhole(path), path, network);
}

// The names of parameters begin with the position of their layer.
StoredParameters ReadStoredParameters(const std::string& path) {
  SafetensorsFile file = ReadWhole(path);
  std::erase_if(file.tensors, [](const NamedTensor& tensor) {
    return tensor.name.empty() || tensor.name[0] < '0' || tensor.name[0] > '9';
  });
  return {Metadata(file, "weights_hash", path), std::move(file.tensors)};
}

ModelHead ReadModelHead(const std::string& path) {
  const SafetensorsFile file = ReadWhole(path);
  return {.config = Metadata(file, "config", path),
          .data = Metadata(file, "data", path),
          .input = InputFrom(file, path)};
}

template <typename T>
std::vector<uint8_t> WriteModel(const ModelHead& head, const Network<T>& network) {
  SafetensorsFile file;
  AddParameters(network, &file);
  AddInput(head.input, &file);
  file.metadata["format"] = kModelFormat;
  file.metadata["config"] = head.config;
  file.metadata["data"] = head.data;
  file.metadata["weights_hash"] = network.Hash();
  file.metadata[kChecksum] = ContentHash(file, kChecksum);
  return WriteSafetensors(file);
}

template void WriteCheckpoint(const std::string&, const Node&, const std::string&,
                              const ModelInput&, const Network<float>&, Trainer<float>&,
                              const FileCalls&);
template void WriteCheckpoint(const std::string&, const Node&, const std::string&,
                              const ModelInput&, const Network<double>&, Trainer<double>&,
                              const FileCalls&);
template std::vector<uint8_t> WriteModel(const ModelHead&, const Network<float>&);
template std::vector<uint8_t> WriteModel(const ModelHead&, const Network<double>&);
#define NABLA_INSTANTIATE(T)                                                                 \
  template int64_t ReadCheckpoint(const std::string&, const Node&, const std::string&,       \
                                  Network<T>*, Trainer<T>*);                                 \
  template int64_t ReadCheckpoint(const std::string&, std::span<const uint8_t>, const Node&, \
                                  const std::string&, Network<T>*, Trainer<T>*);
NABLA_INSTANTIATE(float)
NABLA_INSTANTIATE(double)
#undef NABLA_INSTANTIATE
template void ReadParameters(const std::string&, Network<float>*);
template void ReadParameters(const std::string&, Network<double>*);

}  // namespace nabla
