// Several files that hold one table.
#ifndef NABLA_FRAMEWORK_TABLE_CSV_PARTS_H_
#define NABLA_FRAMEWORK_TABLE_CSV_PARTS_H_

#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "framework/table/csv.h"
#include "framework/table/csv_beginning.h"

namespace nabla {

// Reads the files of a table one after the other, so that never more than one of them is in memory.
// What the columns are, the beginnings of all files tell together: where that is not what the first
// one tells, all are added once more. Columns are matched by their names. The rules for one file
// are those of ParseCsv. Throws InputError placed in a file that lacks a column of the first or has
// one more.
class CsvParts {
 public:
  explicit CsvParts(CsvFormat format) : format_(std::move(format)) {}

  void Read(std::span<const uint8_t> text, const std::string& name);

  // After all calls of Read, at least one: whether the table is known. Otherwise Add must be called
  // for all files in the same order. Throws what a file has wrong that Read found.
  bool Stands();
  void Add(std::span<const uint8_t> text, const std::string& name);

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
    size_t weight = 0;
  };

  std::vector<std::string> KnownNames() const;
  void Look(std::span<const uint8_t> text, const std::string& name);
  std::vector<bool> Words() const;
  void Vote(const CsvBeginning& beginning, const PartFile& part);
  void SettleWords();
  // Throws InputError where no file has a row that is used.
  void CheckRows() const;
  void AddNext(std::span<const uint8_t> text, const std::string& name);
  void Say(std::vector<std::string> remarks);

  const CsvFormat format_;
  CsvBeginning first_;  // of the first file
  CsvTable layout_;     // its columns, without rows
  std::vector<PartFile> parts_;
  // For each column, how many more words than numbers all beginnings have.
  std::vector<int> input_votes_;
  std::vector<int> target_votes_;
  std::vector<bool> words_;     // what the first file told: which columns are of words
  std::exception_ptr failure_;  // of a file that was added; then no more are
  size_t added_ = 0;
  size_t dropped_ = 0;  // rows in which a value is missing
  Place last_row_;      // the end of the file that was added last
  CsvTable table_;
  std::vector<std::string> remarks_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_CSV_PARTS_H_
