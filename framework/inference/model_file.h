// A trained model, read back from disk.
#ifndef NABLA_FRAMEWORK_INFERENCE_MODEL_FILE_H_
#define NABLA_FRAMEWORK_INFERENCE_MODEL_FILE_H_

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "framework/config/node.h"
#include "framework/engine/network.h"
#include "framework/plugin/registry.h"
#include "framework/record/checkpoint.h"
#include "framework/spec/spec.h"

namespace nabla {

template <typename T>
struct Model {
  ModelHead head;
  ExperimentSpec<T> spec;
  std::unique_ptr<Network<T>> network;  // with the parameters of the file
};

using AnyModel = std::variant<Model<float>, Model<double>>;

// The registry must know the plugins that the model's config names. Throws InputError placed at
// `file` if it is damaged or not a model, or placed in its config.
AnyModel LoadModel(const std::string& file, const Registry& registry);

// Of a value in the model's config, its text or those of a list; none of null or of nothing.
std::vector<std::string> TextsIn(const Node* node);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_MODEL_FILE_H_
