#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class CosineSchedule : public TimedSchedule {
 public:
  static constexpr PluginInfo kInfo{
      "cosine", "Falls along half a cosine (Loshchilov and Hutter 2017).",
      "lr(t) = eta_min + (lr - eta_min) / 2 (1 + cos(pi t / T_max)); rises again after T_max"};

  template <typename V>
  static void Fields(V& v) {
    v("T_max", &CosineSchedule::t_max,
      {.doc = "time of the least rate; the end of the training if left out", .min = 1});
    v("eta_min", &CosineSchedule::eta_min, {.doc = "least rate", .min = 0});
    TimedSchedule::Fields(v);
  }

  std::optional<int64_t> t_max;
  double eta_min = 0;

 protected:
  double RateAt(double base, int64_t t, int64_t total) const override {
    const int64_t end = t_max.value_or(total);
    const bool rises = t / end % 2 == 1;
    const int64_t distance = rises ? end - t % end : t % end;  // to the nearest maximum
    return HalfCosine(base, eta_min, static_cast<double>(distance) / static_cast<double>(end));
  }
};

NABLA_PLUGIN_END(CosineSchedule)
