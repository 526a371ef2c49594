// The option --json, the same for every command that has it.
#ifndef NABLA_EXPERIMENTS_JSON_OPTION_H_
#define NABLA_EXPERIMENTS_JSON_OPTION_H_

#include <CLI/CLI.hpp>

namespace nabla {

// With --json standard output holds one JSON value and nothing else: PrintJson writes it, and a
// Console that knows of it shows all else on standard error.
inline void DeclareJson(CLI::App& command, bool* json) {
  command.add_flag("--json", *json, "print the result as JSON, and all else on standard error");
}

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_JSON_OPTION_H_
