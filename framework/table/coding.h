// The inputs that the columns of a table become.
#ifndef NABLA_FRAMEWORK_TABLE_CODING_H_
#define NABLA_FRAMEWORK_TABLE_CODING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "framework/model/input_column.h"
#include "framework/table/csv.h"

namespace nabla {

// How the columns of the training rows become inputs: their categories are the words of these rows,
// and columns that miss values are marked. Throws InputError for a column with too many different
// words to learn from.
std::vector<InputColumn> CodingOf(const CsvTable& table);

// A table of the same columns, as the caller of ParseCsv wants them for `like`. `source` names it
// in messages.
CsvTable LikeCoding(const std::vector<InputColumn>& coding, const std::string& source);

// The names of the inputs: "age", "city=Rome", "age missing"; nothing if no column has a name.
std::vector<std::string> InputNames(const std::vector<InputColumn>& coding);

// The inputs that mark where a number is missing: of each the place of the mark and of the number,
// among all inputs.
struct NumberMark {
  size_t mark = 0;
  size_t number = 0;
};
std::vector<NumberMark> NumberMarks(const std::vector<InputColumn>& coding);

// Whether every column is one number and is there.
bool IsPlain(const std::vector<InputColumn>& coding);

// N rows of I inputs, held by either.
struct CodedRows {
  std::vector<uint8_t> pixels;
  std::vector<double> numbers;  // NaN: missing
};

// The rows of a table in a coding of its columns. A word that is no category is missing if
// `missing` says that values may be, and otherwise an InputError with its place.
CodedRows Encode(CsvTable table, const std::vector<InputColumn>& coding, MissingValues missing);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_CODING_H_
