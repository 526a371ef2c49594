// Small networks with every layer and activation, and rows for them: what exports are tested with.
#ifndef NABLA_TESTS_EXPORT_LISTED_MODELS_H_
#define NABLA_TESTS_EXPORT_LISTED_MODELS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "framework/base/generator.h"
#include "framework/inference/model_file.h"
#include "framework/plugin/registry.h"
#include "framework/record/model_input.h"

namespace nabla {

// Layers in front of which rows of `shape` stand.
struct Listed {
  std::string name;
  std::string layers;  // YAML
  std::vector<size_t> shape;
  bool pixels = false;  // bytes from 0 to 255, such as ids
  std::string loss = "mse";
};

// Every layer in several forms, and every activation of the registry over pictures and flat rows.
std::vector<Listed> ListedModels(const Registry& registry);

// A network with parameters that no layer begins with.
template <typename T>
std::unique_ptr<Network<T>> Drawn(const ExperimentSpec<T>& spec, const Shape& shape,
                                  Generator* generator);

template <typename T>
Model<T> ModelOf(const Listed& listed, const Registry& registry);

// A layer of a user, which no export knows.
template <typename T>
class Odd : public Layer<T> {
 public:
  static constexpr PluginInfo kInfo{"odd", "Of a user.", "y = x"};
  Shape Output(const Shape& input) const override { return input; }
  void Forward(const ForwardBlock<T>&) const override {}
  void Backward(const BackwardBlock<T>&) const override {}
};

// Rows in the range of what a data set holds.
RawRows SomeRows(const ModelInput& input, size_t count);

}  // namespace nabla

#endif  // NABLA_TESTS_EXPORT_LISTED_MODELS_H_
