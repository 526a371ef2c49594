#include "framework/engine/pace.h"

#include <algorithm>
#include <limits>

namespace nabla {
namespace {

constexpr size_t kBlocks = 6;  // of a trial: alone, shared, alone, ...
constexpr size_t kWarmSteps = 2;
// A change of ways must bring more than the noise of a block.
constexpr double kGain = 0.98;
// Seconds between trials: doubling while they agree, since a machine seldom changes.
constexpr double kFirstRest = 0.05;
constexpr double kLongestRest = 0.8;
// And as many times as long as a trial took.
constexpr double kRestPerTrial = 64;

}  // namespace

Pace::Pace(Crew crew) : shared_(crew == Crew::kShared), chosen_(shared_), rest_(kFirstRest) {
  steps_to_trial_ = std::numeric_limits<int64_t>::max();
  if (crew == Crew::kMeasured) BeginTrial();
}

void Pace::Finished(double seconds) {
  if (!trying_) {
    if (--steps_to_trial_ == 0) BeginTrial();
    return;
  }
  trial_seconds_ += seconds;
  if (warm_steps_ > 0) {
    --warm_steps_;
    return;
  }
  block_seconds_ += seconds;
  ++block_steps_;
  if (block_seconds_ >= kBlockSeconds) EndBlock();
}

void Pace::BeginTrial() {
  trying_ = true;
  block_ = 0;
  trial_seconds_ = 0;
  fastest_[0] = fastest_[1] = std::numeric_limits<double>::infinity();
  BeginBlock();
}

void Pace::BeginBlock() {
  shared_ = block_ % 2 == 1;
  warm_steps_ = kWarmSteps;
  block_steps_ = 0;
  block_seconds_ = 0;
}

void Pace::EndBlock() {
  const double step = block_seconds_ / static_cast<double>(block_steps_);
  fastest_[shared_] = std::min(fastest_[shared_], step);
  ++block_;
  if (block_ < kBlocks) return BeginBlock();
  EndTrial();
}

void Pace::EndTrial() {
  trying_ = false;
  const bool other = !chosen_;
  if (fastest_[other] < kGain * fastest_[chosen_]) {
    chosen_ = other;
    rest_ = kFirstRest;
  } else {
    rest_ = std::min(2 * rest_, kLongestRest);
  }
  shared_ = chosen_;
  const double rest = std::max(rest_, kRestPerTrial * trial_seconds_);
  steps_to_trial_ = std::max<int64_t>(1, static_cast<int64_t>(rest / fastest_[chosen_]));
}

}  // namespace nabla
