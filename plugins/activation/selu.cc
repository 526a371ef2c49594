#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Selu : public Elementwise<Selu<T>, T> {
 public:
  static constexpr PluginInfo kInfo{
      "selu", "An ELU that keeps mean 0 and variance 1 (Klambauer et al. 2017).",
      "y = s x for x > 0, else s a (exp(x) - 1); s = 1.0507009873554805, a = 1.6732632423543772"};

  template <class D, class V>
  V Value(D d, V x) const {
    const V negative = hn::Mul(hn::Set(d, kScaleAlpha), VExpm1(d, x));
    return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), hn::Mul(hn::Set(d, kScale), x), negative);
  }
  template <class D, class V>
  V Slope(D d, V x, V y) const {
    return hn::IfThenElse(hn::Gt(x, hn::Zero(d)), hn::Set(d, kScale),
                          hn::Add(y, hn::Set(d, kScaleAlpha)));
  }
  std::vector<double> Kinks() const override { return {0}; }

 private:
  static constexpr T kScale = static_cast<T>(1.0507009873554804934193349852946);
  static constexpr T kScaleAlpha =
      static_cast<T>(1.0507009873554804934193349852946 * 1.6732632423543772848170429916717);
};

NABLA_PLUGIN_END(Selu)
