#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Softsign : public Elementwise<Softsign<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"softsign", "Squashes to -1 .. 1, slower than tanh.",
                                    "y = x / (1 + |x|), y' = 1 / (1 + |x|)^2"};

  template <class D, class V>
  V Value(D d, V x) const {
    return hn::Div(x, hn::Add(hn::Set(d, T{1}), hn::Abs(x)));
  }
  template <class D, class V>
  V Slope(D d, V x, V) const {
    const V one = hn::Set(d, T{1});
    const V below = hn::Add(one, hn::Abs(x));
    return hn::Div(one, hn::Mul(below, below));
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    return nodes.Add("Softsign", {x});
  }
};

NABLA_PLUGIN_END(Softsign)
