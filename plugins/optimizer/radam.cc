#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Radam : public MomentOptimizer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "radam", "Adam that waits until v can be trusted (Liu et al. 2020).",
      "g += weight_decay p; m, v as adam; R = 2 / (1 - b2) - 1, r = R - 2 t b2^t / (1 - b2^t); "
      "p -= lr m / (1 - b1^t) s; s = 1 for r <= 5, else sqrt((r-4) (r-2) R / ((R-4) (R-2) r)) "
      "sqrt(1 - b2^t) / (sqrt(v) + eps)"};

  size_t States() const override { return 2; }

  void Update(const UpdateSpan<T>& span) const override {
    const double b1 = this->betas[0];
    const double b2 = this->betas[1];
    const double power = PowerOf(b2, span.step);
    const double most = 2 / (1 - b2) - 1;  // R
    const double r = most - 2 * static_cast<double>(span.step) * power / (1 - power);
    const bool trusted = r > 5;
    double scale = span.lr / (1 - PowerOf(b1, span.step));
    if (trusted) {
      scale *= std::sqrt((r - 4) * (r - 2) * most / ((most - 4) * (most - 2) * r) * (1 - power));
    }
    const hn::ScalableTag<T> tag;
    const auto rate = hn::Set(tag, static_cast<T>(scale));
    const auto least = hn::Set(tag, static_cast<T>(this->eps));
    UpdateElements<2>(span, this->weight_decay,
                      [&](auto d, auto g, auto& p, auto& m, auto& v) HWY_ATTR {
                        Average(d, b1, g, m);
                        Average(d, b2, hn::Mul(g, g), v);
                        const auto step = trusted ? hn::Div(m, hn::Add(hn::Sqrt(v), least)) : m;
                        p = hn::NegMulAdd(rate, step, p);
                      });
  }
};

NABLA_PLUGIN_END(Radam)
