// Printed series as the entries of an experiment's `reference:`.
#ifndef NABLA_FRAMEWORK_IMPORT_REFERENCE_LISTS_H_
#define NABLA_FRAMEWORK_IMPORT_REFERENCE_LISTS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "framework/facts/facts.h"
#include "framework/import/print_hints.h"
#include "framework/notebook/output_series.h"

namespace nabla {

struct ReferenceList {
  std::string metric;                // train_loss, ...
  std::string list;                  // "cell 5", with the pass; "" if there is one pass in all
  int pass = 0;                      // counted over the notebook
  bool after = false;                // printed once the training had ended
  std::vector<int64_t> epochs;       // ascending, from 1
  std::vector<std::string> printed;  // one for each epoch, or a matrix row by row
  size_t columns = 0;                // of a matrix
  int64_t rows = 0;                  // of initial_loss
  bool guessed = false;
  std::string why;  // for the comment
};

struct ReferenceLists {
  std::vector<ReferenceList> lists;
  std::vector<std::string> left_out;  // series that cannot be told, in words
  int64_t last_epoch = 0;             // of all
  int64_t ended = 0;                  // last of consecutive epochs that end before the program's
};

// Steps become epochs: iterations are epochs where every step is over all rows, and what the
// program counts from 0 is counted from 1. `names` are the names in each cell's program.
ReferenceLists MakeReferences(const PrintedMetrics& metrics, const std::vector<PrintHint>& hints,
                              const std::map<int, std::vector<std::string>>& names,
                              const CodeFacts& facts);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_IMPORT_REFERENCE_LISTS_H_
