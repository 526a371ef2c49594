#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class L1 : public ElementLoss<L1<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"l1", "Absolute distance.",
                                    "l = |z - t|, dl/dz = sign(z - t), 0 at 0"};

  LossPoint At(double z, double t) const {
    return {std::abs(z - t), static_cast<double>((z > t) - (z < t))};
  }
};

NABLA_PLUGIN_END(L1)
