// What the calls of print in a program say of the lines that it printed.
#ifndef NABLA_FRAMEWORK_IMPORT_PRINT_HINTS_H_
#define NABLA_FRAMEWORK_IMPORT_PRINT_HINTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "framework/python/ast.h"

namespace nabla {

constexpr int64_t kEachEpoch = -1;  // of "if i % iter_per_epoch == 0:"

struct PrintedArgument {
  std::vector<std::string> names;  // parts of all names in it, and in what it was set to last
  bool is_step = false;            // the variable of a loop around, plus a number
  bool batch = false;              // a counter of batches
  bool last_turn = false;          // of a loop within the loop around
  bool unequal = false;            // counts those that differ
  bool mean = false;               // over batches, by a division or its name
  int64_t rows = 0;                // the n of an x[:n] in the cell before it
  int64_t to_epoch = 0;            // then: what makes a turn, counted from 1, of what is printed
  int64_t counts_from = 0;         // then: the loop's first turn
  int64_t every = 0;               // of a list: every how many turns a number was kept
  int64_t times = 1;               // first multiplied by this: the n of i // n
};

struct PrintHint {
  int cell = 0;                    // its number
  std::vector<std::string> words;  // of its texts, in lower case
  std::vector<PrintedArgument> arguments;
  int64_t every = 0;      // of "if i % 100 == 0:" around it; 0 if there is none, or kEachEpoch
  bool function = false;  // stands in one, so other cells may print it too
  bool looped = false;    // stands in a loop
  bool joined = false;    // with an end= that is no new line
  bool bar = false;       // what a progress bar says
};

// All calls of print, and last expressions of cells, in `cells`.
// `numbers` are the values of names, for the 100 of "i % every".
std::vector<PrintHint> ReadPrintHints(const std::map<int, std::vector<Statement>>& cells,
                                      const std::map<std::string, double>& numbers);

// A printed line: its words, how many numbers it has, and its cell.
struct HintedLine {
  const std::vector<std::string>& words;
  size_t numbers = 0;
  int cell = 0;
};

// The hints for a line, those of its own cell first: those with the same words, else, for a line
// without words, those without texts in its cell or in functions.
std::vector<const PrintHint*> HintsFor(const std::vector<PrintHint>& hints, const HintedLine& line);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_PRINT_HINTS_H_
