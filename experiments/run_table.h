// The runs that `runs` lists, as a table, CSV or JSON.
#ifndef NABLA_EXPERIMENTS_RUN_TABLE_H_
#define NABLA_EXPERIMENTS_RUN_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "framework/record/run_index.h"

namespace nabla {

// The keys that people see unless they name others: the folder, the results, the settings that are
// not the same in all runs, and those metrics of `asked` that a run has.
std::vector<std::string> UsualKeys(const RunIndex& index, const std::vector<IndexedRun>& runs,
                                   const std::vector<std::string>& asked);

// The keys that scripts get: all that summary.json has, and the same settings.
std::vector<std::string> AllKeys(const RunIndex& index, const std::vector<IndexedRun>& runs);

// A column for each key, a row for each run.
struct RunTable {
  std::vector<std::string> keys;
  std::vector<SqlRow> rows;
};

// Rounded numbers, in lines of at most `width` characters: where room is short, the less important
// columns are left out, and named, unless `whole`.
std::string RunText(const RunTable& table, bool whole, size_t width);

// Exact numbers. A cell is empty, and a key is left out, where a run has no value.
std::string RunCsv(const RunTable& table);
std::string RunJson(const RunTable& table);

}  // namespace nabla

#endif  // NABLA_EXPERIMENTS_RUN_TABLE_H_
