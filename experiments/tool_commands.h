// The commands time, find-lr, summary and completion.
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
  RateRange range;
  std::string shell;
};

// The options shared with other commands fill `run` and `libraries`.
void DeclareToolCommands(CLI::App& app, ToolArguments* a, RunOptions* run,
                         std::vector<std::string>* libraries);

// Runs the given command if it is one of these and returns its exit code; otherwise nothing.
// Throws InputError, RunError.
std::optional<int> RunToolCommand(const CLI::App& app, const ToolArguments& a,
                                  const RunOptions& run, const Program& program);

// `unknown option "--thread"; did you mean ...` for the first option in `words` that the command in
// words[0] does not have; "" if there is no such option.
std::string SuggestOption(const CLI::App& app, const std::vector<std::string>& words);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_TOOL_COMMANDS_H_
