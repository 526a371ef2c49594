// A small net on made-up data, for tests of the engine.
#ifndef NABLA_TESTS_ENGINE_TOY_H_
#define NABLA_TESTS_ENGINE_TOY_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "framework/engine/step.h"
#include "framework/engine/trainer.h"
#include "framework/plugin/registry.h"
#include "framework/spec/spec.h"
#include "plugins/builtin.h"

namespace nabla {

inline constexpr const char* kToyNet = R"(
model:
  - {name: linear, units: 50}
  - sigmoid
  - {name: linear, units: 20, bias: false, weight: he_normal}
  - relu
  - {name: linear, units: 10, bias_step_over_batch: true}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.3}
)";

// Convolutions, whose gradients are blockwise_gradient; batch norms, which couple rows; dropout;
// skips.
inline constexpr const char* kDeepToyNet = R"(
model:
  - {name: conv2d, channels: 4, kernel_size: 3, padding: 1}
  - batch_norm
  - relu
  - name: residual
    layers:
      - {name: conv2d, channels: 4, kernel_size: 3, padding: 1}
      - batch_norm
      - relu
  - {name: max_pool2d, kernel_size: 2}
  - {name: dropout, p: 0.25}
  - {name: linear, units: 20}
  - layer_norm
  - sigmoid
  - {name: residual, layers: [{name: linear, units: 20}, {name: dropout, p: 0.5}]}
  - {name: linear, units: 10}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.3}
)";

// Paths that part and meet, and every kind of convolution.
inline constexpr const char* kBranchedToyNet = R"(
model:
  - name: concat
    paths:
      - [{name: conv2d, channels: 4, kernel_size: 3, padding: 1}, relu]
      - []
      - [{name: conv2d, channels: 6, kernel_size: 3, groups: 2, dilation: 2, padding: 2}]
  - {name: group_norm, num_groups: 3}
  - name: residual
    layers: [{name: conv2d, channels: 8, kernel_size: 3, stride: 2, padding: 1}, batch_norm, relu]
    projection: [{name: conv2d, channels: 8, kernel_size: 1, stride: 2, bias: false}, batch_norm]
  - {name: conv_transpose2d, channels: 4, kernel_size: 3, stride: 2, groups: 2}
  - tanh
  - name: concat
    paths:
      - [global_avg_pool2d]
      - - {name: flatten, start_dim: 2}
        - {name: conv1d, channels: 6, kernel_size: 5, stride: 3, groups: 2}
        - {name: linear, units: 20}
  - {name: linear, units: 10}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.3}
)";

// For bytes that are not scaled.
inline constexpr const char* kBagToyNet = R"(
model:
  - {name: embedding, num_embeddings: 256, embedding_dim: 20, padding_idx: 0}
  - {name: linear, units: 10}
loss: cross_entropy
optimizer: {name: sgd, lr: 0.3}
)";

// Rows of random pixels, three quarters of them zero, with random labels.
inline Samples ToySamples(size_t rows, size_t width, size_t classes) {
  struct Owned {
    std::vector<uint8_t> pixels;
    std::vector<int32_t> labels;
  };
  auto owned = std::make_shared<Owned>();
  const auto generator = MakeGenerator(RngKind::kNabla, 99);
  for (size_t i = 0; i < rows * width; ++i) {
    const uint64_t bits = generator->Bits();
    owned->pixels.push_back(bits % 4 == 0 ? static_cast<uint8_t>(bits >> 8) : 0);
  }
  for (size_t i = 0; i < rows; ++i) {
    owned->labels.push_back(static_cast<int32_t>(generator->Below(classes)));
  }
  return {.count = rows,
          .shape = {{width}},
          .pixels = owned->pixels,
          .normalization = {.scale = 255},
          .classes = classes,
          .labels = owned->labels,
          .keep_alive = owned};
}

// The same as pictures for kDeepToyNet.
inline Samples ToyImages() {
  Samples samples = ToySamples(300, 2 * 8 * 9, 10);
  samples.shape = {{2, 8, 9}};
  return samples;
}

// The bytes themselves as ids, for kBagToyNet.
inline Samples ToyBags() {
  Samples samples = ToySamples(300, 61, 10);
  samples.normalization = {};
  return samples;
}

inline const Registry& ToyRegistry() {
  static const Registry registry = [] {
    Registry made;
    RegisterBuiltins(made);
    return made;
  }();
  return registry;
}

// Everything that a Step needs, from YAML: keys model, loss and optimizer.
template <typename T>
struct Toy {
  Toy(const std::string& yaml, const Registry& registry, Samples rows) : samples(std::move(rows)) {
    spec = ParseExperiment<T>(ParseYaml("name: toy\ndataset: synthetic_digits\n" + yaml, "toy"),
                              registry);
    std::vector<ListedLayer<T>> layers;
    for (const auto& layer : spec.model) layers.push_back({layer.object, layer.config.place});
    const auto generator = MakeGenerator(RngKind::kNabla, 7);
    network = std::make_unique<Network<T>>(layers, samples.shape, *generator);
  }

  Step<T> MakeStep(size_t batch_rows, Threads& threads, const Plan& plan,
                   const Augmentation& augmentation = {}) {
    return Step<T>(*network, *spec.loss, *spec.optimizer, samples, batch_rows, threads, plan, {},
                   augmentation);
  }

  // Trains `steps` steps on consecutive batches and returns the hash of all weights.
  std::string Train(size_t batch_rows, Threads& threads, const Plan& plan, int64_t steps) {
    Step<T> step = MakeStep(batch_rows, threads, plan);
    std::vector<uint32_t> order(samples.count);
    std::iota(order.begin(), order.end(), 0u);
    size_t begin = 0;
    for (int64_t i = 1; i <= steps; ++i) {
      if (begin >= samples.count) begin = 0;
      const size_t rows = std::min(batch_rows, samples.count - begin);
      last = step.Train(std::span<const uint32_t>(order).subspan(begin, rows),
                        spec.optimizer->LearningRate(), i, static_cast<uint64_t>(i));
      begin += rows;
    }
    return network->Hash();
  }

  Samples samples;
  ExperimentSpec<T> spec;
  std::unique_ptr<Network<T>> network;
  BatchMetrics last;
};

}  // namespace nabla

#endif  // NABLA_TESTS_ENGINE_TOY_H_
