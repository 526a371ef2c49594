// Tables of numbers as text: one row per line, with one label among the numbers.
#ifndef NABLA_FRAMEWORK_DATA_CSV_H_
#define NABLA_FRAMEWORK_DATA_CSV_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nabla {

struct CsvFormat {
  int64_t label_column = 0;  // from 0, or from -1 counting backwards
  bool header = true;        // the first line names the columns
  char separator = ',';
};

// N rows of I inputs, held by either `pixels` or `numbers`.
struct CsvTable {
  size_t rows = 0;              // N
  size_t columns = 0;           // I
  std::vector<uint8_t> pixels;  // (N, I), if all inputs are whole numbers from 0 to 255
  std::vector<double> numbers;  // (N, I), otherwise
  std::vector<int32_t> labels;  // (N), none negative
};

// Parses a whole file. Accepts spaces around numbers, empty lines and "\r\n", but not quotes.
// Throws InputError placed at the line and column in `name` if a field is not a number, a label is
// not a class, rows differ in length, or there are no rows.
CsvTable ParseCsv(std::span<const uint8_t> text, const std::string& name, const CsvFormat& format);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_CSV_H_
