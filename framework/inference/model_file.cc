#include "framework/inference/model_file.h"

#include <filesystem>
#include <initializer_list>
#include <string_view>

#include "framework/base/error.h"
#include "framework/base/file_name.h"
#include "framework/training/training_run.h"

namespace nabla {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void Fail(const std::string& path, const std::string& what) {
  throw InputError(std::vector<Problem>{{{path}, what}});
}

// Adds how many numbers the parameters of the layers are, for rows of *shape, which becomes that of
// their output. In floating point, for sizes that no integer holds.
template <typename T>
void CountParameters(const std::vector<std::shared_ptr<const Layer<T>>>& layers, Shape* shape,
                     double* numbers) {
  for (const auto& layer : layers) {
    const LayerPaths<T> inside = layer->Inside();
    for (const LayerPath<T>& path : inside.list) {
      Shape inner = *shape;
      CountParameters<T>(path.layers, &inner, numbers);
    }
    Declaration<T> declaration;
    if (inside.list.empty()) layer->Declare(*shape, &declaration);
    for (const ParameterSpec<T>& spec : declaration.parameters) {
      *numbers += static_cast<double>(spec.rows) * static_cast<double>(spec.cols);
    }
    *shape = layer->Output(*shape);
  }
}

// A small file may describe a model of any size: no memory is taken for one that it cannot hold.
template <typename T>
void CheckHoldsParameters(const std::string& file, const Model<T>& model) {
  std::vector<std::shared_ptr<const Layer<T>>> layers;
  for (const auto& layer : model.spec.model) layers.push_back(layer.object);
  double numbers = 0;
  try {
    Shape shape = model.head.input.shape;
    CountParameters<T>(layers, &shape, &numbers);
  } catch (const InputError&) {
    // Network says it with the layer's place; the layers before it were counted.
  }
  std::error_code error;
  const uintmax_t bytes = fs::file_size(file, error);
  if (!error && numbers * sizeof(T) <= static_cast<double>(bytes)) return;
  Fail(file, "it is too small for the parameters of its model");
}

// A loss of the model reads a target of each row: a checksum does not say that there is one.
template <typename T>
void CheckFits(const std::string& file, const Loss<T>& loss, const Model<T>& model) {
  const ModelInput& input = model.head.input;
  try {
    CheckLoss(loss, model.network->output(), input.classes, input.values);
  } catch (const InputError& e) {
    Fail(file, e.problems().front().message);
  }
}

// Names, means and targets are taken for those of each output. The losses of a prediction are
// computed too, and would read targets that are not there.
template <typename T>
void CheckTargets(const std::string& file, const Model<T>& model) {
  const ModelInput& input = model.head.input;
  const TargetMeaning& meaning = input.meaning;
  const size_t outputs = model.network->output().size();
  if (input.classes > 0 && (input.values > 0 || meaning.labels || meaning.inputs)) {
    Fail(file, "its targets are classes and values");
  }
  if (input.values > outputs) Fail(file, "it has more values of a row than outputs");
  const bool each_output =
      meaning.labels || meaning.inputs || !meaning.values.empty() || !meaning.mean.empty();
  if (each_output && input.values != outputs) {
    Fail(file, "it has fewer values of a row than outputs");
  }
  const auto& weights = model.spec.class_weights;
  if (weights && weights->list.size() != input.classes) {
    Fail(file, "its class weights are not one for each class");
  }
  CheckFits(file, *model.spec.loss, model);
  if (const auto& shown = model.spec.shown_loss) CheckFits(file, **shown, model);
}

template <typename T>
Model<T> Load(const std::string& file, ModelHead head, const Node& config,
              const Registry& registry) {
  Model<T> model{std::move(head), ParseExperiment<T>(config, registry), nullptr};
  if (!model.spec.loss) Fail(file, "its experiment names no loss");
  CheckHoldsParameters(file, model);
  std::vector<ListedLayer<T>> layers;
  for (const auto& layer : model.spec.model) layers.push_back({layer.object, layer.config.place});
  // The file's parameters replace those that it draws.
  const auto generator = MakeGenerator(RngKind::kNabla, 0);
  model.network = std::make_unique<Network<T>>(layers, model.head.input.shape, *generator);
  ReadParameters(file, model.network.get());
  CheckTargets(file, model);
  if (model.head.input.sparse && model.network->takes_folded_input()) {
    model.network->KeepSegmentSums();
  }
  return model;
}

// Says what a file is whose name tells that it is no model.
void CheckKind(const std::string& file) {
  const auto ends = [&](std::initializer_list<std::string_view> endings) {
    return EndsInOneOf(file, endings);
  };
  const char* kind = ends({".yaml", ".yml"})                        ? "an experiment file"
                     : ends({".csv", ".tsv", ".csv.gz", ".tsv.gz"}) ? "a table"
                     : ends({".npz", ".npy"})                       ? "a file of arrays"
                     : ends({".png", ".jpg", ".jpeg"})              ? "a picture"
                     : ends({".ipynb"})                             ? "a notebook"
                     : ends({".onnx", ".h"})                        ? "a model for other programs"
                                                                    : nullptr;
  if (kind == nullptr) return;
  Fail(file, std::string("it is ") + kind +
                 ": name a run folder, a checkpoint or an exported .safetensors");
}

}  // namespace

AnyModel LoadModel(const std::string& file, const Registry& registry) {
  CheckKind(file);
  ModelHead head = ReadModelHead(file);
  const Node config = ParseYaml(head.config, file);
  if (DtypeOf(config) == Dtype::kFloat64) {
    return Load<double>(file, std::move(head), config, registry);
  }
  return Load<float>(file, std::move(head), config, registry);
}

std::vector<std::string> TextsIn(const Node* node) {
  std::vector<std::string> texts;
  if (node == nullptr || node->IsNull()) return texts;
  if (node->IsScalar()) texts.push_back(node->text);
  for (const Node& item : node->items) texts.push_back(item.text);
  return texts;
}

}  // namespace nabla
