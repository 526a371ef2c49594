// The text of a progress bar, and what it is made from.
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
// first, then the end is cut off.
std::string BarText(const Bar& bar, size_t columns);

// "epoch  3/10  loss 0.3123  train accuracy 0.9123  ...  1486395 samples/s"; where that is longer
// than `columns`, accuracies are "acc" and the speed is left out.
std::string EpochText(const EpochMetrics& metrics, int64_t epochs, size_t columns);

// "8 s", "3:20 min" or "1:02:05 h".
std::string DurationText(double seconds);

// Three digits: "812", "81.2k", "1.49M".
std::string CountText(double count);

// "4.2 of 9.9 MB", or "4.2 MB" where `total` is 0.
std::string BytesText(uint64_t received, uint64_t total);

// How long the rest takes if it goes on as it went since the first call. A fraction that is smaller
// than the last one begins anew.
class TimeLeft {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Seconds, or nothing before there is something to judge by.
  std::optional<double> At(double fraction, Time now);

 private:
  std::optional<Time> begin_;
  double begin_fraction_ = 0;
  double last_fraction_ = 0;
};

// The metrics of the epoch under way, so far: means over its batches, and its speed.
class EpochMeter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void Begin(Time now);
  void Add(const BatchMetrics& batch);
  // "loss 0.3123  accuracy 0.912  1.49M samples/s"; accuracy only where rows have classes.
  std::string Text(bool classes, Time now) const;

 private:
  Time begin_;
  double loss_sum_ = 0;
  size_t batches_ = 0;
  size_t rows_ = 0;
  size_t right_ = 0;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TERMINAL_PROGRESS_H_
