// Tables of numbers as text: one row a line.
#ifndef NABLA_FRAMEWORK_DATA_CSV_H_
#define NABLA_FRAMEWORK_DATA_CSV_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nabla {

struct CsvFormat {
  // Counts from 0, or from -1 backwards; none: all numbers are inputs.
  std::optional<int64_t> label_column = 0;
  // Whether the first line names the columns; where nobody says so, it does unless all its cells
  // are numbers.
  std::optional<bool> header = std::nullopt;
  char separator = ',';
};

// N rows of I inputs; either pixels or numbers holds them.
struct CsvTable {
  size_t rows = 0;                   // N
  size_t columns = 0;                // I
  std::vector<uint8_t> pixels;       // (N, I), if all inputs are whole numbers from 0 to 255
  std::vector<double> numbers;       // (N, I), otherwise
  std::vector<int32_t> labels;       // (N), none negative; empty without a label column
  std::vector<std::string> names;    // (I), or empty where no header has a name for every column
  std::vector<std::string> remarks;  // "t.csv:1: note: ...": what was taken for a header
};

// Reads a whole file. A byte order mark, spaces around numbers, empty lines and "\r\n" are fine,
// quotes around numbers are not. Throws InputError placed at line and column of `name` for anything
// that is no number, for lines of different length, for labels that are no class, and for a file
// without rows.
CsvTable ParseCsv(std::span<const uint8_t> text, const std::string& name, const CsvFormat& format);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_CSV_H_
