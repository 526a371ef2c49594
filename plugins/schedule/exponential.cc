#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class ExponentialSchedule : public TimedSchedule {
 public:
  static constexpr PluginInfo kInfo{
      "exponential", "Falls by the same factor in every step or epoch.", "lr(t) = lr gamma^t"};

  template <typename V>
  static void Fields(V& v) {
    v("gamma", &ExponentialSchedule::gamma,
      {.doc = "factor on the rate", .min = 0, .required = true});
    TimedSchedule::Fields(v);
  }

  double gamma = 1;

 protected:
  double RateAt(double base, int64_t t, int64_t) const override { return base * PowerOf(gamma, t); }
};

NABLA_PLUGIN_END(ExponentialSchedule)
