#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class InverseTime : public TimedSchedule {
 public:
  static constexpr PluginInfo kInfo{"inverse_time", "Falls with one over the time.",
                                    "lr(t) = lr / (1 + decay t)"};

  template <typename V>
  static void Fields(V& v) {
    v("decay", &InverseTime::decay, {.doc = "how fast the rate falls", .min = 0, .required = true});
    TimedSchedule::Fields(v);
  }

  double decay = 0;

 protected:
  double RateAt(double base, int64_t t, int64_t) const override {
    return base / (1 + decay * static_cast<double>(t));
  }
};

NABLA_PLUGIN_END(InverseTime)
