#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Silu : public Elementwise<Silu<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"silu", "Sigmoid linear unit, also called swish.",
                                    "y = x s(x), y' = s (1 + x (1 - s)); s = 1 / (1 + exp(-x))"};

  template <class D, class V>
  V Value(D d, V x) const {
    return hn::Mul(x, VSigmoid(d, x));
  }
  template <class D, class V>
  V Slope(D d, V x, V) const {
    const V one = hn::Set(d, T{1});
    const V s = VSigmoid(d, x);
    return hn::Mul(s, hn::MulAdd(x, hn::Sub(one, s), one));
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    return nodes.Add("Mul", {x, nodes.Add("Sigmoid", {x})});
  }
};

NABLA_PLUGIN_END(Silu)
