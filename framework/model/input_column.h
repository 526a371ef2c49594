// How one column of a table becomes inputs of a row.
#ifndef NABLA_FRAMEWORK_MODEL_INPUT_COLUMN_H_
#define NABLA_FRAMEWORK_MODEL_INPUT_COLUMN_H_

#include <cstddef>
#include <string>
#include <vector>

namespace nabla {

// A column of numbers is one input. One of words is as many as it has categories, the one of its
// word 1 and the others 0; all are 0 where the word is missing.
struct InputColumn {
  std::string name;                     // "" where no header names it
  std::vector<std::string> categories;  // sorted; empty: numbers
  bool marked = false;                  // one more input: 1 where the value is missing, 0 elsewhere

  size_t Width() const { return (categories.empty() ? 1 : categories.size()) + (marked ? 1 : 0); }
  bool operator==(const InputColumn&) const = default;
};

// What a missing value becomes: an error, the mean or the median of its input over the training
// rows; or its whole row is left out.
enum class MissingValues { kRefuse, kMean, kMedian, kDrop };

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_INPUT_COLUMN_H_
