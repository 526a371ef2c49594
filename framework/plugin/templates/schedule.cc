// The schedule `my_plugin`: the learning rate of every step.
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class MyPlugin : public TimedSchedule {
 public:
  // The name in experiment files, one line about it, and its formula: what `list` and `describe`
  // show.
  static constexpr PluginInfo kInfo{"my_plugin", "Falls fast at first, then ever more slowly.",
                                    "lr(t) = lr / (1 + decay t)"};

  // What a user may set; defaults are below. TimedSchedule adds `per`.
  template <typename V>
  static void Fields(V& v) {
    v("decay", &MyPlugin::decay,
      {.doc = "1 / decay is the time after which the rate is halved", .min = 0});
    TimedSchedule::Fields(v);
  }

  double decay = 0.01;

 protected:
  // The rate at time t of total, in steps or epochs as `per` says; `base` is the optimizer's own.
  double RateAt(double base, int64_t t, int64_t /*total*/) const override {
    return base / (1 + decay * static_cast<double>(t));
  }
};

NABLA_PLUGIN_END(MyPlugin)
