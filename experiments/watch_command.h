// The command that shows runs while they go on: watch.
#ifndef NABLA_EXPERIMENTS_WATCH_COMMAND_H_
#define NABLA_EXPERIMENTS_WATCH_COMMAND_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "experiments/plugin_commands.h"
#include "experiments/program.h"

namespace nabla {

struct WatchOptions {
  std::string folder;  // as the user wrote it; "": what was begun last
};

void DeclareWatchCommand(CLI::App& app, WatchOptions* a, PluginArguments* plugins);

// Runs the command if it was given and returns its exit code once the runs have ended; otherwise
// nothing. Throws InputError, RunError.
std::optional<int> RunWatchCommand(const CLI::App& app, const WatchOptions& a,
                                   const Program& program);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_WATCH_COMMAND_H_
