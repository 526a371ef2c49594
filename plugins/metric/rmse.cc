#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Rmse : public ValueMetric<T, Rmse> {
 public:
  static constexpr PluginInfo kInfo{"rmse",
                                    "The root of the mean squared distance from the targets; "
                                    "scikit-learn's root_mean_squared_error.",
                                    "mean over C of sqrt(sum (z - t)^2 / N)"};

  static double Of(const ValueSums& s) { return std::sqrt(s.squares / s.rows); }
};

NABLA_PLUGIN_END(Rmse)
