// Tables of numbers as text: one row per line.
#ifndef NABLA_FRAMEWORK_DATA_CSV_H_
#define NABLA_FRAMEWORK_DATA_CSV_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nabla {

struct CsvFormat {
  // From 0, or from -1 counting backwards; nothing if all numbers are inputs.
  std::optional<int64_t> label_column = 0;
  // Whether the first line names the columns. If it is not set, the line does unless all its cells
  // are numbers.
  std::optional<bool> header = std::nullopt;
  char separator = ',';
};

// N rows of I inputs, held by either `pixels` or `numbers`.
struct CsvTable {
  size_t rows = 0;                   // N
  size_t columns = 0;                // I
  std::vector<uint8_t> pixels;       // (N, I), if all inputs are whole numbers from 0 to 255
  std::vector<double> numbers;       // (N, I), otherwise
  std::vector<int32_t> labels;       // (N), none negative; empty without a label column
  std::vector<std::string> names;    // (I), or empty where no header has a name for every column
  std::vector<std::string> remarks;  // "t.csv:1: note: ...": what was taken for a header
};

// Parses a whole file. Accepts a byte order mark, spaces around numbers, empty lines and "\r\n",
// but not quotes around numbers. Throws InputError placed at the line and column in `name` if a
// field is not a number, a label is not a class, rows differ in length, or there are no rows.
CsvTable ParseCsv(std::span<const uint8_t> text, const std::string& name, const CsvFormat& format);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_CSV_H_
