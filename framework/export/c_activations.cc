#include "framework/export/c_activations.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/export/untyped_network.h"
#include "framework/training/experiment.h"

namespace nabla {
namespace {

// Of the activations that apply one function to each number: the keys that it gets after x.
const std::map<std::string_view, std::vector<std::string_view>>& Elementwise() {
  static const std::map<std::string_view, std::vector<std::string_view>> keys = {
      {"elu", {"alpha"}},
      {"gelu", {}},
      {"hardswish", {}},
      {"hardtanh", {"min_val", "max_val"}},
      {"leaky_relu", {"negative_slope"}},
      {"log_sigmoid", {}},
      {"mish", {}},
      {"relu", {}},
      {"relu6", {}},
      {"selu", {"scale", "alpha"}},
      {"sigmoid", {}},
      {"silu", {}},
      {"softplus", {"beta", "threshold"}},
      {"softsign", {}},
      {"tanh", {}}};
  return keys;
}

std::string FunctionOf(const std::string& name, const Node& config) {
  const bool by_tanh = name == "gelu" && config.Find("approximate")->text == "tanh";
  return by_tanh ? "gelu_tanh" : name;
}

constexpr std::string_view kIdentity = "identity";

bool IsOverRow(std::string_view name) { return name == "softmax" || name == "log_softmax"; }

}  // namespace

CRow AddCActivation(const Node& config, const CRow& x, CBuilder* builder) {
  const std::string name = PluginName(config);
  if (!HasCActivation(name)) {
    throw InputError(std::vector<Problem>{
        {config.place, "the activation \"" + name + "\" has no counterpart in C"}});
  }
  if (name == kIdentity) return x;
  const CRow y = builder->Over(x);
  if (IsOverRow(name)) {
    builder->Line(
        fmt::format("{}({}, {}, {});", builder->Function(name), x.Pointer(), x.size, y.Pointer()));
    return y;
  }
  std::string arguments = x.Element();
  for (const std::string_view key : Elementwise().at(name)) {
    arguments += ", " + builder->Number(NumberOf(config, key));
  }
  builder->Each(y, fmt::format("{}({})", builder->Function(FunctionOf(name, config)), arguments));
  return y;
}

bool HasCActivation(std::string_view name) {
  return name == kIdentity || IsOverRow(name) || Elementwise().contains(name);
}

}  // namespace nabla
