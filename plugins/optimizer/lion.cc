#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Lion : public MomentOptimizer<T> {
 public:
  static constexpr PluginInfo kInfo{
      "lion", "Steps of equal size, along the sign of the momentum (Chen et al. 2023).",
      "p *= 1 - lr weight_decay; p -= lr sign(b1 m + (1 - b1) g); m = b2 m + (1 - b2) g"};

  template <typename V>
  static void Fields(V& v) {
    DecayingOptimizer<T>::Fields(v);
    MomentOptimizer<T>::BetaFields(v);
  }

  Lion() {
    this->lr = 1e-4;
    this->betas = {0.9, 0.99};
  }

  size_t States() const override { return 1; }

  void Update(const UpdateSpan<T>& span) const override {
    const hn::ScalableTag<T> tag;
    const auto rate = hn::Set(tag, static_cast<T>(span.lr));
    const auto shrink = hn::Set(tag, static_cast<T>(1 - span.lr * this->weight_decay));
    UpdateElements<1>(span, 0, [&](auto d, auto g, auto& p, auto& m) HWY_ATTR {
      auto way = m;
      Average(d, this->betas[0], g, way);
      const auto step = hn::IfThenZeroElse(hn::Eq(way, hn::Zero(d)), hn::CopySign(rate, way));
      p = hn::Sub(hn::Mul(p, shrink), step);
      Average(d, this->betas[1], g, m);
    });
  }
};

NABLA_PLUGIN_END(Lion)
