// Options of programs that a notebook starts in a shell.
#ifndef NABLA_FRAMEWORK_IMPORT_SHELL_OPTIONS_H_
#define NABLA_FRAMEWORK_IMPORT_SHELL_OPTIONS_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "framework/notebook/notebook.h"
#include "framework/python/trace.h"

namespace nabla {

struct ShellOption {
  std::string name;  // batch-size of --batch-size
  double value = 0;
  int line = 0;  // of the cell, from 1
};

// Those with a number in lines such as "!python train.py --lr 0.1 --epochs=5".
std::vector<ShellOption> ShellOptions(std::string_view source);

// The options of all such lines by name, for a program that is in the notebook too.
std::map<std::string, Value> CommandLine(const Notebook& notebook);

// "!python train.py --lr 0.1 --epochs=5": names that got numbers, for programs that are elsewhere.
void AddShellOptions(const Notebook& notebook, CodeTrace* trace);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_SHELL_OPTIONS_H_
