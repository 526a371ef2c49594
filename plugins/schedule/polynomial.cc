#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class PolynomialSchedule : public TimedSchedule {
 public:
  static constexpr PluginInfo kInfo{"polynomial", "Falls to 0 along a power of the time left.",
                                    "lr(t) = lr (1 - min(t, total_iters) / total_iters)^power"};

  template <typename V>
  static void Fields(V& v) {
    v("total_iters", &PolynomialSchedule::total_iters,
      {.doc = "time when the rate reaches 0; the end of the training if left out", .min = 1});
    v("power", &PolynomialSchedule::power, {.doc = "exponent; 1 gives a straight line", .min = 0});
    TimedSchedule::Fields(v);
  }

  std::optional<int64_t> total_iters;
  double power = 1;

 protected:
  double RateAt(double base, int64_t t, int64_t total) const override {
    const int64_t end = total_iters.value_or(total);
    const double left = static_cast<double>(end - std::min(t, end)) / static_cast<double>(end);
    return base * RealPowerOf(left, power);
  }
};

NABLA_PLUGIN_END(PolynomialSchedule)
