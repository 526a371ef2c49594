#include "framework/measure/model_summary.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/engine/toy.h"

namespace nabla {
namespace {

constexpr const char* kFile = "tests/measure/torch_summary.txt";

Shape ShapeFrom(const std::string& text) {
  Shape shape;
  std::istringstream dims(text);
  for (std::string dim; std::getline(dims, dim, 'x');) shape.dims.push_back(std::stoul(dim));
  return shape;
}

template <typename T>
ModelSummary SummaryOf(const std::string& model, const Shape& input) {
  const auto spec = ParseExperiment<T>(
      ParseYaml("name: net\ndataset: mnist\nmodel: " + model + "\nloss: mse\noptimizer: sgd\n",
                "net.yaml"),
      ToyRegistry());
  std::vector<ListedLayer<T>> layers;
  for (const auto& layer : spec.model) layers.push_back({layer.object, layer.config.place});
  const auto generator = MakeGenerator(RngKind::kNabla, 0);
  return SummariseModel(spec, Network<T>(layers, input, *generator));
}

const LayerSummary* Find(const ModelSummary& summary, const std::string& path) {
  for (const LayerSummary& layer : summary.layers) {
    if (layer.path == path) return &layer;
  }
  return nullptr;
}

// Every layer of every case of tests/measure/torch_summary.py.
TEST(ModelSummaryTest, CountsWhatPyTorchCounts) {
  std::ifstream file(kFile);
  ModelSummary summary;
  int layers = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string path;
    std::string shape;
    words >> path >> shape;
    if (path == "case") {
      std::string model;
      std::getline(words, model);
      summary = SummaryOf<float>(model, ShapeFrom(shape));
      continue;
    }
    size_t parameters = 0;
    size_t fixed = 0;
    size_t products = 0;
    ASSERT_TRUE(words >> parameters >> fixed >> products) << line;
    const LayerSummary* layer = Find(summary, path);
    ASSERT_NE(layer, nullptr) << line;
    EXPECT_EQ(Shape{layer->output}, ShapeFrom(shape)) << line;
    EXPECT_EQ(layer->parameters, parameters) << line;
    EXPECT_EQ(layer->fixed, fixed) << line;
    EXPECT_EQ(layer->multiply_adds, products) << line;
    ++layers;
  }
  EXPECT_EQ(layers, 29) << kFile;
}

TEST(ModelSummaryTest, LayersInsideResidualsHaveTheirOwnNames) {
  const ModelSummary summary = SummaryOf<double>(
      "[{name: residual, layers: [{name: activation, function: relu}, {name: residual, layers: "
      "[{name: linear, units: 5}]}]}, softmax]",
      {{5}});
  std::string text;
  for (const LayerSummary& layer : summary.layers) text += layer.path + " " + layer.name + "\n";
  EXPECT_EQ(text, "0.0 relu\n0.1.0 linear\n0.1 residual\n0 residual\n1 softmax\n");
}

TEST(ModelSummaryTest, TableAndJsonSayTheSame) {
  const ModelSummary summary = SummaryOf<double>(
      "[{name: conv2d, channels: 2, kernel_size: 3}, batch_norm, {name: linear, units: 10}]",
      {{1, 4, 4}});
  EXPECT_EQ(SummaryTable(summary),
            "layer         output    parameters   not trained   multiply-adds\n"
            "input         1x4x4\n"
            "0 conv2d      2x2x2             20                            72\n"
            "1 batch_norm  2x2x2              4             4\n"
            "2 linear      10                90                            80\n"
            "total         10               114             4             152\n"
            "944 bytes of float64; multiply-adds of one row forward, in products with weights\n");
  const auto json = nlohmann::json::parse(SummaryJson(summary));
  EXPECT_EQ(json["parameters"], 114);
  EXPECT_EQ(json["fixed"], 4);
  EXPECT_EQ(json["multiply_adds"], 152);
  EXPECT_EQ(json["layers"].size(), 3u);
  EXPECT_EQ(json["layers"][0]["output"], (std::vector<size_t>{2, 2, 2}));
}

}  // namespace
}  // namespace nabla
