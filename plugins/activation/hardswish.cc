#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Hardswish : public Elementwise<Hardswish<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"hardswish",
                                    "A piecewise approximation of silu (Howard et al. 2019).",
                                    "y = x min(max(x + 3, 0), 6) / 6, y' = 0 below -3, 1 above 3, "
                                    "x / 3 + 1/2 between and at both"};

  template <class D, class V>
  V Value(D d, V x) const {
    const V gate = hn::Add(x, hn::Set(d, T{3}));
    const V inside = hn::Div(hn::Mul(x, gate), hn::Set(d, T{6}));
    return Pieces(d, x, inside, x);
  }
  template <class D, class V>
  V Slope(D d, V x, V) const {
    const V inside = hn::Add(hn::Div(x, hn::Set(d, T{3})), hn::Set(d, T{0.5}));
    return Pieces(d, x, inside, hn::Set(d, T{1}));
  }
  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    // x clip(x / 6 + 1/2, 0, 1)
    const std::string sixth = nodes.Add("Div", {x, nodes.Number(6)});
    const std::string gate = nodes.Add("Add", {sixth, nodes.Number(0.5)});
    const std::string zero = nodes.Number(0);
    return nodes.Add("Mul", {x, nodes.Add("Clip", {gate, zero, nodes.Number(1)})});
  }
  std::vector<double> Kinks() const override { return {-3, 3}; }

 private:
  template <class D, class V>
  static V Pieces(D d, V x, V inside, V above) {
    const V three = hn::Set(d, T{3});
    return hn::IfThenZeroElse(hn::Lt(x, hn::Neg(three)),
                              hn::IfThenElse(hn::Gt(x, three), above, inside));
  }
};

NABLA_PLUGIN_END(Hardswish)
