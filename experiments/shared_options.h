// Options that mean the same for every command that trains or reads data.
#ifndef NABLA_EXPERIMENTS_SHARED_OPTIONS_H_
#define NABLA_EXPERIMENTS_SHARED_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>

#include "framework/training/run_options.h"

namespace nabla {

// --threads; `what` they are: a run uses many of them, or many runs use one each.
inline void DeclareThreads(CLI::App& command, RunOptions* run,
                           const std::string& what = "worker threads") {
  command.add_option("--threads", run->threads, what + " (default: one for each usable core)")
      ->check(CLI::Range(1, 1024));
}

// --data and --offline: where data sets come from.
inline void DeclareData(CLI::App& command, RunOptions* run) {
  command.add_option("--data", run->files.data_dir, "the folder that contains mnist/");
  command.add_flag("--offline", run->files.offline, "never use the network");
}

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_SHARED_OPTIONS_H_
