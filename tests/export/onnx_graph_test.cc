// ONNX graphs of every layer, activation and bundled experiment: accepted by ONNX's own checker,
// and run by onnxruntime-web where NABLA_ORT names a folder that has it (npm install
// onnxruntime-web@1.17.3).
#include "framework/export/onnx_graph.h"

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
#include "framework/export/export.h"
#include "framework/export/onnx_builder.h"
#include "framework/inference/output_kind.h"
#include "framework/inference/predict.h"
#include "framework/training/experiment.h"
#include "framework/training/task_defaults.h"
#include "plugins/builtin.h"
#include "tests/export/listed_models.h"
#include "tests/formats/samples.h"

namespace nabla {
namespace {

using Json = nlohmann::json;

constexpr size_t kRows = 3;

std::string Script(const std::string& name) {
  return std::string(std::getenv("TEST_SRCDIR")) + "/nabla/tests/export/" + name;
}

// Files that onnx_run.js reads.
class Folder {
 public:
  template <typename T>
  void Add(std::string name, const Model<T>& model) {
    const std::string base = path_ + "/" + std::to_string(manifest_.size());
    Put(base + ".onnx", ExportModel(model, ModelFormat::kOnnx));
    Put(base + ".float32.onnx", ExportModel(model, ModelFormat::kOnnx, {.float32 = true}));
    models_.insert(models_.end(), {base + ".onnx", base + ".float32.onnx"});
    const RawRows rows = SomeRows(model.head.input, kRows);
    Put(base + ".in", rows.pixels.empty() ? Floats(rows.numbers) : Floats(rows.pixels));
    Put(base + ".out", Floats(Expected(model, rows)));
    std::vector<size_t> shape = model.head.input.shape.dims;
    shape.insert(shape.begin(), kRows);
    const OutputKind kind = OutputKindOf(model);
    std::replace(name.begin(), name.end(), ' ', '_');
    manifest_.push_back({{"name", name},
                         {"model", base + ".float32.onnx"},
                         {"shape", shape},
                         {"input", base + ".in"},
                         {"output", base + ".out"},
                         {"result", HasProbabilities(kind)                  ? "probabilities"
                                    : model.head.input.meaning.mean.empty() ? "output"
                                                                            : "prediction"}});
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
      std::vector<double> values(row, row + outputs.view().cols);
      const OutputKind kind = OutputKindOf(model);
      if (HasProbabilities(kind)) values = Interpret(kind, values);
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
    listed_ = ListedModels(registry_);
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

// The tests below fail for one without a counterpart.
TEST_F(OnnxGraphTest, EveryBuiltInLayerAndActivationIsTested) {
  for (const char* kind : {"layer", "activation"}) {
    for (const std::string& name : registry_.Names(kind)) {
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

TEST_F(OnnxGraphTest, RowsAreScaledByThemselves) {
  Folder folder;
  for (const auto& [scale, name] : EnumNames<RowScale>::kNames) {
    for (const Shape& shape : {Shape{{6}}, Shape{{2, 6, 5}}}) {
      const Listed listed{std::string(name) + " rows", "[{name: linear, units: 3}]", shape.dims};
      Model<float> model = ModelOf<float>(listed, registry_);
      model.head.input.scale_rows = scale;
      folder.Add(listed.name, model);
    }
  }
  ExpectSameNumbers(folder);
  ExpectGood(folder);
}

TEST_F(OnnxGraphTest, TheBatchIsSymbolic) {
  const OnnxGraph graph =
      MakeOnnxGraph(ModelOf<float>(listed_.front(), registry_), ElementType::kF32);
  ASSERT_EQ(graph.inputs.size(), 1u);
  EXPECT_EQ(graph.inputs[0].shape, (std::vector<OnnxDimension>{"batch", 2, 6, 5}));
  EXPECT_EQ(graph.outputs[0].shape[0], OnnxDimension("batch"));
}

TEST_F(OnnxGraphTest, SeluHasItsParameters) {
  const auto selu = std::ranges::find(listed_, "selu bent", &Listed::name);
  const OnnxGraph graph = MakeOnnxGraph(ModelOf<float>(*selu, registry_), ElementType::kF32);
  ASSERT_EQ(graph.nodes.front().op, "Selu");
  EXPECT_EQ(graph.nodes.front().attributes,
            (OnnxBuilder::Attributes{{"alpha", 0.5f}, {"gamma", 2.0f}}));
}

// Each label has a probability of its own.
TEST_F(OnnxGraphTest, LabelsHaveProbabilities) {
  Model<float> model = ModelOf<float>(
      {"labels", "[{name: linear, units: 3}]", {4}, false, "bce_with_logits"}, registry_);
  model.head.input.meaning.labels = true;
  const OnnxGraph graph = MakeOnnxGraph(model, ElementType::kF32);
  ASSERT_EQ(graph.outputs.size(), 2u);
  EXPECT_EQ(graph.outputs[1].name, "probabilities");
  EXPECT_EQ(graph.nodes.back().op, "Sigmoid");
}

// A run in float64 may have rounded its inputs.
TEST_F(OnnxGraphTest, InputsAreRoundedAsInTraining) {
  Model<double> model = ModelOf<double>({"rounded", "[{name: linear, units: 3}]", {4}}, registry_);
  model.head.input.normalization.scale = 3;
  const auto casts = [&](ElementType dtype) {
    std::vector<OnnxBuilder::Attributes> found;
    for (const OnnxNode& node : MakeOnnxGraph(model, dtype).nodes) {
      if (node.op == "Cast") found.push_back(node.attributes);
    }
    return found;
  };
  EXPECT_TRUE(casts(ElementType::kF64).empty());
  model.head.input.float32 = true;
  EXPECT_EQ(casts(ElementType::kF64),
            (std::vector<OnnxBuilder::Attributes>{{{"to", int64_t{1}}}, {{"to", int64_t{11}}}}));
  EXPECT_TRUE(casts(ElementType::kF32).empty());
  Folder folder;
  folder.Add("rounded", model);
  ExpectGood(folder);
  ExpectSameNumbers(folder);
}

// What is thrown for the layers `model` on rows of 3.
std::string Refused(const std::string& model, const Registry& registry) {
  try {
    MakeOnnxGraph(ModelOf<float>({"mine.yaml", model, {3}}, registry), ElementType::kF32);
    return "";
  } catch (const InputError& e) {
    return e.what();
  }
}

TEST_F(OnnxGraphTest, ALayerWithoutACounterpartIsNamed) {
  registry_.Add<Odd>("odd.so");
  const std::string what = "has no counterpart in ONNX; its plugin may describe one with Onnx()";
  EXPECT_EQ(Refused("[{name: linear, units: 2}, odd]", registry_),
            "mine.yaml:4:35: error: the layer \"odd\" " + what);
  EXPECT_EQ(Refused("[tanh, {name: residual, layers: [tanh, odd]}]", registry_),
            "mine.yaml:4:22: error: layer 1.1 inside the layer \"residual\" " + what);
}

// One that says what it is in ONNX, or something wrong.
template <typename T>
class Told : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{"told", "Of a user.", "y = x w + shift"};
  template <typename V>
  static void Fields(V& v) {
    v("shift", &Told::shift, {.doc = "added"});
    v("wrong", &Told::wrong, {.doc = "what Onnx does wrong", .min = 0, .max = 4});
  }
  Shape Output(const Shape& input) const override { return input; }
  void Declare(const Shape& input, Declaration<T>* d) const override {
    d->parameters.push_back({.name = "weight",
                             .rows = 1,
                             .cols = input.size(),
                             .initializer = std::make_shared<FilledInitializer<T>>(T{1})});
  }
  void Forward(const ForwardBlock<T>& block) const override {
    const T* w = block.parameters[0].value.data;
    for (size_t r = 0; r < block.x.rows; ++r) {
      for (size_t c = 0; c < block.x.cols; ++c) {
        block.y(r, c) = block.x(r, c) * w[c] + static_cast<T>(shift);
      }
    }
  }
  void Backward(const BackwardBlock<T>&) const override {}
  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    if (wrong == 1) return nodes.Parameter("wieght", {3});
    if (wrong == 2) return nodes.Parameter("weight", {2, 2});
    if (wrong == 3) return nodes.Add("Add", {x, "y"});
    if (wrong == 4) return "y";
    const std::string w = nodes.Parameter("weight", nodes.input().dims);
    return nodes.Add("Add", {nodes.Add("Mul", {x, w}), nodes.Number(shift)});
  }
  double shift = 0.5;
  int64_t wrong = 0;
};

template <typename T>
class Twice : public Activation<T> {
 public:
  static constexpr PluginInfo kInfo{"twice", "Of a user.", "y = 2 x"};
  void Forward(Matrix<const T> x, Matrix<T> y) const override {
    for (size_t r = 0; r < x.rows; ++r) {
      for (size_t c = 0; c < x.cols; ++c) y(r, c) = 2 * x(r, c);
    }
  }
  void Backward(Matrix<const T>, Matrix<const T>, Matrix<const T>, Matrix<T>) const override {}
  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    return nodes.Add("Add", {x, x});
  }
};

TEST_F(OnnxGraphTest, PluginsOfAUserSayWhatTheyAre) {
  registry_.Add<Told>("told.so");
  registry_.Add<Twice>("twice.so");
  Folder folder;
  for (const char* model :
       {"[told]", "[{name: linear, units: 3}, twice, {name: told, shift: -2}]",
        "[{name: residual, layers: [told, twice, {name: activation, function: twice}]}]"}) {
    for (const std::vector<size_t>& shape : {std::vector<size_t>{4}, {2, 3, 5}}) {
      folder.Add(model, ModelOf<float>({"mine", model, shape}, registry_));
      folder.Add(model, ModelOf<double>({"mine", model, shape}, registry_));
    }
  }
  ExpectGood(folder);
  ExpectSameNumbers(folder);
}

TEST_F(OnnxGraphTest, AWrongDescriptionIsRefusedWithTheLayer) {
  registry_.Add<Told>("told.so");
  const auto refused = [&](int wrong) {
    return Refused("[{name: told, wrong: " + std::to_string(wrong) + "}]", registry_);
  };
  const std::string begin = "mine.yaml:4:16: error: the layer \"told\" has a wrong function Onnx: ";
  EXPECT_EQ(refused(1),
            begin + "unknown parameter \"wieght\"; did you mean \"weight\"? known: weight");
  EXPECT_EQ(refused(2), begin + "3 numbers of \"weight\" do not fit the shape [2, 2]");
  EXPECT_EQ(refused(3), begin + "\"y\" is no value of this layer");
  EXPECT_EQ(refused(4), begin + "\"y\" is no value of this layer");
}

}  // namespace
}  // namespace nabla
