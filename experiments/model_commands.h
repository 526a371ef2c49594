// The commands about trained models: export, predict and evaluate.
#ifndef NABLA_EXPERIMENTS_MODEL_COMMANDS_H_
#define NABLA_EXPERIMENTS_MODEL_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/plugin_commands.h"
#include "experiments/program.h"

namespace nabla {

struct ModelArguments {
  std::string path;  // a run folder, or a file
  bool best = false;
  std::string format;
  bool float32 = false;
  std::string name;
  std::string out;
  std::vector<std::string> sources;  // predict, evaluate: files and folders
  size_t top = 0;
  bool invert = false;
  std::vector<std::string> targets;  // columns
  std::string labels;                // a file
  bool json = false;
};

void DeclareModelCommands(CLI::App& app, ModelArguments* a, PluginArguments* plugins);

// Runs the given command if it is one of these and returns its exit code; otherwise nothing.
// Throws InputError, RunError.
std::optional<int> RunModelCommand(const CLI::App& app, const ModelArguments& a,
                                   const Program& program);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_MODEL_COMMANDS_H_
