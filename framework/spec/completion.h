// Writes scripts with which a shell completes the program's command line.
#ifndef NABLA_FRAMEWORK_SPEC_COMPLETION_H_
#define NABLA_FRAMEWORK_SPEC_COMPLETION_H_

#include <string>
#include <vector>

#include "framework/plugin/registry.h"

namespace nabla {

// What may follow a command.
struct CompletedCommand {
  std::string name;
  std::vector<std::string> flags;    // "--quiet"
  std::vector<std::string> options;  // "--threads"; a value follows each
  std::vector<std::string> words;    // arguments that the command knows: kinds, plugins, shells
  bool experiments = false;          // whether experiment files and key=value may follow
  bool paths = false;                // whether any file or folder may follow
};

// A key of an experiment file as an override, and its known values.
struct CompletedKey {
  std::string key;  // "train.epochs"
  std::vector<std::string> values;
};

// Every key that is not inside a list.
std::vector<CompletedKey> OverrideKeys(const Registry& registry);

struct Completions {
  std::vector<std::string> programs;  // what the program is called
  std::vector<CompletedCommand> commands;
  std::vector<std::string> experiments;  // bundled with the program
  std::vector<CompletedKey> keys;
};

// A script for the user to source, or for a folder from which the shell itself loads it. `shell` is
// "bash", "zsh" or "fish".
std::string CompletionScript(const std::string& shell, const Completions& completions);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_COMPLETION_H_
