#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Mse : public ElementLoss<Mse<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"mse", "Squared distance.",
                                    "l = (z - t)^2, dl/dz = 2 (z - t); t = onehot(label) for "
                                    "classes"};

  LossPoint At(double z, double t) const { return {(z - t) * (z - t), 2 * (z - t)}; }
};

NABLA_PLUGIN_END(Mse)
