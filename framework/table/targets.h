// What the target columns of a table mean: classes, numbers or labels.
#ifndef NABLA_FRAMEWORK_TABLE_TARGETS_H_
#define NABLA_FRAMEWORK_TABLE_TARGETS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/model/target_meaning.h"
#include "framework/table/csv.h"

namespace nabla {

// One class for each row, numbers, or several labels of which each holds or does not.
enum class Task { kClassification, kRegression, kMultilabel };

struct TargetCoding {
  Task task = Task::kClassification;
  size_t classes = 0;           // 0 unless it is classification
  std::vector<double> numbers;  // that the classes have in the file, ascending, unless they are
                                // words or count from 0
  TargetMeaning meaning;

  // The class of each row; empty unless it is classification.
  std::vector<int32_t> LabelsOf(const CsvTable& table) const;
  // "classification of "species": setosa, versicolor, virginica".
  std::string Text(const CsvTable& table) const;
};

// The coding of both tables; `test` may be null. Without target columns the targets are the inputs.
// Unless `task` says it, one column of words or of few different whole numbers makes
// classification, other numbers make regression, and several columns of 0 and 1 multilabel. Words
// are sorted and become classes in this order; whole numbers from 0 are classes, as many as the
// largest says or as `classes` does. Throws InputError placed at a cell that does not fit, or at
// the file for whole numbers that may be either.
TargetCoding TargetCodingOf(const CsvTable& train, const CsvTable* test, std::optional<Task> task,
                            std::optional<int64_t> classes);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_TARGETS_H_
