#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Sgd : public Optimizer<T> {
 public:
  static constexpr PluginInfo kInfo{"sgd", "Gradient descent.", "p -= lr g"};

  template <typename V>
  static void Fields(V& v) {
    v("lr", &Sgd::lr, {.doc = "learning rate", .min = 0});
  }

  double LearningRate() const override { return lr; }

  void Update(const UpdateSpan<T>& span) const override {
    const auto rate = hn::Set(hn::ScalableTag<T>(), static_cast<T>(span.lr));
    Map2([rate](auto, auto p, auto g) HWY_ATTR { return hn::Sub(p, hn::Mul(rate, g)); }, span.value,
         span.gradient, span.value, span.size);
  }

  double lr = 0.001;
};

NABLA_PLUGIN_END(Sgd)
