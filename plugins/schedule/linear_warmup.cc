#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class LinearWarmup : public TimedSchedule {
 public:
  static constexpr PluginInfo kInfo{
      "linear_warmup", "A straight line from one factor to another (PyTorch's LinearLR).",
      "lr(t) = lr (start_factor + (end_factor - start_factor) min(t, total_iters) / total_iters)"};

  template <typename V>
  static void Fields(V& v) {
    v("start_factor", &LinearWarmup::start_factor,
      {.doc = "factor on the rate at t = 0", .min = 0, .max = 1, .above_min = true});
    v("end_factor", &LinearWarmup::end_factor, {.doc = "factor on the rate at the end", .min = 0});
    v("total_iters", &LinearWarmup::total_iters, {.doc = "time at which the line ends", .min = 1});
    TimedSchedule::Fields(v);
  }

  double start_factor = 1.0 / 3;
  double end_factor = 1;
  int64_t total_iters = 5;

 protected:
  double RateAt(double base, int64_t t, int64_t) const override {
    const double x =
        static_cast<double>(std::min(t, total_iters)) / static_cast<double>(total_iters);
    return base * (start_factor + (end_factor - start_factor) * x);
  }
};

NABLA_PLUGIN_END(LinearWarmup)
