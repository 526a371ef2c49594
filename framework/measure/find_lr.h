// A learning rate range test: train a little while the rate grows, and see where the loss falls
// fastest and where it goes up.
#ifndef NABLA_FRAMEWORK_MEASURE_FIND_LR_H_
#define NABLA_FRAMEWORK_MEASURE_FIND_LR_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "framework/plugin/registry.h"
#include "framework/training/experiment.h"

namespace nabla {

// Step i of `steps` is taken with from (to / from)^(i / (steps - 1)).
struct RateRange {
  double from = 1e-6;
  double to = 10;
  int64_t steps = 200;
};

struct RatePoint {
  double lr = 0;
  double loss = 0;      // of the batch before its update
  double smoothed = 0;  // average of the losses so far that forgets a tenth a step
};

struct RateTest {
  std::vector<RatePoint> points;
  std::optional<double> diverged;  // the rate at which the loss was 4 times the least, or no number
  std::optional<double> steepest;  // where the smoothed loss falls fastest over log lr
  // The smaller of the steepest point and a tenth of where it diverged; nothing if the loss never
  // fell.
  std::optional<double> suggestion;
};

// Judges losses by step; the last one may be no number.
RateTest JudgeRates(const std::vector<RatePoint>& points, bool diverged);

// Trains a copy of the experiment's net; on_step is told how many steps are done. Throws InputError
// where its optimizer has no rate.
template <typename T>
RateTest TestRates(ExperimentSpec<T> spec, const Registry& registry, const DataSplits& data,
                   const RateRange& range, Threads& threads,
                   const std::function<void(size_t)>& on_step = {});

std::string RateText(const RateTest& test);
// step, lr, loss, smoothed.
std::string RateCsv(const RateTest& test);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_FIND_LR_H_
