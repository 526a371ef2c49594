#include "experiments/exact_digits.h"

#include "framework/base/signals.h"

namespace nabla {

void ExactDigits::TrySeeds(const std::vector<Hypothesis>& seeds, Clock::time_point deadline) {
  if (!runs_.HasExact() || CaughtSignal() != 0) return;
  finding_.emplace();
  const std::vector<int64_t>& epochs = runs_.printed_epochs();
  runs_.Train({0}, 1, epochs.back(), deadline);
  finding_->written = runs_.DigitsAgree(0, epochs.back());
  if (finding_->written) return;
  for (const Hypothesis& one : seeds) {
    if (CaughtSignal() != 0 || Clock::now() >= deadline) break;
    if (runs_.Add(one)) seeds_.insert(runs_.candidates().size() - 1);
  }
  const std::vector<size_t> all(seeds_.begin(), seeds_.end());
  runs_.Train(all, 1, epochs.front(), deadline);
  Look(all, epochs.front());
}

void ExactDigits::Look(const std::vector<size_t>& chosen, int64_t last) {
  if (!finding_ || finding_->written) return;
  for (const size_t c : chosen) {
    if (c == 0) continue;
    looked_at_.insert(c);
    if (runs_.DigitsAgree(c, last)) noted_.insert(c);
  }
}

bool ExactDigits::Finish(Clock::time_point deadline) {
  if (!finding_ || finding_->written) return false;
  finding_->tried = looked_at_.size();
  finding_->agree.clear();
  const std::vector<int64_t>& epochs = runs_.printed_epochs();
  const std::vector<size_t> noted(noted_.begin(), noted_.end());
  runs_.Train(noted, 1, epochs.back(), deadline);
  const auto add = [&](bool seeds, int64_t last) {
    for (const size_t c : noted) {
      if (IsSeed(c) == seeds && runs_.DigitsAgree(c, last)) finding_->agree.push_back(c);
    }
  };
  add(true, epochs.back());
  add(false, epochs.back());
  // The right seed may part from the digits later, since its sums were rounded in another order.
  if (finding_->agree.empty() && !runs_.DigitsAgree(0, epochs.front())) add(true, epochs.front());
  return !finding_->agree.empty();
}

}  // namespace nabla
