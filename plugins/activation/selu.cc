#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Selu : public Elementwise<Selu<T>, T> {
 public:
  static constexpr PluginInfo kInfo{
      "selu", "An ELU that keeps mean 0 and variance 1 (Klambauer et al. 2017).",
      "y = scale x for x > 0, else scale alpha (exp(x) - 1)"};

  template <typename V>
  static void Fields(V& v) {
    v("alpha", &Selu::alpha, {.doc = "depth of the curve below zero", .min = 0});
    v("scale", &Selu::scale, {.doc = "slope above zero", .min = 0, .above_min = true});
  }

  template <class D, class V>
  V Value(D d, V x) const {
    const V negative = hn::Mul(hn::Set(d, static_cast<T>(scale * alpha)), VExpm1(d, x));
    return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), hn::Mul(hn::Set(d, static_cast<T>(scale)), x),
                          negative);
  }
  template <class D, class V>
  V Slope(D d, V x, V y) const {
    return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), hn::Set(d, static_cast<T>(scale)),
                          hn::Add(y, hn::Set(d, static_cast<T>(scale * alpha))));
  }
  std::string Onnx(const std::string& x, OnnxNodes& nodes) const override {
    return nodes.Add("Selu", {x}, {{"alpha", alpha}, {"gamma", scale}});
  }
  std::vector<double> Kinks() const override { return {0}; }

  double alpha = 1.6732632423543772848170429916717;
  double scale = 1.0507009873554804934193349852946;
};

NABLA_PLUGIN_END(Selu)
