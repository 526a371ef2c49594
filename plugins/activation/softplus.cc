#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Softplus : public Elementwise<Softplus<T>, T> {
 public:
  static constexpr PluginInfo kInfo{
      "softplus", "A smooth ReLU.",
      "y = log(1 + exp(beta x)) / beta, and x itself where beta x > threshold"};

  template <typename V>
  static void Fields(V& v) {
    v("beta", &Softplus::beta, {.doc = "how sharp the bend is", .min = 0, .above_min = true});
    v("threshold", &Softplus::threshold, {.doc = "the beta x above which y = x"});
  }

  template <class D, class V>
  V Value(D d, V x) const {
    const V scaled = hn::Mul(hn::Set(d, static_cast<T>(beta)), x);
    const V zero = hn::Zero(d);
    // log(1 + e^z) = max(z, 0) + log(1 + e^-|z|), which cannot overflow.
    const V soft = hn::Add(hn::Max(scaled, zero), VLog1p(d, VExp(d, hn::Neg(hn::Abs(scaled)))));
    return hn::IfThenElse(Straight(d, scaled), x, hn::Div(soft, hn::Set(d, static_cast<T>(beta))));
  }
  template <class D, class V>
  V Slope(D d, V x, V) const {
    const V scaled = hn::Mul(hn::Set(d, static_cast<T>(beta)), x);
    return hn::IfThenElse(Straight(d, scaled), hn::Set(d, T{1}), VSigmoid(d, scaled));
  }
  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    const std::string b = nodes.Number(beta);
    const std::string scaled = nodes.Add("Mul", {x, b});
    const std::string soft = nodes.Add("Div", {nodes.Add("Softplus", {scaled}), b});
    const std::string straight = nodes.Add("Greater", {scaled, nodes.Number(threshold)});
    return nodes.Add("Where", {straight, x, soft});
  }
  std::vector<double> Kinks() const override { return {threshold / beta}; }

  template <class D, class V>
  auto Straight(D d, V scaled) const {
    return hn::Gt(scaled, hn::Set(d, static_cast<T>(threshold)));
  }

  double beta = 1;
  double threshold = 20;
};

NABLA_PLUGIN_END(Softplus)
