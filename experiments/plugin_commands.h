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
  bool json = false;
};

// Adds the option --plugin, which every command that uses plugins has.
void DeclareLibraries(CLI::App& command, PluginArguments* a);

void DeclarePluginCommands(CLI::App& app, PluginArguments* a);

// Runs the given command if it is one of these and returns its exit code; otherwise nothing.
// `folder` is the folder that the user called nabla from. Throws InputError, RunError.
std::optional<int> RunPluginCommand(const CLI::App& app, const PluginArguments& a,
                                    const std::string& folder, Registry& registry);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_PLUGIN_COMMANDS_H_
