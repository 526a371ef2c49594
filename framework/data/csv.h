// Tables of numbers as text: one row a line, one label among the numbers.
#ifndef NABLA_FRAMEWORK_DATA_CSV_H_
#define NABLA_FRAMEWORK_DATA_CSV_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nabla {

struct CsvFormat {
  int64_t label_column = 0;  // counts from 0, or from -1 backwards
  bool header = true;        // the first line names the columns
  char separator = ',';
};

// N rows of I inputs; either pixels or numbers holds them.
struct CsvTable {
  size_t rows = 0;              // N
  size_t columns = 0;           // I
  std::vector<uint8_t> pixels;  // (N, I), if all inputs are whole numbers from 0 to 255
  std::vector<double> numbers;  // (N, I), otherwise
  std::vector<int32_t> labels;  // (N), none negative
};

// Reads a whole file. Spaces around numbers, empty lines at the end and "\r\n" are fine, quotes are
// not. Throws InputError placed at line and column of `name` for anything that is no number, for
// lines of different length, for labels that are no class, and for a file without rows.
CsvTable ParseCsv(std::span<const uint8_t> text, const std::string& name, const CsvFormat& format);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_CSV_H_
