// Calls kernels of the program that loads it.
#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class LogRate : public Schedule {
 public:
  static constexpr PluginInfo kInfo{"log_rate", "Falls with the logarithm of the step.",
                                    "lr(t) = lr / (1 + ln(1 + t))"};

  double Rate(double base, const ScheduleTime& time) const override {
    return base / (1 + LogOf(1 + static_cast<double>(time.t)));
  }
};

NABLA_PLUGIN_END(LogRate)
