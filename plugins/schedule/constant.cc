#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class ConstantSchedule : public Schedule {
 public:
  static constexpr PluginInfo kInfo{"constant", "The optimizer's own rate in every step.",
                                    "lr(t) = lr"};

  double Rate(double base, const ScheduleTime&) const override { return base; }
};

NABLA_PLUGIN_END(ConstantSchedule)
