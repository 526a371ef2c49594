#include "framework/plugin/measured.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "framework/base/error.h"
#include "framework/data/gzip.h"

namespace nabla {
namespace {

constexpr size_t kMostTableBytes = 1 << 22;

struct PackedTable {
  const char* name;
  std::vector<uint8_t> bytes;  // CSV, compressed
};

const std::vector<PackedTable>& PackedTables() {
  static const std::vector<PackedTable> tables = {
#include "framework/plugin/tables/tables.inc"
  };
  return tables;
}

}  // namespace

CsvTable CarriedTable(const std::string& name) {
  for (const PackedTable& table : PackedTables()) {
    if (name != table.name) continue;
    const Bytes text = Gunzip(table.bytes, kMostTableBytes, name);
    return ParseCsv(text.span(), name, {.label_column = -1, .header = true});
  }
  throw InputError("no table is named " + name);
}

DataSplits MeasuredDataset::LoadClasses(const std::string& name, Shape shape) const {
  const auto table = std::make_shared<const CsvTable>(CarriedTable(name));
  const int32_t largest = *std::ranges::max_element(table->labels);
  DataSplits splits{.name = name, .train = {}, .test = {}, .columns = table->names};
  splits.train = {.count = table->rows,
                  .shape = shape.dims.empty() ? Shape{{table->columns}} : std::move(shape),
                  .pixels = table->pixels,
                  .numbers = table->numbers,
                  .normalization = {scale, mean, std},
                  .classes = static_cast<size_t>(largest) + 1,
                  .labels = table->labels,
                  .keep_alive = table};
  return splits;
}

}  // namespace nabla
