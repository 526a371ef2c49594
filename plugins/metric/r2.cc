#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

template <typename T>
class R2 : public ValueMetric<T, R2> {
 public:
  static constexpr PluginInfo kInfo{
      "r2", "The share of the targets' variance that the outputs explain; scikit-learn's r2_score.",
      "mean over C of 1 - sum (z - t)^2 / sum (t - mean t)^2; where all targets are equal, 1 if "
      "the outputs are too and 0 if not; missing of a single row"};

  std::pair<double, double> Range() const override {
    return {-std::numeric_limits<double>::infinity(), 1};
  }
  bool SmallerIsBetter() const override { return false; }
  static double Of(const ValueSums& s) {
    if (s.rows < 2) return std::numeric_limits<double>::quiet_NaN();
    const double total = s.spread - s.targets * s.targets / s.rows;
    if (total <= 0) return s.squares == 0 ? 1.0 : 0.0;
    return 1 - s.squares / total;
  }
};

NABLA_PLUGIN_END(R2)
