#include "framework/export/onnx_activations.h"

#include <map>

#include "framework/base/error.h"
#include "framework/export/untyped_network.h"
#include "framework/training/experiment.h"

namespace nabla {
namespace {

using Name = std::string;

struct Applied {
  const Node& config;
  const Shape& shape;
  OnnxBuilder& b;

  double Get(std::string_view key) const { return NumberOf(config, key); }
};

// Activations that are one ONNX operator.
template <const char* kOp>
Name Plain(const Applied& a, const Name& x) {
  return a.b.Add(kOp, {x});
}

constexpr char kRelu[] = "Relu";
constexpr char kSigmoid[] = "Sigmoid";
constexpr char kSoftsign[] = "Softsign";
constexpr char kTanh[] = "Tanh";
constexpr char kIdentity[] = "Identity";
constexpr char kSoftmax[] = "Softmax";
constexpr char kLogSoftmax[] = "LogSoftmax";

// Operators over the whole row.
template <const char* kOp>
Name OverRow(const Applied& a, const Name& x) {
  const Name y = a.b.Add(kOp, {a.b.Flat(x, a.shape)}, {{"axis", int64_t{-1}}});
  return a.b.Shaped(y, a.shape);
}

Name Elu(const Applied& a, const Name& x) {
  return a.b.Add("Elu", {x}, {{"alpha", static_cast<float>(a.Get("alpha"))}});
}

Name Selu(const Applied& a, const Name& x) {
  return a.b.Add("Selu", {x},
                 {{"alpha", static_cast<float>(a.Get("alpha"))},
                  {"gamma", static_cast<float>(a.Get("scale"))}});
}

Name LeakyRelu(const Applied& a, const Name& x) {
  return a.b.Add("LeakyRelu", {x}, {{"alpha", static_cast<float>(a.Get("negative_slope"))}});
}

Name Clip(const Applied& a, const Name& x, double low, double high) {
  return a.b.Add("Clip", {x, a.b.Number(low), a.b.Number(high)});
}

Name Hardtanh(const Applied& a, const Name& x) {
  return Clip(a, x, a.Get("min_val"), a.Get("max_val"));
}

Name Relu6(const Applied& a, const Name& x) { return Clip(a, x, 0, 6); }

// x clip(x / 6 + 1/2, 0, 1)
Name Hardswish(const Applied& a, const Name& x) {
  const Name sixth = a.b.Add("Div", {x, a.b.Number(6)});
  const Name gate = a.b.Add("Add", {sixth, a.b.Number(0.5)});
  return a.b.Add("Mul", {x, Clip(a, gate, 0, 1)});
}

Name Silu(const Applied& a, const Name& x) { return a.b.Add("Mul", {x, a.b.Add("Sigmoid", {x})}); }

// -softplus(-x)
Name LogSigmoid(const Applied& a, const Name& x) {
  return a.b.Add("Neg", {a.b.Add("Softplus", {a.b.Add("Neg", {x})})});
}

Name Mish(const Applied& a, const Name& x) {
  return a.b.Add("Mul", {x, a.b.Add("Tanh", {a.b.Add("Softplus", {x})})});
}

// softplus(beta x) / beta, and x where beta x is above the threshold.
Name Softplus(const Applied& a, const Name& x) {
  const Name beta = a.b.Number(a.Get("beta"));
  const Name scaled = a.b.Add("Mul", {x, beta});
  const Name soft = a.b.Add("Div", {a.b.Add("Softplus", {scaled}), beta});
  const Name straight = a.b.Add("Greater", {scaled, a.b.Number(a.Get("threshold"))});
  return a.b.Add("Where", {straight, x, soft});
}

// The argument of tanh: sqrt(2 / pi) (x + 0.044715 x^3).
Name GeluInner(const Applied& a, const Name& x) {
  const Name square = a.b.Add("Mul", {x, x});
  const Name cubic = a.b.Add("Mul", {a.b.Add("Mul", {square, x}), a.b.Number(0.044715)});
  return a.b.Add("Mul", {a.b.Add("Add", {x, cubic}), a.b.Number(0.79788456080286535588)});
}

// x (1 + g(x)) / 2, where g is erf(x / sqrt(2)) or tanh(inner).
Name Gelu(const Applied& a, const Name& x) {
  const bool by_tanh = a.config.Find("approximate")->text == "tanh";
  const Name g = by_tanh
                     ? a.b.Add("Tanh", {GeluInner(a, x)})
                     : a.b.Add("Erf", {a.b.Add("Mul", {x, a.b.Number(0.70710678118654752440)})});
  const Name half = a.b.Add("Mul", {x, a.b.Number(0.5)});
  return a.b.Add("Mul", {half, a.b.Add("Add", {g, a.b.Number(1)})});
}

using Mapping = Name (*)(const Applied&, const Name&);

const std::map<std::string_view, Mapping>& Mappings() {
  static const std::map<std::string_view, Mapping> mappings = {
      {"elu", Elu},
      {"gelu", Gelu},
      {"hardswish", Hardswish},
      {"hardtanh", Hardtanh},
      {"identity", Plain<kIdentity>},
      {"leaky_relu", LeakyRelu},
      {"log_sigmoid", LogSigmoid},
      {"log_softmax", OverRow<kLogSoftmax>},
      {"mish", Mish},
      {"relu", Plain<kRelu>},
      {"relu6", Relu6},
      {"selu", Selu},
      {"sigmoid", Plain<kSigmoid>},
      {"silu", Silu},
      {"softmax", OverRow<kSoftmax>},
      {"softplus", Softplus},
      {"softsign", Plain<kSoftsign>},
      {"tanh", Plain<kTanh>}};
  return mappings;
}

}  // namespace

std::string AddActivation(const Node& config, const Shape& shape, const std::string& x,
                          OnnxBuilder* builder) {
  const std::string name = PluginName(config);
  const auto found = Mappings().find(name);
  if (found == Mappings().end()) {
    throw InputError(std::vector<Problem>{
        {config.place, "the activation \"" + name + "\" has no counterpart in ONNX"}});
  }
  return found->second({config, shape, *builder}, x);
}

bool HasActivationMapping(std::string_view name) { return Mappings().contains(name); }

}  // namespace nabla
