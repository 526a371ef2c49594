#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class BceWithLogits : public ElementLoss<BceWithLogits<T>, T> {
 public:
  static constexpr PluginInfo kInfo{
      "bce_with_logits", "Binary cross entropy of logits; the sigmoid is inside.",
      "l = max(z, 0) - z t + log(1 + exp(-|z|)), dl/dz = sigmoid(z) - t"};

  LossDomain Domain() const override { return LossDomain::kProbabilityTargets; }
  LossPoint At(double z, double t) const {
    return {std::max(z, 0.0) - z * t + Log1pOf(ExpOf(-std::abs(z))), SigmoidOf(z) - t};
  }
};

NABLA_PLUGIN_END(BceWithLogits)
