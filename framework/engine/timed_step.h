// Where the time of a step goes: runs the pieces of Step one after the other on the calling thread,
// in Step's order and cut as Step cuts them, and looks at the clock between them. The times do not
// include the looks themselves.
#ifndef NABLA_FRAMEWORK_ENGINE_TIMED_STEP_H_
#define NABLA_FRAMEWORK_ENGINE_TIMED_STEP_H_

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "framework/engine/step.h"

namespace nabla {

// Seconds.
struct LayerTimes {
  double forward = 0;
  double backward = 0;  // the gradient of the data
  double gradient = 0;  // of the parameters
  double update = 0;    // including gradient clipping
};

struct StepTimes {
  double gather = 0;
  double loss = 0;
  std::vector<LayerTimes> layers;
};

template <typename T>
class TimedStep {
 public:
  // `step` must be made for one thread and one rank, and must outlive this.
  explicit TimedStep(Step<T>& step);

  // Does what Step::Train does, to the bit.
  BatchMetrics Train(std::span<const uint32_t> order, double lr, int64_t step, uint64_t key,
                     uint64_t picture_key = 0);

  // The times of all steps since the last call.
  StepTimes Take();

 private:
  using Clock = std::chrono::steady_clock;
  using Rows = typename Step<T>::Rows;

  // Adds the time since the last charge to the account.
  void Charge(double* account);
  template <typename F>
  void ForBlocks(const Chunk& chunk, F&& body);
  void PhaseA(const Chunk& chunk);
  void PhaseB(const Chunk& chunk);
  void Gather(const Chunk& chunk, const Rows& rows);
  void Forward(const Chunk& chunk, const Rows& rows, size_t first, size_t last);
  void ComputeLoss(const Chunk& chunk, const Rows& rows);
  void Backward(const Chunk& chunk, const Rows& rows, size_t first, size_t last);
  LayerTimes& TimesOf(const Tile& tile);

  Step<T>& step_;
  StepTimes times_;
  Clock::time_point last_;
  const double look_seconds_;  // the time that one look at the clock takes
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_TIMED_STEP_H_
