#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class MultiStepSchedule : public TimedSchedule {
 public:
  static constexpr PluginInfo kInfo{"multi_step", "Falls by a factor at given times.",
                                    "lr(t) = lr gamma^(number of milestones <= t)"};

  template <typename V>
  static void Fields(V& v) {
    v("milestones", &MultiStepSchedule::milestones,
      {.doc = "times at which the rate falls", .min = 0, .required = true});
    v("gamma", &MultiStepSchedule::gamma, {.doc = "factor on the rate", .min = 0});
    TimedSchedule::Fields(v);
  }

  std::vector<int64_t> milestones;
  double gamma = 0.1;

 protected:
  double RateAt(double base, int64_t t, int64_t) const override {
    int64_t passed = 0;
    for (const int64_t milestone : milestones) passed += milestone <= t;
    return base * PowerOf(gamma, passed);
  }
};

NABLA_PLUGIN_END(MultiStepSchedule)
