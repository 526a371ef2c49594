// A schedule: the learning rate of every step.
#ifndef NABLA_FRAMEWORK_MODEL_SCHEDULE_H_
#define NABLA_FRAMEWORK_MODEL_SCHEDULE_H_

#include <cstdint>

namespace nabla {

class Schedule {
 public:
  using Interface = Schedule;
  static constexpr const char* kKind = "schedule";
  virtual ~Schedule() = default;

  // The rate of step t = 0 .. total - 1, from the optimizer's own rate `base`.
  virtual double Rate(double base, int64_t t, int64_t total) const = 0;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_SCHEDULE_H_
