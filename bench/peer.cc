#include "bench/peer.h"

#include "framework/base/error.h"
#include "framework/kernels/gather.h"

namespace nabla {
namespace {

std::string NameOf(const Node& config) {
  const Node* name = config.Find("name");
  return name != nullptr ? name->text : config.text;
}

std::vector<float> Flat(Matrix<const float> m) {
  std::vector<float> flat;
  for (size_t r = 0; r < m.rows; ++r) flat.insert(flat.end(), m.Row(r), m.Row(r) + m.cols);
  return flat;
}

PlainLayer LayerOf(const Network<float>& network, size_t index) {
  PlainLayer layer;
  for (const Parameter<float>& p : network.parameters()) {
    if (p.layer != index) continue;
    const Matrix<const float> value = p.value.view();
    if (p.index == 0) {
      layer = {value.rows, value.cols, Flat(value), {}};
    } else {
      layer.bias = Flat(value);
    }
  }
  return layer;
}

}  // namespace

PlainNetwork MakePlain(const ExperimentSpec<float>& spec, const Network<float>& network) {
  PlainNetwork plain;
  plain.rate = static_cast<float>(spec.optimizer->LearningRate());
  plain.bias_rate = plain.rate;
  plain.batch = static_cast<size_t>(spec.train.batch_size);
  plain.squared_error = NameOf(spec.loss.config) == "mse";
  for (size_t i = 0; i < spec.model.size(); ++i) {
    const Node& config = spec.model[i].config;
    const std::string name = NameOf(config);
    if (name == "linear") {
      plain.layers.push_back(LayerOf(network, i));
      const Node* over_batch = config.Find("bias_step_over_batch");
      if (over_batch != nullptr && over_batch->text == "true") {
        plain.bias_rate = plain.rate / static_cast<float>(plain.batch);
      }
    } else if (name == "relu") {
      plain.activation = PlainActivation::kRelu;
    } else if (name == "sigmoid") {
      plain.activation = PlainActivation::kSigmoid;
    } else if (name != "softmax") {
      throw RunError("no plain form of the layer " + name);
    }
  }
  return plain;
}

PlainData MakePlain(const Samples& samples) {
  PlainData data{samples.count, samples.shape.size(), {}, {}};
  data.inputs.resize(data.count * data.width);
  const Normalization& n = samples.normalization;
  BytesToReal<float>(samples.pixels.data(), data.inputs.data(), data.inputs.size(),
                     static_cast<float>(n.scale), static_cast<float>(n.mean),
                     static_cast<float>(n.std));
  data.labels.assign(samples.labels.begin(), samples.labels.end());
  return data;
}

std::vector<float> WeightsOf(const Network<float>& network) {
  std::vector<float> weights;
  for (const Parameter<float>& p : network.parameters()) {
    const std::vector<float> flat = Flat(p.value.view());
    weights.insert(weights.end(), flat.begin(), flat.end());
  }
  return weights;
}

}  // namespace nabla
