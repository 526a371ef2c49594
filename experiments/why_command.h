// The command that compares two runs step by step: why.
#ifndef NABLA_EXPERIMENTS_WHY_COMMAND_H_
#define NABLA_EXPERIMENTS_WHY_COMMAND_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/plugin_commands.h"
#include "experiments/program.h"
#include "framework/training/run_options.h"

namespace nabla {

struct WhyOptions {
  std::vector<std::string> folders;  // two, as the user wrote them
  int64_t steps = 0;                 // the most to replay; 0 = all
  std::string metric;
  bool no_train = false;
};

void DeclareWhyCommand(CLI::App& app, WhyOptions* a, RunOptions* run, PluginArguments* plugins);

// Runs the command if it was given and returns its exit code; otherwise nothing. Throws InputError,
// RunError.
std::optional<int> RunWhyCommand(const CLI::App& app, const WhyOptions& a, const RunOptions& run,
                                 const Program& program);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_WHY_COMMAND_H_
