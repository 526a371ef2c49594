#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class Warmup : public Schedule {
 public:
  static constexpr PluginInfo kInfo{
      "warmup", "A linear warm-up before any other schedule.",
      "lr(t) = (start_factor + (1 - start_factor) t / W) then(0) for t < W, else then(t - W) of a "
      "training shorter by W steps"};

  template <typename V>
  static void Fields(V& v) {
    v("steps", &Warmup::steps, {.doc = "length W of the warm-up", .unit = "steps", .min = 0});
    v("epochs", &Warmup::epochs,
      {.doc = "length in epochs instead of steps", .unit = "epochs", .min = 0, .max = 1e6});
    v("start_factor", &Warmup::start_factor,
      {.doc = "factor on the rate at t = 0", .min = 0, .max = 1});
    v("then", &Warmup::then, {.doc = "schedule that follows"});
  }
  void CheckFields() const {
    if (steps > 0 && epochs > 0) throw InputError("a warm-up has steps or epochs, not both");
  }

  double Rate(double base, const ScheduleTime& time) const override {
    const int64_t length = epochs > 0 ? epochs * time.steps_per_epoch : steps;
    ScheduleTime rest{.t = std::max<int64_t>(0, time.t - length),
                      .total = std::max<int64_t>(1, time.total - length),
                      .steps_per_epoch = time.steps_per_epoch};
    const double rate = then->Rate(base, rest);
    if (time.t >= length) return rate;
    const double x = static_cast<double>(time.t) / static_cast<double>(length);
    return rate * (start_factor + (1 - start_factor) * x);
  }

  int64_t steps = 0;
  int64_t epochs = 0;
  double start_factor = 0.1;
  Plug<Schedule> then{"constant"};
};

NABLA_PLUGIN_END(Warmup)
