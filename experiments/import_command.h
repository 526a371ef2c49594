// The command that reads a notebook: import.
#ifndef NABLA_EXPERIMENTS_IMPORT_COMMAND_H_
#define NABLA_EXPERIMENTS_IMPORT_COMMAND_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "experiments/program.h"

namespace nabla {

struct ImportArguments {
  std::string file;  // as written
  std::string out;   // as written; "" for the standard output
};

void DeclareImportCommand(CLI::App& app, ImportArguments* a);

// Runs the command if it was given and returns its exit code; otherwise nothing. Throws InputError,
// RunError.
std::optional<int> RunImportCommand(const CLI::App& app, const ImportArguments& a,
                                    const Program& program);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_IMPORT_COMMAND_H_
