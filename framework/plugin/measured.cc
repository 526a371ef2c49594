#include "framework/plugin/measured.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "framework/base/error.h"
#include "framework/data/gzip.h"
#include "framework/table/table_data.h"

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

CsvTable CarriedTable(const std::string& name, MissingValues missing) {
  for (const PackedTable& table : PackedTables()) {
    if (name != table.name) continue;
    const Bytes text = Gunzip(table.bytes, kMostTableBytes, name);
    return ParseCsv(text.span(), name, {.header = true, .targets = {"-1"}, .missing = missing});
  }
  throw InputError("no table is named " + name);
}

DataSplits MeasuredDataset::LoadClasses(const std::string& name, Shape shape,
                                        std::vector<std::string> class_names) const {
  DataSplits splits = DataOf(name, CarriedTable(name), std::nullopt,
                             {.task = Task::kClassification,
                              .shape = std::move(shape),
                              .normalization = {scale, mean, std}});
  splits.train.meaning =
      std::make_shared<const TargetMeaning>(TargetMeaning{.classes = std::move(class_names)});
  return splits;
}

}  // namespace nabla
