// Target and header in the first byte, the separator in the second, then the text.
#include "framework/table/csv.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "framework/base/utf8.h"
#include "framework/table/coding.h"
#include "framework/table/csv_parts.h"
#include "framework/table/table_data.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nabla;
  if (size < 2) return 0;
  // -14 .. 15, or none; no header, one, or as the text says.
  const int target = static_cast<int8_t>(data[0]) / 8;
  const int header = data[0] % 4;
  CsvFormat format;
  if (target >= -14) format.targets = {std::to_string(target)};
  if (header < 2) format.header = header == 1;
  if (data[1] != 0) format.separator = static_cast<char>(data[1]);
  if (data[1] % 2 == 1) format.missing = MissingValues::kMean;
  CsvTable table;
  if (!Accepts([&] { table = ParseCsv({data + 2, size - 2}, "fuzz", format); })) return 0;
  const size_t values = table.rows * table.inputs.size();
  Require(table.rows > 0, "there are rows");
  Require(table.values.size() == table.rows * format.targets.size(), "with a target each");
  Require(table.pixels.size() + table.numbers.size() == values, "and as many inputs");
  Require(table.pixels.empty() || table.numbers.empty(), "of one kind");
  const bool may_miss = format.missing != MissingValues::kRefuse;
  Require(std::ranges::all_of(table.numbers,
                              [&](double x) { return std::isfinite(x) || (may_miss && x != x); }),
          "that are finite or missing");
  for (const std::string& remark : table.remarks) {
    Require(Escaped(remark) == remark, "remarks that are fit for a terminal");
  }
  CsvParts parts(format);
  for (int i = 0; i < 2; ++i) parts.Read({data + 2, size - 2}, "fuzz");
  Require(parts.Stands(), "the file twice tells the same of its columns");
  const CsvTable twice = parts.Take();
  Require(twice.rows == 2 * table.rows, "the file twice has twice the rows");
  Require(twice.pixels.size() + twice.numbers.size() == 2 * values, "and twice the inputs");
  if (target < -14) return 0;
  DataSplits splits;
  const TableSettings settings{.missing = format.missing};
  if (!Accepts([&] { splits = DataOf("fuzz", table, table, settings); })) return 0;
  const Samples& train = splits.train;
  Require(train.count == table.rows, "a data set has as many rows");
  Require(train.pixels.size() + train.numbers.size() == train.count * train.shape.size(),
          "and inputs for each");
  Require(std::ranges::all_of(train.labels,
                              [&](int32_t c) { return c >= 0 && size_t(c) < train.classes; }),
          "and labels that are classes");
  Require(std::ranges::equal(train.labels, splits.test.labels), "the same to train and to test");
  return 0;
}
