#include "framework/import/step_count.h"

#include <fmt/format.h>

namespace nabla {

std::string StepCount::why() const {
  if (times > 1) return fmt::format("a printed step is {} epochs here", times);
  return offset != 0 ? fmt::format("the notebook counts from {}", 1 - offset) : "";
}

const PrintedArgument* StepArgument(const PrintHint& hint) {
  const PrintedArgument* step = nullptr;
  for (const PrintedArgument& a : hint.arguments) {
    if (a.is_step && (step == nullptr || (step->times > 1 && a.times == 1))) step = &a;
  }
  return step;
}

StepCount CountSteps(const std::vector<PrintHint>& hints, const PrintedSeries& s,
                     const CodeFacts& facts) {
  StepCount count{1, s.steps.front() == 0 ? 1 : 0};
  // 99, 199, 299: what was tested was i + 1.
  if (s.steps.size() > 2 && s.steps[0] > 1 && s.steps[1] - s.steps[0] == s.steps[0] + 1) {
    count.offset = 1;
  }
  // The last rows of Keras' history, which counts from 0: 95 to 99 of 100.
  const bool rows = s.table && s.steps.front() > 1 && facts.epochs_number &&
                    s.steps.back() + 1 == *facts.epochs_number;
  if (rows) count.offset = 1;
  // "Epoch 0 / 10" to "Epoch 10 / 10": the first stands before the training.
  const bool all = s.steps.front() == 0 && s.total && s.steps.back() == *s.total &&
                   facts.epochs_number == *s.total;
  if (all) count.offset = 0;
  for (const PrintHint* hint : HintsFor(hints, {s.step_words, s.step_numbers, s.cell})) {
    const PrintedArgument* step = StepArgument(*hint);
    if (step == nullptr) continue;
    const StepCount told{step->times, step->to_epoch};
    // A step 0 of a loop that counts from 1 was printed before it.
    const bool before =
        s.steps.front() == 0 && s.steps.size() > 1 && step->counts_from == 1 && told.offset == 0;
    if (s.steps.front() * told.times + told.offset >= 1 || before) count = told;
    break;
  }
  // i // n counts epochs of n steps, unless steps are epochs here.
  if (count.times > 1 && !facts.rows_per_epoch.found()) {
    count = {1, (count.offset - 1) / count.times + 1};
  }
  return count;
}

}  // namespace nabla
