// The commands about run folders: report, runs, diff and rerun.
#ifndef NABLA_EXPERIMENTS_FOLDER_COMMANDS_H_
#define NABLA_EXPERIMENTS_FOLDER_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "experiments/plugin_commands.h"
#include "experiments/program.h"
#include "framework/training/run_options.h"

namespace nabla {

struct FolderArguments {
  std::vector<std::string> paths;       // run folders, as the user wrote them
  std::vector<std::string> conditions;  // that listed runs must meet
  std::string folder = "runs";          // whose runs are listed
  std::string sort = "started";
  size_t most = 0;
  std::vector<std::string> columns;  // keys to list; empty = the usual ones
  bool csv = false;
  bool look = false;     // the report trains the run again, for what it did not keep
  bool confirm = false;  // the report tries what stands out
};

void DeclareFolderCommands(CLI::App& app, FolderArguments* a, RunOptions* run,
                           PluginArguments* plugins);

// Runs the given command and returns its exit code; nothing if it is not one of these commands.
// Throws InputError, RunError.
std::optional<int> RunFolderCommand(const CLI::App& app, const FolderArguments& a,
                                    const RunOptions& run, const Program& program);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_FOLDER_COMMANDS_H_
