#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class StepSchedule : public TimedSchedule {
 public:
  static constexpr PluginInfo kInfo{"step", "Falls by a factor at regular times.",
                                    "lr(t) = lr gamma^(t div step_size)"};

  template <typename V>
  static void Fields(V& v) {
    v("step_size", &StepSchedule::step_size,
      {.doc = "time between two falls", .min = 1, .required = true});
    v("gamma", &StepSchedule::gamma, {.doc = "factor on the rate", .min = 0});
    TimedSchedule::Fields(v);
  }

  int64_t step_size = 1;
  double gamma = 0.1;

 protected:
  double RateAt(double base, int64_t t, int64_t) const override {
    return base * PowerOf(gamma, t / step_size);
  }
};

NABLA_PLUGIN_END(StepSchedule)
