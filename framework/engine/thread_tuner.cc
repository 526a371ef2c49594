#include "framework/engine/thread_tuner.h"

#include <algorithm>
#include <limits>

namespace nabla {
namespace {

constexpr size_t kBlocks = 6;  // of a trial: alone, shared, alone, ...
// Not counted at the start of a block: caches and sleeping threads adapt to the new mode. A step as
// long as a block has the time for it.
constexpr size_t kWarmSteps = 2;
// The other mode must be faster by more than the noise of a block.
constexpr double kGain = 0.98;
// Least seconds between trials: doubled while trials agree, since a machine seldom changes.
constexpr double kFirstRest = 0.05;
constexpr double kLongestRest = 0.3;
// kSlowSamples timed steps in a row that take more than kSlow times the trial's fastest step mean
// that the machine has changed since.
constexpr double kSlow = 1.25;
constexpr int kSlowSamples = 4;
// After a trial of n steps, kUnwatched * n steps are not watched for slowness; else a busy machine
// would start one trial after another.
constexpr int64_t kUnwatched = 16;
// The rest is at least this many times as long as the trial, which bounds what trials cost.
constexpr double kRestPerTrial = 64;

}  // namespace

ThreadTuner::ThreadTuner(ThreadMode mode)
    : measured_(mode == ThreadMode::kMeasured),
      first_(measured_),
      shared_(mode != ThreadMode::kAlone),
      chosen_(shared_),
      rest_(kFirstRest) {}

void ThreadTuner::Finished(double seconds) {
  if (!measured_) return;
  if (first_) return BeginAfter(seconds);
  if (!trying_) {
    if (unwatched_ > 0) {
      --unwatched_;
    } else if (timed()) {
      Watch(seconds);
    }
    if (--steps_to_trial_ <= 0) BeginTrial();
    return;
  }
  trial_seconds_ += seconds;
  ++trial_steps_;
  if (warm_steps_ > 0 && seconds < kBlockSeconds) {
    --warm_steps_;
    return;
  }
  warm_steps_ = 0;
  block_seconds_ += seconds;
  ++block_steps_;
  if (block_seconds_ >= kBlockSeconds) EndBlock();
}

void ThreadTuner::Watch(double seconds) {
  slow_samples_ = seconds > kSlow * fastest_[chosen_] ? slow_samples_ + 1 : 0;
  if (slow_samples_ < kSlowSamples) return;
  rest_ = kFirstRest;
  steps_to_trial_ = 0;
}

// The first step has taken so long.
void ThreadTuner::BeginAfter(double seconds) {
  first_ = false;
  if (seconds < kLongStep) return BeginTrial();
  fastest_[true] = seconds;
  steps_to_trial_ = kStepsBeforeTrial;
}

void ThreadTuner::BeginTrial() {
  trying_ = true;
  slow_samples_ = 0;
  block_ = 0;
  trial_seconds_ = 0;
  trial_steps_ = 0;
  fastest_[0] = fastest_[1] = std::numeric_limits<double>::infinity();
  BeginBlock();
}

void ThreadTuner::BeginBlock() {
  shared_ = block_ % 2 == 1;
  warm_steps_ = kWarmSteps;
  block_steps_ = 0;
  block_seconds_ = 0;
}

void ThreadTuner::EndBlock() {
  const double step = block_seconds_ / static_cast<double>(block_steps_);
  fastest_[shared_] = std::min(fastest_[shared_], step);
  ++block_;
  if (block_ < kBlocks) return BeginBlock();
  EndTrial();
}

void ThreadTuner::EndTrial() {
  trying_ = false;
  const bool other = !chosen_;
  if (fastest_[other] < kGain * fastest_[chosen_]) {
    chosen_ = other;
    rest_ = kFirstRest;
  } else {
    rest_ = std::min(2 * rest_, kLongestRest);
  }
  shared_ = chosen_;
  unwatched_ = kUnwatched * trial_steps_;
  const double rest = std::max(rest_, kRestPerTrial * trial_seconds_);
  steps_to_trial_ = std::max<int64_t>(1, static_cast<int64_t>(rest / fastest_[chosen_]));
}

}  // namespace nabla
