#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class TanhActivation : public Elementwise<TanhActivation<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"tanh", "Squashes to -1 .. 1.", "y = tanh(x), y' = 1 - y^2"};

  template <class D, class V>
  V Value(D d, V x) const {
    return VTanh(d, x);
  }
  template <class D, class V>
  V Slope(D d, V, V y) const {
    return hn::NegMulAdd(y, y, hn::Set(d, T{1}));
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    return nodes.Add("Tanh", {x});
  }
};

NABLA_PLUGIN_END(TanhActivation)
