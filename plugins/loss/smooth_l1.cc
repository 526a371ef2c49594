#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class SmoothL1 : public ElementLoss<SmoothL1<T>, T> {
 public:
  static constexpr PluginInfo kInfo{
      "smooth_l1", "Squared near the target, linear farther away (Girshick 2015).",
      "d = z - t; l = d^2 / (2 beta) if |d| < beta, else |d| - beta / 2"};

  template <typename V>
  static void Fields(V& v) {
    v("beta", &SmoothL1::beta, {.doc = "where the two pieces meet", .min = 0});
    ElementLoss<SmoothL1, T>::Fields(v);
  }

  LossPoint At(double z, double t) const {
    const double d = z - t;
    if (std::abs(d) < beta) return {d * d / (2 * beta), d / beta};
    return {std::abs(d) - beta / 2, static_cast<double>((d > 0) - (d < 0))};
  }

  double beta = 1;
};

NABLA_PLUGIN_END(SmoothL1)
