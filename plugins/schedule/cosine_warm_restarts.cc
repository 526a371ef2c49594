#include <limits>

#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

class CosineWarmRestarts : public TimedSchedule {
 public:
  static constexpr PluginInfo kInfo{
      "cosine_warm_restarts",
      "Falls along half a cosine, again and again (Loshchilov and Hutter 2017).",
      "lr(t) = eta_min + (lr - eta_min) / 2 (1 + cos(pi s / T)), s since the last restart; "
      "T = T_0, T_0 T_mult, T_0 T_mult^2, .."};

  template <typename V>
  static void Fields(V& v) {
    v("T_0", &CosineWarmRestarts::t_0,
      {.doc = "time of the first restart", .min = 1, .required = true});
    v("T_mult", &CosineWarmRestarts::t_mult,
      {.doc = "factor by which each cycle is longer than the last", .min = 1});
    v("eta_min", &CosineWarmRestarts::eta_min, {.doc = "least rate", .min = 0});
    TimedSchedule::Fields(v);
  }

  int64_t t_0 = 1;
  int64_t t_mult = 1;
  double eta_min = 0;

 protected:
  double RateAt(double base, int64_t t, int64_t) const override {
    int64_t length = t_0;
    if (t_mult == 1) t %= length;
    while (t >= length) {
      t -= length;
      // T_mult would overflow. Training never reaches the end of such a long cycle.
      if (length > std::numeric_limits<int64_t>::max() / t_mult) {
        const double whole = static_cast<double>(length) * static_cast<double>(t_mult);
        return HalfCosine(base, eta_min, static_cast<double>(t) / whole);
      }
      length *= t_mult;
    }
    return HalfCosine(base, eta_min, static_cast<double>(t) / static_cast<double>(length));
  }
};

NABLA_PLUGIN_END(CosineWarmRestarts)
