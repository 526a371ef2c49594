#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Huber : public ElementLoss<Huber<T>, T> {
 public:
  static constexpr PluginInfo kInfo{
      "huber", "Squared near the target, linear farther away (Huber 1964).",
      "d = z - t; l = d^2 / 2 if |d| < delta, else delta (|d| - delta / 2)"};

  template <typename V>
  static void Fields(V& v) {
    v("delta", &Huber::delta, {.doc = "where the two pieces meet", .min = 0, .above_min = true});
    ElementLoss<Huber, T>::Fields(v);
  }

  LossPoint At(double z, double t) const {
    const double d = z - t;
    if (std::abs(d) < delta) return {d * d / 2, d};
    return {delta * (std::abs(d) - delta / 2), std::copysign(delta, d)};
  }

  double delta = 1;
};

NABLA_PLUGIN_END(Huber)
