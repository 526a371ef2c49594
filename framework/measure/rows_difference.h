// Whether two trainings get the same rows.
#ifndef NABLA_FRAMEWORK_MEASURE_ROWS_DIFFERENCE_H_
#define NABLA_FRAMEWORK_MEASURE_ROWS_DIFFERENCE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "framework/model/dataset.h"
#include "framework/spec/spec.h"

namespace nabla {

// How the rows of a split differ.
struct RowsDifference {
  std::string split;  // "training", "validation" or "test"
  std::string what;   // the first difference: "number of rows", "input 3 of row 17"
  std::string a;      // its value in either
  std::string b;
  size_t rows = 0;  // how many differ; 0 where they cannot be compared one by one
};

// Compares what networks of these number types get: inputs after scaling, targets and the
// weights of rows, as doubles.
// At most one difference for each split. Rows and columns count from 0.
std::vector<RowsDifference> CompareRows(const DataSplits& a, Dtype dtype_a, const DataSplits& b,
                                        Dtype dtype_b);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MEASURE_ROWS_DIFFERENCE_H_
