// The commands that train: run, sweep, reproduce and investigate.
#ifndef NABLA_EXPERIMENTS_TRAINING_COMMANDS_H_
#define NABLA_EXPERIMENTS_TRAINING_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "experiments/plugin_commands.h"
#include "experiments/program.h"
#include "framework/training/run_options.h"

namespace nabla {

struct TrainingArguments {
  std::string file;
  std::vector<std::string> overrides;
  std::string seed;
  std::vector<std::string> reproduce;  // files and overrides
  std::string seeds;
  std::string shard;
  bool print_config = false;
  bool try_out = false;  // one batch through everything
  std::string write;
  std::string page;
};

// Examples and exit codes; printed below the help.
extern const char* const kHelpFooter;

// The options shared with other commands fill `run` and `plugins`.
void DeclareTrainingCommands(CLI::App& app, TrainingArguments* a, RunOptions* run,
                             PluginArguments* plugins);

// Whether the given command makes run folders: only such training is shared among ranks.
bool Trains(const CLI::App& app, const TrainingArguments& a);

// Runs the given command and returns its exit code. Throws InputError, RunError.
int RunTrainingCommand(const CLI::App& app, const TrainingArguments& a, RunOptions run,
                       const Program& program);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_TRAINING_COMMANDS_H_
