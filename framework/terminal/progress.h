// The text of a progress bar and its parts.
#ifndef NABLA_FRAMEWORK_TERMINAL_PROGRESS_H_
#define NABLA_FRAMEWORK_TERMINAL_PROGRESS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "framework/engine/trainer.h"

namespace nabla {

struct Bar {
  std::string what;
  double fraction = 0;  // done, 0 to 1
  std::string metrics;  // ASCII
  std::optional<double> seconds_left;
};

// "epoch 3/10 [=====     ]  50 %  loss 0.3  12 s left", at most `columns` long: the bar shrinks
// first, then the text loses its end.
std::string BarText(const Bar& bar, size_t columns);

// "epoch  3/10  loss 0.3123  train accuracy 0.9123  ...  test f1 0.91  1486395 samples/s", with
// every metric that was asked for; if that is longer than `columns`, "acc" replaces "accuracy" and
// the speed is omitted.
std::string EpochText(const EpochMetrics& metrics, int64_t epochs, size_t columns);

// "8 s", "3:20 min" or "1:02:05 h".
std::string DurationText(double seconds);

// Three digits: "812", "81.2k", "1.49M".
std::string CountText(double count);

// "4.2 of 9.9 MB", or "4.2 MB" where `total` is 0.
std::string BytesText(uint64_t received, uint64_t total);

// The time that remains at the mean speed since the first call. A fraction smaller than the last
// one starts a new measurement.
class TimeLeft {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Seconds, or nothing while there is no progress to judge by.
  std::optional<double> At(double fraction, Time now);

 private:
  std::optional<Time> begin_;
  double begin_fraction_ = 0;
  double last_fraction_ = 0;
};

// The metrics of the current epoch so far: means over its batches, and the speed.
class EpochMeter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void Begin(Time now);
  void Add(const BatchMetrics& batch);
  // "loss 0.3123  accuracy 0.912  1.49M samples/s"; accuracy only if rows have classes.
  std::string Text(bool classes, Time now) const;

 private:
  Time begin_;
  double loss_sum_ = 0;
  size_t batches_ = 0;  // whose rows do not all weigh 0
  size_t rows_ = 0;
  size_t right_ = 0;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TERMINAL_PROGRESS_H_
