// Are settings really different? Runs them with the same seeds until that is decided.
#ifndef NABLA_EXPERIMENTS_COMPARE_H_
#define NABLA_EXPERIMENTS_COMPARE_H_

#include <optional>
#include <string>
#include <vector>

#include "experiments/compared_settings.h"
#include "framework/plugin/registry.h"
#include "framework/training/run_options.h"

namespace nabla {

struct CompareArguments {
  std::vector<ComparedSetting> settings;
  std::string metric;                // "": the one that orders sweeps
  std::optional<double> difference;  // how many seeds would decide it? Otherwise that observed
  bool train = true;                 // add seeds; otherwise only finished runs count
};

// Compares the settings (framework/verdict/comparison.h) and prints the result. Adds seeds until
// one setting is better than all others, at most options.seeds, and as many as the budget allows.
// New runs are in <out>/<setting>/seed-<seed>, beside comparison.json; finished runs are not
// repeated. Returns the exit code: 0 whatever the answer, 3 if all runs diverged, 130 or 143 after
// a signal, when the result is what is known. Throws InputError for settings that cannot be
// compared, DataUnavailable, RunError.
int Compare(const CompareArguments& arguments, const RunOptions& options, const Registry& registry);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_COMPARE_H_
