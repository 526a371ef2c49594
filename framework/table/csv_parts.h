// Several files that hold one table.
#ifndef NABLA_FRAMEWORK_TABLE_CSV_PARTS_H_
#define NABLA_FRAMEWORK_TABLE_CSV_PARTS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "framework/table/csv.h"
#include "framework/table/csv_beginning.h"

namespace nabla {

// Reads the files of a table twice, so that never more than one of them is in memory: first all are
// looked at, then all are added in the same order. What the columns are, the beginnings of all
// files tell together; columns are matched by their names. The rules for one file are those of
// ParseCsv. Throws InputError placed in a file that lacks a column of the first or has one more.
class CsvParts {
 public:
  explicit CsvParts(CsvFormat format) : format_(std::move(format)) {}

  void Look(std::span<const uint8_t> text, const std::string& name);
  void Add(std::span<const uint8_t> text, const std::string& name);

  // The table, after as many calls of Add as of Look, at least one.
  CsvTable Take();

 private:
  // Where a file has the columns of the table.
  struct PartFile {
    bool header = false;
    char separator = ',';
    bool decimal_comma = false;
    size_t fields = 0;
    std::vector<size_t> inputs;
    std::vector<size_t> targets;
  };

  void Vote(const CsvBeginning& beginning, const PartFile& part);
  void SettleWords();
  void Say(std::vector<std::string> remarks);

  const CsvFormat format_;
  CsvBeginning first_;  // of the first file
  CsvTable layout_;     // its columns, without rows
  std::vector<PartFile> parts_;
  // For each column, how many more words than numbers all beginnings have.
  std::vector<int> input_votes_;
  std::vector<int> target_votes_;
  size_t added_ = 0;
  CsvTable table_;
  std::vector<std::string> remarks_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_CSV_PARTS_H_
