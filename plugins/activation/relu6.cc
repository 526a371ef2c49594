#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Relu6 : public Elementwise<Relu6<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"relu6", "A ReLU capped at 6.",
                                    "y = min(max(x, 0), 6), y'(0) = y'(6) = 0"};

  template <class D, class V>
  V Value(D d, V x) const {
    const V six = hn::Set(d, T{6});
    // This order lets NaN through.
    return hn::IfThenElse(hn::Gt(x, six), six, hn::IfThenZeroElse(hn::Lt(x, hn::Zero(d)), x));
  }
  template <class D, class V>
  V Slope(D d, V x, V) const {
    const auto inside = hn::And(hn::Gt(x, hn::Zero(d)), hn::Lt(x, hn::Set(d, T{6})));
    return hn::IfThenElseZero(inside, hn::Set(d, T{1}));
  }
  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    const std::string zero = nodes.Number(0);
    return nodes.Add("Clip", {x, zero, nodes.Number(6)});
  }
  std::vector<double> Kinks() const override { return {0, 6}; }
};

NABLA_PLUGIN_END(Relu6)
