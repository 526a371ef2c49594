// Trains a network inside another program, keeps it in a file, and predicts and evaluates with it:
//   bazel run //examples:embed -- net.safetensors
#include <cstdio>
#include <exception>

#include "framework/embed/nabla.h"
#include "plugins/builtin.h"

int main(int argc, char** argv) {
  const char* file = argc > 1 ? argv[1] : "net.safetensors";
  try {
    nabla::Registry registry;
    nabla::RegisterBuiltins(registry);
    nabla::Node experiment = nabla::ParseYaml(R"(
name: embedded
dataset: {name: xor, points: 500, test_points: 100}
model: [{name: linear, units: 16}, tanh, {name: linear, units: 2}]
loss: cross_entropy
optimizer: {name: adam, lr: 0.05}
train: {batch_size: 50, epochs: 5}
)",
                                              "embed.cc");
    nabla::ApplyOverride(experiment, "train.epochs=20");
    nabla::TrainingOptions options;
    options.on_epoch = [](const nabla::EpochMetrics& e) {
      std::printf("epoch %d: loss %.4f\n", static_cast<int>(e.epoch), e.train_loss);
    };
    nabla::SaveModel(nabla::TrainModel(experiment, registry, options).model, file);

    const nabla::AnyModel model = nabla::LoadModel(file, registry);
    const nabla::RawRows rows{.count = 2, .numbers = {0.5, 0.7, -0.6, 0.5}, .labels = {0, 1}};
    for (const auto& scores : nabla::Predict(model, rows)) {
      std::printf("class %d\n", scores[1] > scores[0] ? 1 : 0);
    }
    for (const auto& [name, value] : nabla::Evaluate(model, registry, rows).metrics) {
      std::printf("%s %.4f\n", name.c_str(), value);
    }
  } catch (const std::exception& e) {  // InputError says where the mistake is
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
  return 0;
}
