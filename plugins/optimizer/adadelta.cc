#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Adadelta : public DecayingOptimizer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "adadelta", "Steps in the units of the weights (Zeiler 2012).",
      "g += weight_decay p; v = rho v + (1 - rho) g^2; d = sqrt(a + eps) / sqrt(v + eps) g; "
      "a = rho a + (1 - rho) d^2; p -= lr d"};

  template <typename V>
  static void Fields(V& v) {
    DecayingOptimizer<T>::Fields(v);
    v("rho", &Adadelta::rho,
      {.doc = "fraction that the averages keep per step", .min = 0, .max = 1});
    v("eps", &Adadelta::eps,
      {.doc = "lets the first step differ from 0 and keeps the divisor above 0", .min = 0});
  }

  Adadelta() { this->lr = 1; }

  size_t States() const override { return 2; }

  void Update(const UpdateSpan<T>& span) const override {
    const hn::ScalableTag<T> tag;
    const auto rate = hn::Set(tag, static_cast<T>(span.lr));
    const auto least = hn::Set(tag, static_cast<T>(eps));
    UpdateElements<2>(span, this->weight_decay,
                      [&](auto d, auto g, auto& p, auto& v, auto& a) HWY_ATTR {
                        Average(d, rho, hn::Mul(g, g), v);
                        const auto up = hn::Sqrt(hn::Add(a, least));
                        const auto down = hn::Sqrt(hn::Add(v, least));
                        const auto step = hn::Mul(hn::Div(up, down), g);
                        Average(d, rho, hn::Mul(step, step), a);
                        p = hn::NegMulAdd(rate, step, p);
                      });
  }

  double rho = 0.9;
  double eps = 1e-6;
};

NABLA_PLUGIN_END(Adadelta)
