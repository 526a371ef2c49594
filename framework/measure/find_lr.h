// A learning rate range test: trains for a few steps while the rate grows, and finds where the loss
// falls fastest and where it diverges.
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

// Step i of `steps` uses the rate from (to / from)^(i / (steps - 1)).
struct RateRange {
  double from = 1e-6;
  double to = 10;
  int64_t steps = 200;
};

struct RatePoint {
  double lr = 0;
  double loss = 0;      // of the batch before its update
  double smoothed = 0;  // exponential moving average of the losses, decay 0.9
};

struct RateTest {
  std::vector<RatePoint> points;
  std::optional<double> diverged;  // where the loss exceeded 4 times its least or was not finite
  std::optional<double> steepest;  // where the smoothed loss falls fastest over log lr
  // The smaller of `steepest` and a tenth of `diverged`; nothing if the loss never fell.
  std::optional<double> suggestion;
};

// Judges losses by step; the last one need not be finite.
RateTest JudgeRates(const std::vector<RatePoint>& points, bool diverged);

// Trains a copy of the experiment's net; on_step gets the number of steps done. Throws InputError
// if the optimizer has no rate.
template <typename T>
RateTest TestRates(ExperimentSpec<T> spec, const Registry& registry, const DataSplits& data,
                   const RateRange& range, Threads& threads,
                   const std::function<void(size_t)>& on_step = {});

// In lines of at most `width` columns, if that is 40 or more.
std::string RateText(const RateTest& test, size_t width = 80);
// Columns: step, lr, loss, smoothed.
std::string RateCsv(const RateTest& test);
inline constexpr std::string_view kRateColumns = "step,lr,loss,smoothed\n";
// {"steepest", "diverged", "suggestion": numbers or null, "points": a list of the same columns}.
std::string RateJson(const RateTest& test);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_FIND_LR_H_
