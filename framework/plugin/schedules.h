// What schedules have in common: the unit of their times.
#ifndef NABLA_FRAMEWORK_PLUGIN_SCHEDULES_H_
#define NABLA_FRAMEWORK_PLUGIN_SCHEDULES_H_

#include <cstdint>
#include <utility>

#include "framework/config/fields.h"
#include "framework/kernels/scalars.h"
#include "framework/model/schedule.h"

namespace nabla {

enum class SchedulePer { kStep, kEpoch };

template <>
struct EnumNames<SchedulePer> {
  static constexpr std::pair<SchedulePer, const char*> kNames[] = {{SchedulePer::kStep, "step"},
                                                                   {SchedulePer::kEpoch, "epoch"}};
};

// A schedule whose times count steps or whole epochs, as the user chooses.
class TimedSchedule : public Schedule {
 public:
  template <typename V>
  static void Fields(V& v) {
    v("per", &TimedSchedule::per,
      {.doc = "unit of the times; the rate changes at most once per unit"});
  }

  double Rate(double base, const ScheduleTime& time) const final {
    if (per == SchedulePer::kStep) return RateAt(base, time.t, time.total);
    const int64_t epoch = time.steps_per_epoch;
    return RateAt(base, time.t / epoch, (time.total + epoch - 1) / epoch);
  }

  SchedulePer per = SchedulePer::kStep;

 protected:
  // t and total in the unit of `per`.
  virtual double RateAt(double base, int64_t t, int64_t total) const = 0;
};

// From `from` (x = 0) to `to` (x = 1) along half a cosine, exact at both ends:
// (1 - cos(pi x)) / 2 = sin(pi x / 2)^2.
inline double HalfCosine(double from, double to, double x) {
  if (x > 0.5) return HalfCosine(to, from, 1 - x);
  constexpr double kHalfPi = 1.57079632679489661923;
  const double sine = SinOf(kHalfPi * x);
  return from + (to - from) * sine * sine;
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_PLUGIN_SCHEDULES_H_
