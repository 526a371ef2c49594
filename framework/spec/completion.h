// Scripts that let a shell complete the program's command line.
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
  std::vector<std::string> options;  // "--threads", which a value follows
  std::vector<std::string> words;    // that the command itself knows: kinds, plugins, shells
  bool experiments = false;          // experiment files, and key=value
  bool paths = false;                // any file or folder
};

// A key of an experiment file as an override, and its values as far as they are known.
struct CompletedKey {
  std::string key;  // "train.epochs"
  std::vector<std::string> values;
};

// Every key that needs no place in a list.
std::vector<CompletedKey> OverrideKeys(const Registry& registry);

struct Completions {
  std::vector<CompletedCommand> commands;
  std::vector<std::string> experiments;  // that come with the program
  std::vector<CompletedKey> keys;
};

// The script, to be sourced. `shell` is "bash" or "zsh".
std::string CompletionScript(const std::string& shell, const Completions& completions);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_SPEC_COMPLETION_H_
