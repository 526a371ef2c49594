// The commands about plugins: list, describe, check, schema and new-plugin.
#ifndef NABLA_EXPERIMENTS_PLUGIN_COMMANDS_H_
#define NABLA_EXPERIMENTS_PLUGIN_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "framework/plugin/registry.h"

namespace nabla {

struct PluginArguments {
  std::vector<std::string> libraries;  // --plugin, as written
  std::string what;                    // a kind, or kind/name
  std::string name;                    // of the plugin to write
  std::string out;                     // where to write it
};

// The option --plugin, which every command has that knows plugins.
void DeclareLibraries(CLI::App& command, PluginArguments* a);

void DeclarePluginCommands(CLI::App& app, PluginArguments* a);

// Runs the command of these that was given and returns the exit code; nothing if it was another.
// `folder` is where the user called from. Throws InputError, RunError.
std::optional<int> RunPluginCommand(const CLI::App& app, const PluginArguments& a,
                                    const std::string& folder, Registry& registry);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_PLUGIN_COMMANDS_H_
