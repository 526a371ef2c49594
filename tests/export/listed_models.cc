#include "tests/export/listed_models.h"

#include <cstdint>
#include <span>
#include <utility>

#include "framework/config/node.h"
#include "framework/spec/spec.h"

namespace nabla {
namespace {

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
      {"selu bent", "[{name: selu, alpha: 0.5, scale: 2}]", {50}},
      {"elu bent", "[{name: elu, alpha: -0.5}]", {50}},
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

}  // namespace

std::vector<Listed> ListedModels(const Registry& registry) {
  std::vector<Listed> listed = ListedActivations(registry);
  for (Listed& layer : ListedLayers()) listed.push_back(std::move(layer));
  return listed;
}

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
                    "\ndataset: xor\nmodel: " + listed.layers + "\nloss: " + listed.loss +
                    "\noptimizer: {name: sgd, lr: 0.1}\n",
                listed.name);
  Model<T> model{{}, ParseExperiment<T>(tree, registry), nullptr};
  const auto generator = MakeGenerator(RngKind::kNabla, 1);
  model.head.input.shape.dims = listed.shape;
  model.head.input.pixels = listed.pixels;
  model.network = Drawn(model.spec, model.head.input.shape, generator.get());
  model.head.input.values = model.network->output().size();
  return model;
}

RawRows SomeRows(const ModelInput& input, size_t count) {
  const auto generator = MakeGenerator(RngKind::kNabla, 2);
  RawRows rows{count, {}, {}};
  std::vector<double> drawn(count * input.shape.size());
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

template std::unique_ptr<Network<float>> Drawn(const ExperimentSpec<float>&, const Shape&,
                                               Generator*);
template std::unique_ptr<Network<double>> Drawn(const ExperimentSpec<double>&, const Shape&,
                                                Generator*);
template Model<float> ModelOf(const Listed&, const Registry&);
template Model<double> ModelOf(const Listed&, const Registry&);

}  // namespace nabla
