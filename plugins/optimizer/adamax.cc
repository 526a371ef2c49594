#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Adamax : public MomentOptimizer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "adamax", "Adam scaled by the greatest recent gradient (Kingma and Ba 2015).",
      "g += weight_decay p; m = b1 m + (1 - b1) g; u = max(b2 u, |g| + eps); "
      "p -= lr / (1 - b1^t) m / u"};

  Adamax() { this->lr = 0.002; }

  size_t States() const override { return 2; }

  void Update(const UpdateSpan<T>& span) const override {
    const double b1 = this->betas[0];
    const hn::ScalableTag<T> tag;
    const auto rate = hn::Set(tag, static_cast<T>(span.lr / (1 - PowerOf(b1, span.step))));
    const auto keep = hn::Set(tag, static_cast<T>(this->betas[1]));
    const auto least = hn::Set(tag, static_cast<T>(this->eps));
    UpdateElements<2>(span, this->weight_decay,
                      [&](auto d, auto g, auto& p, auto& m, auto& u) HWY_ATTR {
                        Average(d, b1, g, m);
                        u = hn::Max(hn::Mul(keep, u), hn::Add(hn::Abs(g), least));
                        p = hn::NegMulAdd(rate, hn::Div(m, u), p);
                      });
  }
};

NABLA_PLUGIN_END(Adamax)
