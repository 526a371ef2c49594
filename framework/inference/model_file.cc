#include "framework/inference/model_file.h"

#include <filesystem>

#include "framework/base/error.h"
#include "framework/training/training_run.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void Fail(const std::string& path, const std::string& what) {
  throw InputError(std::vector<Problem>{{{path}, what}});
}

template <typename T>
Model<T> Load(const std::string& file, ModelHead head, const Node& config,
              const Registry& registry) {
  Model<T> model{std::move(head), ParseExperiment<T>(config, registry), nullptr};
  std::vector<ListedLayer<T>> layers;
  for (const auto& layer : model.spec.model) layers.push_back({layer.object, layer.config.place});
  // The file's parameters replace those that it draws.
  const auto generator = MakeGenerator(RngKind::kNabla, 0);
  model.network = std::make_unique<Network<T>>(layers, model.head.input.shape, *generator);
  ReadParameters(file, model.network.get());
  if (model.head.input.sparse && model.network->takes_sparse_input()) {
    model.network->KeepSegmentSums();
  }
  return model;
}

}  // namespace

std::string FindModel(const std::string& path, bool best) {
  std::error_code error;
  if (!fs::exists(path, error)) Fail(path, "no such run folder or file");
  if (!fs::is_directory(path, error)) {
    if (best) Fail(path, "--best needs a run folder, but this is a file");
    return path;
  }
  const std::string file = path + "/" + (best ? kBestCheckpoint : kLastCheckpoint);
  if (fs::exists(file, error)) return file;
  Fail(path,
       best ? std::string("no ") + kBestCheckpoint +
                  " in this folder: `checkpoint: {best: test_loss}` in the experiment writes it"
            : std::string("no ") + kLastCheckpoint +
                  " in this folder: the run ended too early, or is one of many, which "
                  "write it only if `checkpoint:` says so");
}

Node ReadModelConfig(const std::string& file) {
  return ParseYaml(ReadModelHead(file).config, file);
}

AnyModel LoadModel(const std::string& file, const Registry& registry) {
  ModelHead head = ReadModelHead(file);
  const Node config = ParseYaml(head.config, file);
  if (DtypeOf(config) == Dtype::kFloat64) {
    return Load<double>(file, std::move(head), config, registry);
  }
  return Load<float>(file, std::move(head), config, registry);
}

}  // namespace nabla
