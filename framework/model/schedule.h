// A schedule: the learning rate of every step.
#ifndef NABLA_FRAMEWORK_MODEL_SCHEDULE_H_
#define NABLA_FRAMEWORK_MODEL_SCHEDULE_H_

#include <cstdint>

namespace nabla {

// How far training has come.
struct ScheduleTime {
  int64_t t = 0;      // the step, 0 .. total - 1
  int64_t total = 1;  // steps of the whole training
  int64_t steps_per_epoch = 1;
};

class Schedule {
 public:
  using Interface = Schedule;
  static constexpr const char* kKind = "schedule";
  virtual ~Schedule() = default;

  // The rate at `time`, from the optimizer's own rate `base`.
  virtual double Rate(double base, const ScheduleTime& time) const = 0;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_SCHEDULE_H_
