// ONNX graphs of every layer, activation and bundled experiment: accepted by ONNX's own checker,
// and run by onnxruntime-web where NABLA_ORT names a folder that has it (npm install
// onnxruntime-web@1.17.3).
#include "framework/inference/onnx_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "framework/base/error.h"
#include "framework/base/generator.h"
#include "framework/inference/export.h"
#include "framework/inference/onnx_layers.h"
#include "framework/inference/output_kind.h"
#include "framework/inference/predict.h"
#include "framework/training/experiment.h"
#include "framework/training/task_defaults.h"
#include "plugins/builtin.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr size_t kRows = 3;

std::string Script(const std::string& name) {
  return std::string(std::getenv("TEST_SRCDIR")) + "/nabla/tests/inference/" + name;
}

// Layers in front of which rows of `shape` stand.
struct Listed {
  std::string name;
  std::string layers;  // YAML
  std::vector<size_t> shape;
  bool pixels = false;  // bytes from 0 to 255, such as ids
};

const std::vector<size_t> kPicture = {2, 6, 5};

std::vector<Listed> ListedLayers() {
  return {
      {"linear", "[{name: linear, units: 4}]", kPicture},
      {"linear without bias", "[{name: linear, units: 4, bias: false}]", {7}},
      {"conv2d", "[{name: conv2d, channels: 3, kernel_size: 3}]", kPicture},
      {"conv2d uneven",
       "[{name: conv2d, channels: 4, kernel_size: [3, 2], stride: [1, 2], padding: [2, 1], bias: "
       "false}]",
       kPicture},
      {"max_pool2d", "[{name: max_pool2d, kernel_size: 2}]", kPicture},
      {"max_pool2d padded", "[{name: max_pool2d, kernel_size: 3, stride: [2, 1], padding: 1}]",
       kPicture},
      {"avg_pool2d", "[{name: avg_pool2d, kernel_size: [2, 3], padding: 1, stride: 1}]", kPicture},
      {"avg_pool2d inside",
       "[{name: avg_pool2d, kernel_size: 2, padding: 1, count_include_pad: false}]", kPicture},
      {"batch_norm", "[batch_norm]", kPicture},
      {"batch_norm flat", "[{name: batch_norm, affine: false, eps: 0.01}]", {7}},
      {"layer_norm", "[{name: layer_norm, eps: 0.1}]", kPicture},
      {"layer_norm flat", "[{name: layer_norm, affine: false}]", {7}},
      {"dropout", "[dropout]", kPicture},
      {"activation", "[{name: activation, function: {name: elu, alpha: 0.5}}]", kPicture},
      {"residual",
       "[{name: residual, layers: [{name: conv2d, channels: 2, kernel_size: 3, padding: 1}, "
       "relu]}]",
       kPicture},
      {"residual nested",
       "[{name: linear, units: 6}, {name: residual, layers: [tanh, {name: residual, layers: "
       "[{name: "
       "linear, units: 6}]}, {name: linear, units: 6}]}, {name: linear, units: 2}]",
       kPicture},
      {"flatten", "[flatten]", kPicture},
      {"flatten rows", "[{name: flatten, start_dim: 2}]", kPicture},
      {"flatten flat", "[flatten]", {7}},
      {"global_avg_pool2d", "[global_avg_pool2d]", kPicture},
      {"group_norm", "[{name: group_norm, num_groups: 2, eps: 0.1}]", {4, 3, 2}},
      {"group_norm flat", "[{name: group_norm, num_groups: 3}]", {12}},
      {"group_norm alone", "[{name: group_norm, num_groups: 1, affine: false}]", kPicture},
      {"conv2d in groups",
       "[{name: conv2d, channels: 4, kernel_size: [2, 3], groups: 2, dilation: [2, 1], padding: "
       "[1, 0]}]",
       kPicture},
      {"conv1d",
       "[{name: conv1d, channels: 6, kernel_size: 3, groups: 2, dilation: 2, padding: 1, stride: "
       "2}]",
       {4, 11}},
      {"conv1d flat", "[{name: conv1d, channels: 2, kernel_size: 4, bias: false}]", {9}},
      {"embedding", "[{name: embedding, num_embeddings: 256, embedding_dim: 5}]", {7}, true},
      {"embedding padded",
       "[{name: embedding, num_embeddings: 256, embedding_dim: 5, padding_idx: 0}]",
       {7},
       true},
      {"embedding summed",
       "[{name: embedding, num_embeddings: 256, embedding_dim: 5, padding_idx: 0, mode: sum}]",
       {7},
       true},
      {"residual projected",
       "[{name: residual, layers: [{name: conv2d, channels: 3, kernel_size: 3, stride: 2, padding: "
       "1}, relu], projection: [{name: conv2d, channels: 3, kernel_size: 1, stride: 2}]}]",
       kPicture},
      {"concat",
       "[{name: concat, paths: [[{name: conv2d, channels: 3, kernel_size: 1}], [], [{name: concat, "
       "paths: [[tanh], [relu]]}]]}]",
       kPicture},
      {"concat flat", "[{name: concat, paths: [[], [{name: linear, units: 3}]]}]", {7}},
      {"conv_transpose2d",
       "[{name: conv_transpose2d, channels: 4, kernel_size: [3, 2], stride: [1, 3], padding: [1, "
       "0], output_padding: [0, 2], groups: 2}]",
       kPicture},
      {"conv_transpose2d wide",
       "[{name: conv_transpose2d, channels: 3, kernel_size: 2, dilation: 3, stride: 2, bias: "
       "false}]",
       kPicture},
      {"gelu tanh", "[{name: gelu, approximate: tanh}]", {50}},
      {"softplus bent", "[{name: softplus, beta: 2, threshold: 1}]", {50}},
      {"leaky_relu steep", "[{name: leaky_relu, negative_slope: 0.3}]", {50}},
      {"hardtanh uneven", "[{name: hardtanh, min_val: -0.5, max_val: 2}]", {50}},
  };
}

std::vector<Listed> ListedActivations(const Registry& registry) {
  std::vector<Listed> listed;
  for (const std::string& name : registry.Names("activation")) {
    listed.push_back({name, "[" + name + "]", kPicture});
    listed.push_back({name + " flat", "[" + name + "]", {50}});
  }
  return listed;
}

template <typename T>
void Draw(Matrix<T> values, double low, double high, Generator* generator) {
  for (size_t r = 0; r < values.rows; ++r) {
    generator->Uniform(std::span<T>(values.Row(r), values.cols), low, high);
  }
}

// A network with parameters that no layer begins with.
template <typename T>
std::unique_ptr<Network<T>> Drawn(const ExperimentSpec<T>& spec, const Shape& shape,
                                  Generator* generator) {
  std::vector<ListedLayer<T>> layers;
  for (const auto& layer : spec.model) layers.push_back({layer.object, {}});
  auto network = std::make_unique<Network<T>>(layers, shape, *generator);
  for (Parameter<T>& p : network->parameters()) {
    const bool variance = p.name.ends_with("running_var");
    Draw<T>(p.value.view(), variance ? 0.2 : -0.5, variance ? 2 : 0.5, generator);
  }
  return network;
}

template <typename T>
Model<T> ModelOf(const Listed& listed, const Registry& registry) {
  const Node tree =
      ParseYaml("name: one\ndtype: " + std::string(sizeof(T) == 4 ? "float32" : "float64") +
                    "\ndataset: xor\nmodel: " + listed.layers +
                    "\nloss: mse\noptimizer: {name: sgd, lr: 0.1}\n",
                listed.name);
  Model<T> model{{}, ParseExperiment<T>(tree, registry), nullptr};
  const auto generator = MakeGenerator(RngKind::kNabla, 1);
  model.head.input.shape.dims = listed.shape;
  model.head.input.pixels = listed.pixels;
  model.network = Drawn(model.spec, model.head.input.shape, generator.get());
  model.head.input.values = model.network->output().size();
  return model;
}

// Rows in the range of what a data set holds.
RawRows SomeRows(const ModelInput& input) {
  const auto generator = MakeGenerator(RngKind::kNabla, 2);
  RawRows rows{kRows, {}, {}};
  std::vector<double> drawn(kRows * input.shape.size());
  generator->Uniform(std::span<double>(drawn), 0, 1);
  for (const double u : drawn) {
    if (input.pixels) {
      rows.pixels.push_back(u < 0.6 ? 0 : static_cast<uint8_t>(255 * u));
    } else {
      rows.numbers.push_back(8 * u - 4);
    }
  }
  return rows;
}

// Files that onnx_run.js reads.
class Folder {
 public:
  template <typename T>
  void Add(std::string name, const Model<T>& model) {
    const std::string base = path_ + "/" + std::to_string(manifest_.size());
    Put(base + ".onnx", ExportModel(model, ModelFormat::kOnnx));
    Put(base + ".float32.onnx", ExportModel(model, ModelFormat::kOnnx, true));
    models_.insert(models_.end(), {base + ".onnx", base + ".float32.onnx"});
    const RawRows rows = SomeRows(model.head.input);
    Put(base + ".in", rows.pixels.empty() ? Floats(rows.numbers) : Floats(rows.pixels));
    Put(base + ".out", Floats(Expected(model, rows)));
    std::vector<size_t> shape = model.head.input.shape.dims;
    shape.insert(shape.begin(), kRows);
    const OutputKind kind = OutputKindOf(model.spec, model.head.input.classes);
    std::replace(name.begin(), name.end(), ' ', '_');
    manifest_.push_back({{"name", name},
                         {"model", base + ".float32.onnx"},
                         {"shape", shape},
                         {"input", base + ".in"},
                         {"output", base + ".out"},
                         {"result", HasProbabilities(kind) ? "probabilities" : "output"}});
  }

  // Whether ONNX's own checker takes all of them; "" or what it says.
  std::string Check() const {
    std::string command = "/usr/bin/python3 " + Script("export_oracle.py") + " check_onnx";
    for (const std::string& model : models_) command += " " + model;
    return Shell(command);
  }

  // What onnxruntime-web gives instead, by name.
  std::vector<std::pair<std::string, double>> Differences() const {
    const std::string text = manifest_.dump();
    Put(path_ + "/manifest.json", FromText(text));
    std::istringstream lines(
        Shell("node " + Script("onnx_run.js") + " " + path_ + "/manifest.json"));
    std::vector<std::pair<std::string, double>> differences;
    std::string name, value;
    while (lines >> name >> value) {
      char* end = nullptr;
      const double number = std::strtod(value.c_str(), &end);
      EXPECT_EQ(*end, '\0') << name << ": " << value;
      differences.push_back({name, *end == '\0' ? number : 1e9});
    }
    EXPECT_EQ(differences.size(), manifest_.size());
    return differences;
  }

 private:
  // What `run predict` shows of the rows, in full.
  template <typename T>
  static std::vector<double> Expected(const Model<T>& model, const RawRows& rows) {
    Threads threads(1);
    const OwnedMatrix<T> outputs =
        PredictOutputs(model, MakeSamples(model.head.input, rows), threads);
    std::vector<double> expected;
    for (size_t r = 0; r < kRows; ++r) {
      const T* row = outputs.view().Row(r);
      const auto values = Interpret(OutputKindOf(model.spec, model.head.input.classes),
                                    std::vector<double>(row, row + outputs.view().cols));
      expected.insert(expected.end(), values.begin(), values.end());
    }
    return expected;
  }

  template <typename N>
  static std::vector<uint8_t> Floats(const std::vector<N>& numbers) {
    const std::vector<float> floats(numbers.begin(), numbers.end());
    const auto* begin = reinterpret_cast<const uint8_t*>(floats.data());
    return {begin, begin + floats.size() * sizeof(float)};
  }

  const std::string path_ = FreshFolder();
  std::vector<std::string> models_;
  Json manifest_ = Json::array();
};

class OnnxGraphTest : public testing::Test {
 protected:
  OnnxGraphTest() {
    RegisterBuiltins(registry_);
    listed_ = ListedActivations(registry_);
    for (Listed& layer : ListedLayers()) listed_.push_back(std::move(layer));
  }

  static void ExpectGood(const Folder& folder) {
    const std::string said = folder.Check();
    if (said.find("not installed") != std::string::npos) GTEST_SKIP() << said;
    EXPECT_EQ(said, "");
  }

  static void ExpectSameNumbers(const Folder& folder) {
    if (std::getenv("NABLA_ORT") == nullptr) GTEST_SKIP() << "NABLA_ORT names no onnxruntime-web";
    for (const auto& [name, difference] : folder.Differences()) {
      EXPECT_LE(difference, 1e-5) << name;
    }
  }

  template <typename T>
  Folder OfEveryLayer() const {
    Folder folder;
    for (const Listed& listed : listed_) folder.Add(listed.name, ModelOf<T>(listed, registry_));
    return folder;
  }

  // With random weights; data sets of the network are taken for synthetic digits.
  Folder OfEveryExperiment() const {
    Folder folder;
    for (const auto& entry : std::filesystem::directory_iterator("experiments")) {
      if (entry.path().extension() != ".yaml") continue;
      std::ifstream in(entry.path());
      Node tree =
          ParseYaml(std::string{std::istreambuf_iterator<char>(in), {}}, entry.path().string());
      const std::string set = PluginName(*tree.Find("dataset"));
      if (set.find("mnist") != std::string::npos) {
        ApplyOverride(tree, "dataset.name=synthetic_digits");
        ApplyOverride(tree, "dataset.train=60");
        ApplyOverride(tree, "dataset.test=60");
        ApplyOverride(tree, "split={}");
        ApplyOverride(tree, "subset={}");
      }
      std::visit([&](auto spec) { AddExperiment(entry.path().stem(), std::move(spec), &folder); },
                 ParseAnyExperiment(tree, registry_));
    }
    return folder;
  }

  Registry registry_;
  std::vector<Listed> listed_;

 private:
  template <typename T>
  void AddExperiment(const std::string& name, ExperimentSpec<T> spec, Folder* folder) const {
    Files files(FilesOptions{.offline = true});
    const PreparedData data = PrepareData(spec, spec.dataset->Load(files));
    FitTask(data, registry_, &spec);
    const auto generator = MakeGenerator(RngKind::kNabla, 3);
    Model<T> model{{"", "", data.input}, std::move(spec), nullptr};
    model.network = Drawn(model.spec, data.input.shape, generator.get());
    if (data.input.sparse) model.network->KeepSegmentSums();
    folder->Add(name, model);
  }
};

TEST_F(OnnxGraphTest, EveryBuiltInLayerAndActivationHasACounterpartAndIsTested) {
  for (const char* kind : {"layer", "activation"}) {
    for (const std::string& name : registry_.Names(kind)) {
      EXPECT_TRUE(HasOnnxMapping(kind, name)) << kind << "/" << name;
      EXPECT_TRUE(std::any_of(listed_.begin(), listed_.end(),
                              [&](const Listed& l) { return l.name == name; }))
          << kind << "/" << name;
    }
  }
}

TEST_F(OnnxGraphTest, TheCheckerAcceptsEveryLayer) { ExpectGood(OfEveryLayer<float>()); }

TEST_F(OnnxGraphTest, TheCheckerAcceptsEveryLayerInFloat64) { ExpectGood(OfEveryLayer<double>()); }

TEST_F(OnnxGraphTest, TheCheckerAcceptsEveryExperiment) { ExpectGood(OfEveryExperiment()); }

TEST_F(OnnxGraphTest, OnnxRuntimeGivesTheNumbersOfEveryLayer) {
  ExpectSameNumbers(OfEveryLayer<float>());
}

TEST_F(OnnxGraphTest, OnnxRuntimeGivesTheNumbersOfFloat64InFloat32) {
  ExpectSameNumbers(OfEveryLayer<double>());
}

TEST_F(OnnxGraphTest, OnnxRuntimeGivesTheNumbersOfEveryExperiment) {
  ExpectSameNumbers(OfEveryExperiment());
}

TEST_F(OnnxGraphTest, TheBatchIsSymbolic) {
  const OnnxGraph graph =
      MakeOnnxGraph(ModelOf<float>(listed_.front(), registry_), ElementType::kF32);
  ASSERT_EQ(graph.inputs.size(), 1u);
  EXPECT_EQ(graph.inputs[0].shape, (std::vector<OnnxDimension>{"batch", 2, 6, 5}));
  EXPECT_EQ(graph.outputs[0].shape[0], OnnxDimension("batch"));
}

// A layer of a user.
template <typename T>
class Odd : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{"odd", "Of a user.", "y = x"};
  Shape Output(const Shape& input) const override { return input; }
  void Forward(const ForwardBlock<T>&) const override {}
  void Backward(const BackwardBlock<T>&) const override {}
};

TEST_F(OnnxGraphTest, ALayerWithoutACounterpartIsNamed) {
  registry_.Add<Odd>("odd.so");
  const Model<float> model =
      ModelOf<float>({"mine.yaml", "[{name: linear, units: 2}, odd]", {3}}, registry_);
  try {
    MakeOnnxGraph(model, ElementType::kF32);
    FAIL();
  } catch (const InputError& e) {
    EXPECT_STREQ(e.what(), "mine.yaml:4:35: error: the layer \"odd\" has no counterpart in ONNX");
  }
}

}  // namespace
}  // namespace nabla
