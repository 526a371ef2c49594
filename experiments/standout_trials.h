// Whether what the page says to try helps: short runs with it and without it.
#ifndef NABLA_EXPERIMENTS_STANDOUT_TRIALS_H_
#define NABLA_EXPERIMENTS_STANDOUT_TRIALS_H_

#include <string>

#include "experiments/program.h"
#include "framework/terminal/console.h"
#include "framework/training/run_options.h"

namespace nabla {

// Trains what each standout of the run in `folder` says to try, and the run as it is, with the same
// three seeds (the run's own and the next ones) for at most five epochs; where the attempt is
// another number of epochs, for all of them. Keeps nothing but the results, as "tried" in the
// standouts of summary.json, and says them. All of it fits into options.budget, by default a
// minute, or takes fewer epochs and seeds; what does not fit even so is said and left out. Throws
// InputError, DataUnavailable, RunError.
void TryStandouts(const std::string& folder, const RunOptions& options, const Program& program,
                  Console& console);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_STANDOUT_TRIALS_H_
