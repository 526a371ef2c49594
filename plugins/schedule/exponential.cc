#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class ExponentialSchedule : public TimedSchedule {
 public:
  static constexpr PluginInfo kInfo{"exponential", "Falls by a factor all the time.",
                                    "lr(t) = lr gamma^t"};

  template <typename V>
  static void Fields(V& v) {
    v("gamma", &ExponentialSchedule::gamma, {.doc = "the factor", .min = 0, .required = true});
    TimedSchedule::Fields(v);
  }

  double gamma = 1;

 protected:
  double RateAt(double base, int64_t t, int64_t) const override { return base * PowerOf(gamma, t); }
};

NABLA_PLUGIN_END(ExponentialSchedule)
