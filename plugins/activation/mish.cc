#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Mish : public Elementwise<Mish<T>, T> {
 public:
  static constexpr PluginInfo kInfo{
      "mish", "Self-gated and smooth (Misra 2019).",
      "y = x tanh(log(1 + exp(x))) = x n / (n + 2), n = e (e + 2), e = exp(x)"};

  template <class D, class V>
  V Value(D d, V x) const {
    const V n = N(d, Exp(d, x));
    return hn::Mul(x, hn::Div(n, hn::Add(n, hn::Set(d, T{2}))));
  }
  template <class D, class V>
  V Slope(D d, V x, V) const {
    const V e = Exp(d, x);
    const V n = N(d, e);
    const V below = hn::Add(n, hn::Set(d, T{2}));
    const V one = hn::Set(d, T{1});
    // 1 - tanh^2 = 4 (n + 1) / (n + 2)^2, and n' / n = 2 e (e + 1) / n.
    const V bend = hn::Div(hn::Mul(hn::Set(d, T{4}), hn::Add(n, one)), hn::Mul(below, below));
    const V sigmoid = hn::Div(e, hn::Add(e, one));
    return hn::MulAdd(hn::Mul(Least(d, x), bend), sigmoid, hn::Div(n, below));
  }

  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    return nodes.Add("Mul", {x, nodes.Add("Tanh", {nodes.Add("Softplus", {x})})});
  }

 private:
  // From 20 on tanh(log(1 + e^x)) is 1 to the last bit; further up e^x would overflow.
  template <class D, class V>
  static V Least(D d, V x) {
    return hn::IfThenElse(hn::Gt(x, hn::Set(d, T{20})), hn::Set(d, T{20}), x);
  }
  template <class D, class V>
  static V Exp(D d, V x) {
    return VExp(d, Least(d, x));
  }
  template <class D, class V>
  static V N(D d, V e) {
    return hn::Mul(e, hn::Add(e, hn::Set(d, T{2})));
  }
};

NABLA_PLUGIN_END(Mish)
