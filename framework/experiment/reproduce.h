// Runs experiments over many seeds to judge the figures that their notebooks printed.
#ifndef NABLA_FRAMEWORK_EXPERIMENT_REPRODUCE_H_
#define NABLA_FRAMEWORK_EXPERIMENT_REPRODUCE_H_

#include <optional>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/data/files.h"
#include "framework/plugin/registry.h"

namespace nabla {

struct ReproduceOptions {
  std::optional<int64_t> seeds;  // instead of what each file says
  size_t threads = 0;            // runs at a time; 0 = as many as there are usable cores
  std::string out;               // "" = runs/reproduction/<time> in the working directory
  bool quiet = false;
  FilesOptions files;
};

// Judges the experiments one after the other, each over seeds s, s + 1, ... from its own seed s on,
// a run on each thread. Writes reproduction.json after each one. Returns the exit code: 0 whatever
// the verdicts are, 130 or 143 if stopped, with what was done until then judged and written. Throws
// InputError for files without references, DataUnavailable where real data is missing: other data
// would say nothing.
int Reproduce(const std::vector<Node>& trees, const ReproduceOptions& options,
              const Registry& registry);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPERIMENT_REPRODUCE_H_
