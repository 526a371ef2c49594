#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class KlDiv : public ElementLoss<KlDiv<T>, T> {
 public:
  static constexpr PluginInfo kInfo{
      "kl_div", "Kullback-Leibler divergence of log probabilities from the targets.",
      "l = t (log t - z), 0 where t = 0, dl/dz = -t; log_target: t = exp(target)"};

  template <typename V>
  static void Fields(V& v) {
    v("log_target", &KlDiv::log_target, {.doc = "the targets are logarithms too"});
    ElementLoss<KlDiv, T>::Fields(v);
  }

  LossDomain Domain() const override {
    return log_target ? LossDomain::kAny : LossDomain::kProbabilityTargets;
  }

  LossPoint At(double z, double target) const {
    const double t = log_target ? ExpOf(target) : target;
    if (t == 0) return {0, 0};
    return {t * ((log_target ? target : LogOf(t)) - z), -t};
  }

  bool log_target = false;
};

NABLA_PLUGIN_END(KlDiv)
