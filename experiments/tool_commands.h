// The commands that are no training and no plugin: time, find-lr and completion.
#ifndef NABLA_EXPERIMENTS_TOOL_COMMANDS_H_
#define NABLA_EXPERIMENTS_TOOL_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/program.h"
#include "framework/measure/find_lr.h"
#include "framework/training/run_options.h"

namespace nabla {

struct ToolArguments {
  std::string file;
  std::vector<std::string> overrides;
  std::string seed;
  bool json = false;
  RateRange range;
  std::string shell;
};

// `run` and `libraries` are filled by the options that other commands have too.
void DeclareToolCommands(CLI::App& app, ToolArguments* a, RunOptions* run,
                         std::vector<std::string>* libraries);

// Runs the command of these that was given and returns the exit code; nothing if it was another.
// Throws InputError, RunError.
std::optional<int> RunToolCommand(const CLI::App& app, const ToolArguments& a,
                                  const RunOptions& run, const Program& program);

// `unknown option "--thread"; did you mean ...` for the first of `words` that looks like an option
// and is none of the command that they begin with; "" if there is none such.
std::string SuggestOption(const CLI::App& app, const std::vector<std::string>& words);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_TOOL_COMMANDS_H_
