// Label column and header in the first byte, the separator in the second, then the text.
#include "framework/data/csv.h"

#include <algorithm>
#include <cmath>

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nabla;
  if (size < 2) return 0;
  // -14 .. 15, or none; no header, one, or as the text says.
  const int label = static_cast<int8_t>(data[0]) / 8;
  const int header = data[0] % 4;
  CsvFormat format{.separator = static_cast<char>(data[1])};
  if (label < -14) {
    format.label_column.reset();
  } else {
    format.label_column = label;
  }
  if (header < 2) format.header = header == 1;
  CsvTable table;
  if (!Accepts([&] { table = ParseCsv({data + 2, size - 2}, "fuzz", format); })) return 0;
  const size_t values = table.rows * table.columns;
  Require(table.rows > 0, "there are rows");
  Require(table.labels.size() == (format.label_column ? table.rows : 0), "with a label each");
  Require(std::ranges::all_of(table.labels, [](int32_t label) { return label >= 0; }),
          "that is a class");
  Require(table.pixels.size() + table.numbers.size() == values, "and as many inputs");
  Require(table.pixels.empty() || table.numbers.empty(), "of one kind");
  Require(std::ranges::all_of(table.numbers, [](double x) { return std::isfinite(x); }),
          "that are finite");
  Require(table.names.empty() || table.names.size() == table.columns, "names for all or none");
  for (const std::string& remark : table.remarks) {
    Require(std::ranges::all_of(remark, [](char c) { return c >= ' ' && c <= '~'; }),
            "remarks that are fit for a terminal");
  }
  return 0;
}
