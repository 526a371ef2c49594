// Tables as text: one row per line.
#ifndef NABLA_FRAMEWORK_TABLE_CSV_H_
#define NABLA_FRAMEWORK_TABLE_CSV_H_

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/model/input_column.h"

namespace nabla {

// One of the different words of a column.
struct CsvWord {
  std::string text;  // fit to be printed
  Place first;       // where it stands first
  size_t count = 0;  // of rows
};

// A value of a column of numbers that is not of some kind.
struct CsvOddity {
  Place place;
  std::string text;
};

// A column of a table that is used.
struct CsvColumn {
  std::string name;           // "" where no header names it
  size_t field = 0;           // its number in the file, from 0
  bool words = false;         // or numbers
  bool asked = false;         // `categorical` says that these are words
  std::vector<CsvWord> seen;  // in the order of their first rows, if these are words
  size_t missing = 0;         // values that are
  // Of targets:
  std::optional<CsvOddity> no_bit;    // the first number other than 0 and 1
  std::optional<CsvOddity> fraction;  // the first number that is not whole
  std::optional<CsvOddity> no_class;  // the first one that is no whole number from 0 to 2^20

  // Notes a number of a target; `cell` makes its place and text, where they are needed.
  template <typename F>
  void NoteOddities(double number, const F& cell) {
    constexpr double kMostClasses = 1 << 20;
    if (number == 0 || number == 1) return;
    const bool whole = number == std::floor(number);
    const bool is_class = whole && number >= 0 && number < kMostClasses;
    if (!no_bit) no_bit = cell();
    if (!whole && !fraction) fraction = cell();
    if (!is_class && !no_class) no_class = cell();
  }
};

// N rows of I inputs and K targets, one for each column. Either `pixels` or `numbers` holds the
// inputs. A word is its place in `seen` of its column; NaN is a missing value.
struct CsvTable {
  std::string source;                // its file
  size_t rows = 0;                   // N
  size_t fields = 0;                 // columns of the file
  std::vector<CsvColumn> inputs;     // (I)
  std::vector<CsvColumn> targets;    // (K)
  std::optional<CsvColumn> weight;   // of the rows; none: all count the same
  std::vector<uint8_t> pixels;       // (N, I), if all inputs are whole numbers from 0 to 255
  std::vector<double> numbers;       // (N, I), otherwise
  std::vector<double> values;        // (N, K) targets
  std::vector<double> weights;       // (N), 0 or more, or empty
  std::vector<std::string> remarks;  // "t.csv:1: note: ...": what was taken for a header

  // The names of the inputs, or nothing where no header has a name for every column.
  std::vector<std::string> Names() const;
};

// As the only target, where no column has that name: the rows have none but their own inputs.
inline constexpr const char* kInputTarget = "input";

struct CsvFormat {
  // Whether the first line names the columns; if it is not set, IsCsvHeader tells.
  std::optional<bool> header = std::nullopt;
  // Between cells; if it is not set, the line "sep=;" or DialectOf tells.
  std::optional<char> separator = std::nullopt;
  // Columns by their names in the header, or by their numbers: 0 is the first, -1 the last.
  std::vector<std::string> targets = {};
  bool numbered_targets = false;          // the targets are numbers, even where a name is one too
  std::vector<std::string> columns = {};  // the inputs; all others if empty
  std::vector<std::string> ignore = {};
  std::vector<std::string> categorical = {};  // whose numbers are words too
  std::string weight = {};  // how much each row counts in the loss; empty: no column says it
  MissingValues missing = MissingValues::kRefuse;
  // What to tell the user of a missing value that is refused.
  std::string if_missing = "write `missing: mean`, `median` or `drop` in the data set";
  // The columns of this table are wanted, found by their names or, where a header lacks them, at
  // their places; then the columns above are not used, but for the targets of a table that has
  // none, for the weight of one without, if this table has such a column, and where the columns do
  // not stand alone, to tell them from others. It must outlive the call.
  const CsvTable* like = nullptr;
};

// Parses a whole file. Accepts a byte order mark, spaces and double quotes around cells, empty
// lines and "\r\n". A column is of words if `categorical` says so or most of its first values are
// no numbers. Throws InputError placed at the line and column in `name` if a number is none or
// missing, a weight is negative, a word is not UTF-8, rows differ in length, a column is unknown,
// or there are no rows.
CsvTable ParseCsv(std::span<const uint8_t> text, const std::string& name, const CsvFormat& format);

// Adds the rows of another table of the same columns.
void Append(CsvTable more, CsvTable* table);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_CSV_H_
