#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class SigmoidActivation : public Elementwise<SigmoidActivation<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"sigmoid", "Squashes to 0 .. 1.",
                                    "y = 1 / (1 + exp(-x)), y' = y (1 - y)"};

  template <class D, class V>
  V Value(D d, V x) const {
    return VSigmoid(d, x);
  }
  template <class D, class V>
  V Slope(D d, V, V y) const {
    return hn::Mul(y, hn::Sub(hn::Set(d, T{1}), y));
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    return nodes.Add("Sigmoid", {x});
  }
};

NABLA_PLUGIN_END(SigmoidActivation)
