// From printed steps to epochs.
#ifndef NABLA_FRAMEWORK_IMPORT_STEP_COUNT_H_
#define NABLA_FRAMEWORK_IMPORT_STEP_COUNT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "framework/facts/facts.h"
#include "framework/import/print_hints.h"
#include "framework/notebook/output_series.h"

namespace nabla {

// An epoch, counted from 1, is a printed step times `times` plus `offset`.
struct StepCount {
  int64_t times = 1;
  int64_t offset = 0;

  std::string why() const;  // in words; "" where a step is an epoch
};

// The step among what is printed, or nullptr; i itself goes before i // n.
const PrintedArgument* StepArgument(const PrintHint& hint);

// How the program counts the steps of a series that has some.
StepCount CountSteps(const std::vector<PrintHint>& hints, const PrintedSeries& s,
                     const CodeFacts& facts);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_STEP_COUNT_H_
