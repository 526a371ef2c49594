// Where two trainings, a and b, part: the first step, layer and tensor that differ.
#ifndef NABLA_FRAMEWORK_MEASURE_PARTING_H_
#define NABLA_FRAMEWORK_MEASURE_PARTING_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/measure/replay.h"

namespace nabla {

// Numbers count as different unless they are equal as doubles, or both are NaN. A tensor differs by
// rounding alone if no two numbers are farther apart than a few roundings can bring the largest of
// them: 2^-21 times it for floats, 2^-50 for doubles.

struct TensorDifference {
  std::string name;   // "model.0.weight"
  std::string layer;  // "linear"; "conv2d and linear" where they differ
  // Where a and b are farthest apart:
  size_t row = 0;
  size_t column = 0;
  double a = 0;
  double b = 0;
  double relative = 0;    // the largest |a - b| / max(|a|, |b|)
  double largest = 0;     // max(|a|, |b|) of all numbers
  size_t differing = 0;   // numbers
  size_t size = 0;        // numbers in all
  bool rounding = false;  // whether rounding alone makes it
};

struct TensorsDifference {
  // The first tensor that only one of them has, or with different shapes; the others are then not
  // compared. "" if there is none.
  std::string shapes;
  std::vector<TensorDifference> tensors;  // those that differ, in the order of the layers

  bool any() const { return !shapes.empty() || !tensors.empty(); }
  bool OnlyRounding() const;
};

TensorsDifference CompareTensors(const Replay& a, const Replay& b);

// The first step in which the two differ; step 0 stands for the first weights.
struct Parting {
  int64_t step = 0;
  int64_t epoch = 0;  // of a
  size_t batch = 0;
  std::string rows;   // how the rows of the batch differ; "" = not
  double loss_a = 0;  // of the batch, before the update
  double loss_b = 0;
  TensorsDifference tensors;  // after the update

  bool OnlyRounding() const { return rows.empty() && tensors.OnlyRounding(); }
};

struct Lockstep {
  std::optional<Parting> parting;  // the first difference
  std::optional<Parting> beyond;   // if that is rounding alone: the first that is not
  int64_t steps = 0;               // that were taken with the same rows and weights
  int64_t taken = 0;               // that were taken in all
  bool ended = false;              // at least one replay came to its end
  bool cut = false;                // a signal came within a step
  // The first step whose losses differ although the weights did not, and these losses.
  int64_t loss_step = 0;  // 0 = none
  double loss_a = 0;
  double loss_b = 0;
};

// Takes both replays from their first weights to the step where they part by more than rounding, to
// an end, or until go_on(steps taken), which is asked before each step, returns false.
Lockstep ReplayTogether(Replay& a, Replay& b, const std::function<bool(int64_t)>& go_on);

// A metric of an epoch that is recorded as another number than a replay gives.
struct RecordDifference {
  int64_t epoch = 0;
  std::string metric;
  double recorded = 0;
  double replayed = 0;
};

// The first one, among the metrics that both have of an epoch.
std::optional<RecordDifference> CompareRecord(const std::vector<EpochMetrics>& recorded,
                                              const std::vector<EpochMetrics>& replayed);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_PARTING_H_
