// Tables as a data set: the one way from columns to rows with targets.
#ifndef NABLA_FRAMEWORK_TABLE_TABLE_DATA_H_
#define NABLA_FRAMEWORK_TABLE_TABLE_DATA_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "framework/config/fields.h"
#include "framework/model/dataset.h"
#include "framework/table/csv.h"
#include "framework/table/targets.h"

namespace nabla {

template <>
struct EnumNames<Task> {
  static constexpr std::pair<Task, const char*> kNames[] = {
      {Task::kClassification, "classification"},
      {Task::kRegression, "regression"},
      {Task::kMultilabel, "multilabel"}};
};

template <>
struct EnumNames<MissingValues> {
  static constexpr std::pair<MissingValues, const char*> kNames[] = {
      {MissingValues::kRefuse, "refuse"},
      {MissingValues::kMean, "mean"},
      {MissingValues::kMedian, "median"},
      {MissingValues::kDrop, "drop"}};
};

struct TableSettings {
  std::optional<Task> task = std::nullopt;        // if it is not set, the targets tell
  std::optional<int64_t> classes = std::nullopt;  // if it is not set, the targets tell
  Shape shape = {};                               // of a row; flat if it has no dimensions
  Normalization normalization = {};
  MissingValues missing = MissingValues::kRefuse;
};

// The rows of one table to train on, and those of another to test on, in the coding of the first. A
// remark says what the targets were taken for, unless the task is set. Throws InputError placed in
// a file.
DataSplits DataOf(const std::string& name, CsvTable train, std::optional<CsvTable> test,
                  const TableSettings& settings);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_TABLE_DATA_H_
