// The runs of a sweep that halves its settings from rung to rung.
#ifndef NABLA_EXPERIMENTS_HALVING_RUNS_H_
#define NABLA_EXPERIMENTS_HALVING_RUNS_H_

#include <functional>
#include <vector>

#include "experiments/sweep_table.h"
#include "framework/search/halving.h"
#include "framework/terminal/console.h"
#include "framework/training/side_by_side.h"

namespace nabla {

// Trains runs and returns how each of them ended or paused.
using RunAll = std::function<std::vector<RunResult>(const std::vector<QueuedRun>& queue)>;

// Gives every setting in `results` its runs, of which `queue` has equally many for each, setting
// after setting: all settings pause at the first rung's epochs, the best by `order` go on to the
// next one, and the last ones train to the end. Equal settings rank as they are listed; one with a
// failure or a metric that is not finite never goes on. Each decision follows from the metrics in
// the runs' folders, so that a sweep that was interrupted decides the same. Says what goes on; ends
// early if a run has not ended. Throws InputError if a folder's run is beyond a rung without having
// paused there.
void RunRungs(const std::vector<Rung>& rungs, const SweepOrder& order,
              const std::vector<QueuedRun>& queue, const RunAll& run_all, Console& console,
              std::vector<SweepResult>* results);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_HALVING_RUNS_H_
