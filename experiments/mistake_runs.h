// What the verdicts on notebooks could have found: deliberate mistakes are trained as well.
#ifndef NABLA_EXPERIMENTS_MISTAKE_RUNS_H_
#define NABLA_EXPERIMENTS_MISTAKE_RUNS_H_

#include <string>
#include <vector>

#include "experiments/notebook_runs.h"

namespace nabla {

// Trains the mistakes of each notebook that asks for it with some seeds of their own, below
// <folder>/mistakes/<name>/<mistake>, and adds to its lists how often they would have been found.
//
// A notebook asks by --power, by reproduce.power, or by being cheap: all its mistakes take half a
// minute at most. They may take as long as its other runs may, which says how many seeds there are,
// kMostMistakenRuns at most.
void MeasurePower(const std::string& folder, const RunOptions& options, const Registry& registry,
                  DataCache& cache, Console& console, std::vector<NotebookExperiment>* notebooks);

inline constexpr size_t kMostMistakenRuns = 20;

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_MISTAKE_RUNS_H_
