#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Identity : public Elementwise<Identity<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"identity", "Returns its input unchanged.", "y = x"};

  template <class D, class V>
  V Value(D, V x) const {
    return x;
  }
  template <class D, class V>
  V Slope(D d, V, V) const {
    return hn::Set(d, T{1});
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    return nodes.Add("Identity", {x});
  }
};

NABLA_PLUGIN_END(Identity)
