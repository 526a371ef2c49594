// One experiment under many settings, several seeds each: which one is best, and by how much.
#ifndef NABLA_FRAMEWORK_EXPERIMENT_SWEEP_H_
#define NABLA_FRAMEWORK_EXPERIMENT_SWEEP_H_

#include <optional>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/data/files.h"
#include "framework/experiment/side_by_side.h"
#include "framework/plugin/registry.h"

namespace nabla {

struct SweepOptions {
  std::optional<int64_t> seeds;  // instead of what the file says
  size_t threads = 0;            // runs at a time; 0 = as many as there are usable cores
  std::string out;               // "" = runs/<name>/<time> in the working directory
  bool quiet = false;
  FilesOptions files;
};

// One setting of every swept key: what it is called, and the whole experiment.
struct SweepPoint {
  std::string label;
  Node tree;
};

// Every combination of the grid's values, the last key changing fastest. A key of the grid may name
// several paths that change together, with commas between. Throws InputError for a grid that is no
// map of lists, and for every point that is no good experiment.
std::vector<SweepPoint> SweepPoints(const Node& tree, const Registry& registry);

// A point's seeds together.
struct SweepResult {
  std::string label;
  std::vector<SideRun> runs;
};

// A line for each point, best first: mean and standard deviation over its seeds, and its curve.
std::string SweepTable(const std::vector<SweepResult>& results);

// Runs every point with seeds s, s + 1, ..., side by side; writes sweep.json and sweep.csv. Returns
// the exit code.
int Sweep(const Node& tree, const SweepOptions& options, const Registry& registry);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPERIMENT_SWEEP_H_
