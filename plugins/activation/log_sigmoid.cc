#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class LogSigmoid : public Elementwise<LogSigmoid<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"log_sigmoid", "Logarithm of the sigmoid, exact far below 0.",
                                    "y = min(x, 0) - log(1 + exp(-|x|)), y' = 1 / (1 + exp(x))"};

  template <class D, class V>
  V Value(D d, V x) const {
    return hn::Sub(hn::Min(x, hn::Zero(d)), VLog1p(d, VExp(d, hn::Neg(hn::Abs(x)))));
  }
  template <class D, class V>
  V Slope(D d, V x, V) const {
    return VSigmoid(d, hn::Neg(x));
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    // -softplus(-x)
    return nodes.Add("Neg", {nodes.Add("Softplus", {nodes.Add("Neg", {x})})});
  }
};

NABLA_PLUGIN_END(LogSigmoid)
