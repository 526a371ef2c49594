// Label column, header and separator in the first two bytes, then the text.
#include "framework/data/csv.h"

#include <algorithm>

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nabla;
  if (size < 2) return 0;
  const CsvFormat format{.label_column = static_cast<int8_t>(data[0]) / 2,
                         .header = data[0] % 2 == 1,
                         .separator = static_cast<char>(data[1])};
  CsvTable table;
  if (!Accepts([&] { table = ParseCsv({data + 2, size - 2}, "fuzz", format); })) return 0;
  const size_t values = table.rows * table.columns;
  Require(table.rows > 0, "there are rows");
  Require(table.labels.size() == table.rows, "with a label each");
  Require(std::ranges::all_of(table.labels, [](int32_t label) { return label >= 0; }),
          "that is a class");
  Require(table.pixels.size() + table.numbers.size() == values, "and as many inputs");
  return 0;
}
