#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Bce : public ElementLoss<Bce<T>, T> {
 public:
  static constexpr PluginInfo kInfo{"bce",
                                    "Binary cross entropy of outputs that are probabilities.",
                                    "l = -t log z - (1 - t) log(1 - z), logarithms not below -100; "
                                    "dl/dz = (z - t) / max(z (1 - z), 1e-12)"};

  LossDomain Domain() const override { return LossDomain::kProbabilities; }

  LossPoint At(double z, double t) const {
    const double yes = std::max(LogOf(z), -100.0);
    const double no = std::max(Log1pOf(-z), -100.0);
    return {-t * yes - (1 - t) * no, (z - t) / std::max(z * (1 - z), 1e-12)};
  }
};

NABLA_PLUGIN_END(Bce)
