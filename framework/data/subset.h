// Fewer rows of a data set.
#ifndef NABLA_FRAMEWORK_DATA_SUBSET_H_
#define NABLA_FRAMEWORK_DATA_SUBSET_H_

#include <cstdint>
#include <optional>

#include "framework/config/fields.h"
#include "framework/model/dataset.h"

namespace nabla {

struct SubsetSettings {
  std::optional<int64_t> train;
  std::optional<int64_t> test;
  std::optional<int64_t> seed;

  template <typename V>
  static void Fields(V& v) {
    using S = SubsetSettings;
    v("train", &S::train,
      {.doc = "number of rows to train on, all if left out", .unit = "rows", .min = 1});
    v("test", &S::test,
      {.doc = "number of rows to test on, all if left out", .unit = "rows", .min = 0});
    v("seed", &S::seed,
      {.doc = "seed for a random choice of rows; the first ones if left out",
       .min = 0,
       .max = 4294967295.0});
  }
};

// A larger subset of the same seed contains the smaller one. Throws InputError if the settings ask
// for more rows than there are.
DataSplits Subset(const SubsetSettings& settings, DataSplits data);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_SUBSET_H_
