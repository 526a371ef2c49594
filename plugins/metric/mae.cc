#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class Mae : public ValueMetric<T, Mae> {
 public:
  static constexpr PluginInfo kInfo{
      "mae",
      "How far the outputs are from the targets in the mean; scikit-learn's mean_absolute_error.",
      "mean over C of sum |z - t| / N"};

  static double Of(const ValueSums& s) { return s.distances / s.rows; }
};

NABLA_PLUGIN_END(Mae)
