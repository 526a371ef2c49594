// The command that tells settings apart: compare.
#ifndef NABLA_EXPERIMENTS_COMPARE_COMMAND_H_
#define NABLA_EXPERIMENTS_COMPARE_COMMAND_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/plugin_commands.h"
#include "experiments/program.h"
#include "framework/training/run_options.h"

namespace nabla {

struct CompareOptions {
  std::vector<std::string> words;  // files, folders and assignments
  std::string metric;
  std::string seeds;
  std::optional<double> difference;
  bool no_train = false;
};

void DeclareCompareCommand(CLI::App& app, CompareOptions* a, RunOptions* run,
                           PluginArguments* plugins);

// Runs the command if it was given and returns its exit code; otherwise nothing. Throws InputError,
// RunError.
std::optional<int> RunCompareCommand(const CLI::App& app, const CompareOptions& a, RunOptions run,
                                     const Program& program);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_COMPARE_COMMAND_H_
