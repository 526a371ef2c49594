// Which rows of a data set train and which test.
#ifndef NABLA_FRAMEWORK_DATA_SPLIT_H_
#define NABLA_FRAMEWORK_DATA_SPLIT_H_

#include <cstdint>
#include <span>
#include <utility>

#include "framework/config/fields.h"
#include "framework/model/dataset.h"

namespace nabla {

// Which permutation is applied to the rows before they are divided. kAuto means kNabla with a
// test_fraction, and kAsRead without.
enum class SplitOrder { kAuto, kAsRead, kNabla, kTorch, kNumpy, kNumpyDefault };

template <>
struct EnumNames<SplitOrder> {
  static constexpr std::pair<SplitOrder, const char*> kNames[] = {
      {SplitOrder::kAuto, "auto"},   {SplitOrder::kAsRead, "none"},
      {SplitOrder::kNabla, "nabla"}, {SplitOrder::kTorch, "torch"},
      {SplitOrder::kNumpy, "numpy"}, {SplitOrder::kNumpyDefault, "numpy_default_rng"}};
};

// The defaults leave a data set unchanged. With a test_fraction, n rows (the training rows,
// followed by the test rows if merge is set) are permuted, unless the permutation is none; the
// first ceil(test_fraction * n) become the test rows and the others the training rows. With
// permutation numpy, this equals scikit-learn's train_test_split(test_size, random_state). Test
// rows that are not merged are dropped.
struct SplitSettings {
  bool merge = false;
  double test_fraction = 0;
  SplitOrder permutation = SplitOrder::kAuto;
  int64_t seed = 0;

  template <typename V>
  static void Fields(V& v) {
    using S = SplitSettings;
    v("merge", &S::merge, {.doc = "combine training and test rows before dividing them"});
    v("test_fraction", &S::test_fraction,
      {.doc = "fraction of the rows to test on; 0 keeps the data set's own test rows",
       .min = 0,
       .max = 1,
       .below_max = true});
    v("permutation", &S::permutation,
      {.doc =
           "random order of the rows before they are divided; auto is nabla with a test_fraction, "
           "and none without"});
    v("seed", &S::seed, {.doc = "seed of the permutation", .min = 0, .max = 4294967295.0});
  }
};

// Throws InputError if the settings leave no training rows, or merge without a test_fraction.
DataSplits Split(const SplitSettings& settings, DataSplits data);

// The first min(first, N) rows of a data set, sharing its data.
Samples FirstRows(const Samples& samples, size_t first);

// A copy of the rows that `order` lists. Copied because training reads them many times, and
// contiguous rows are the fastest to read.
Samples TakeRows(const Samples& samples, std::span<const uint32_t> order);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_SPLIT_H_
