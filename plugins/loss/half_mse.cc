#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class HalfMse : public ElementLoss<HalfMse<T>, T> {
 public:
  static constexpr PluginInfo kInfo{
      "half_mse", "Half the squared distance, averaged over rows.",
      "row = sum over C of (z - t)^2 / 2, dz = (z - t) / B; t = onehot(label) for classes"};

  // The loss's name fixes its reduction, so there is nothing to set.
  template <typename V>
  static void Fields(V&) {}

  HalfMse() { this->reduction = Reduction::kSumClasses; }

  LossPoint At(double z, double t) const { return {(z - t) * (z - t) / 2, z - t}; }
};

NABLA_PLUGIN_END(HalfMse)
