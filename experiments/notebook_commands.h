// The command that reads a notebook: import.
#ifndef NABLA_EXPERIMENTS_NOTEBOOK_COMMANDS_H_
#define NABLA_EXPERIMENTS_NOTEBOOK_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "experiments/program.h"

namespace nabla {

struct NotebookArguments {
  std::string file;  // as written
  std::string out;   // as written; "" for the standard output
};

void DeclareNotebookCommands(CLI::App& app, NotebookArguments* a);

// Runs the command if it was given and returns the exit code; nothing if it was another. Throws
// InputError, RunError.
std::optional<int> RunNotebookCommand(const CLI::App& app, const NotebookArguments& a,
                                      const Program& program);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_NOTEBOOK_COMMANDS_H_
