#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Relu : public Elementwise<Relu<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"relu", "The positive part.", "y = max(x, 0), y'(0) = 0"};

  template <class D, class V>
  V Value(D d, V x) const {
    // Not hn::Max: what becomes of NaN and -0 there depends on the target. Both pass here.
    return hn::IfThenZeroElse(hn::Lt(x, hn::Zero(d)), x);
  }
  template <class D, class V>
  V Slope(D d, V x, V) const {
    return hn::IfThenElseZero(hn::Gt(x, hn::Zero(d)), hn::Set(d, T{1}));
  }
  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    return nodes.Add("Relu", {x});
  }
  std::vector<double> Kinks() const override { return {0}; }
};

NABLA_PLUGIN_END(Relu)
