#include "framework/table/table_data.h"

#include <memory>
#include <utility>

#include "framework/base/error.h"
#include "framework/table/coding.h"

namespace nabla {
namespace {

// The memory that Samples point into.
struct Owned {
  CodedRows rows;
  std::vector<int32_t> labels;
  std::vector<double> values;
  std::vector<double> weights;
};

Shape RowShape(const Shape& wanted, size_t width, const std::string& source) {
  if (wanted.dims.empty()) return {{width}};
  if (wanted.size() == width) return wanted;
  throw InputError({Problem{{source},
                            "expected rows of shape " + wanted.ToString() + ", found " +
                                std::to_string(width) + " inputs per row"}});
}

Samples SamplesOf(CsvTable table, const std::vector<InputColumn>& coding,
                  const TargetCoding& targets, const TableSettings& settings) {
  auto owned = std::make_shared<Owned>();
  const size_t count = table.rows;
  owned->labels = targets.LabelsOf(table);
  if (targets.task != Task::kClassification) owned->values = std::move(table.values);
  owned->weights = std::move(table.weights);
  size_t width = 0;
  for (const InputColumn& column : coding) width += column.Width();
  Samples samples{.count = count, .shape = RowShape(settings.shape, width, table.source)};
  owned->rows = Encode(std::move(table), coding, settings.missing);
  samples.pixels = owned->rows.pixels;
  samples.numbers = owned->rows.numbers;
  samples.normalization = settings.normalization;
  samples.classes = targets.classes;
  samples.labels = owned->labels;
  samples.values_per_row = owned->values.size() / count;
  samples.values = owned->values;
  samples.weights = owned->weights;
  samples.meaning = std::make_shared<const TargetMeaning>(targets.meaning);
  samples.keep_alive = owned;
  return samples;
}

}  // namespace

DataSplits DataOf(const std::string& name, CsvTable train, std::optional<CsvTable> test,
                  const TableSettings& settings) {
  DataSplits splits{.name = name, .train = {}, .test = {}};
  const TargetCoding targets =
      TargetCodingOf(train, test ? &*test : nullptr, settings.task, settings.classes);
  splits.coding = CodingOf(train);
  splits.columns = InputNames(splits.coding);
  splits.missing = settings.missing;
  splits.remarks = train.remarks;
  if (test) splits.remarks.insert(splits.remarks.end(), test->remarks.begin(), test->remarks.end());
  if (!settings.task) {
    splits.remarks.push_back(train.source + ": note: " + targets.Text(train));
  }
  splits.train = SamplesOf(std::move(train), splits.coding, targets, settings);
  if (test) splits.test = SamplesOf(std::move(*test), splits.coding, targets, settings);
  // A model of plain numbers without names takes rows of any source.
  const bool plain = splits.columns.empty() && IsPlain(splits.coding);
  if (plain && settings.missing == MissingValues::kRefuse) splits.coding.clear();
  return splits;
}

}  // namespace nabla
