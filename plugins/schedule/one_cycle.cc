#include "framework/plugin/plugin.h"

NABLA_PLUGIN_BEGIN

enum class Anneal { kCos, kLinear };

constexpr auto NamesOf(Anneal) {
  return std::to_array<std::pair<Anneal, const char*>>(
      {{Anneal::kCos, "cos"}, {Anneal::kLinear, "linear"}});
}

class OneCycle : public TimedSchedule {
 public:
  static constexpr PluginInfo kInfo{
      "one_cycle", "Rises to a high rate, then falls to almost 0 (Smith and Topin 2018).",
      "from max_lr / div_factor up to max_lr at t = pct_start total_steps - 1, then down to "
      "max_lr / div_factor / final_div_factor at total_steps - 1"};

  template <typename V>
  static void Fields(V& v) {
    v("max_lr", &OneCycle::max_lr, {.doc = "greatest rate; the optimizer's if left out", .min = 0});
    v("total_steps", &OneCycle::total_steps,
      {.doc = "length of the cycle; that of the training if left out", .min = 1});
    v("pct_start", &OneCycle::pct_start,
      {.doc = "fraction of the cycle in which the rate rises", .min = 0, .max = 1});
    v("anneal_strategy", &OneCycle::anneal_strategy,
      {.doc = "shape of the rise and fall: half cosines or straight lines"});
    v("div_factor", &OneCycle::div_factor,
      {.doc = "max_lr divided by the first rate", .min = 0, .above_min = true});
    v("final_div_factor", &OneCycle::final_div_factor,
      {.doc = "the first rate divided by the last", .min = 0, .above_min = true});
    v("three_phase", &OneCycle::three_phase,
      {.doc = "fall to the first rate as fast as it rose, and only then to the last"});
    TimedSchedule::Fields(v);
  }

  std::optional<double> max_lr;
  std::optional<int64_t> total_steps;
  double pct_start = 0.3;
  Anneal anneal_strategy = Anneal::kCos;
  double div_factor = 25;
  double final_div_factor = 1e4;
  bool three_phase = false;

 protected:
  double RateAt(double base, int64_t t, int64_t total) const override {
    const double steps = static_cast<double>(total_steps.value_or(total));
    const double most = max_lr.value_or(base);
    const double first = most / div_factor;
    const double last = first / final_div_factor;
    const double now = static_cast<double>(t);
    const double top = pct_start * steps - 1;
    const double end = steps - 1;
    if (now <= top) return Between(first, most, now, 0, top);
    if (!three_phase) return Between(most, last, now, top, end);
    const double low = 2 * pct_start * steps - 2;
    if (now <= low) return Between(most, first, now, top, low);
    return Between(first, last, now, low, end);
  }

 private:
  double Between(double from, double to, double now, double begin, double end) const {
    if (now >= end) return to;
    const double x = (now - begin) / (end - begin);
    return anneal_strategy == Anneal::kCos ? HalfCosine(from, to, x) : from + (to - from) * x;
  }
};

NABLA_PLUGIN_END(OneCycle)
