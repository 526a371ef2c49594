// Which rows of a data set train and which test.
#ifndef NABLA_FRAMEWORK_DATA_SPLIT_H_
#define NABLA_FRAMEWORK_DATA_SPLIT_H_

#include <cstdint>
#include <span>
#include <utility>

#include "framework/config/fields.h"
#include "framework/model/dataset.h"

namespace nabla {

// Whose permutation puts the rows in order before they are divided; kAuto: kNabla with a
// test_fraction, else kAsRead.
enum class SplitOrder { kAuto, kAsRead, kNabla, kTorch, kNumpy };

template <>
struct EnumNames<SplitOrder> {
  static constexpr std::pair<SplitOrder, const char*> kNames[] = {{SplitOrder::kAuto, "auto"},
                                                                  {SplitOrder::kAsRead, "none"},
                                                                  {SplitOrder::kNabla, "nabla"},
                                                                  {SplitOrder::kTorch, "torch"},
                                                                  {SplitOrder::kNumpy, "numpy"}};
};

// With the default values a data set stays as it is. With a test_fraction, n rows (the training
// rows, and behind them the test rows where merge is set) are put in order, at random unless the
// permutation is none, the first ceil(test_fraction * n) become the test rows and the others the
// training rows: what scikit-learn's train_test_split(test_size, random_state) does with
// permutation numpy. Test rows that are not merged are then left out.
struct SplitSettings {
  bool merge = false;
  double test_fraction = 0;
  SplitOrder permutation = SplitOrder::kAuto;
  int64_t seed = 0;

  template <typename V>
  static void Fields(V& v) {
    using S = SplitSettings;
    v("merge", &S::merge, {.doc = "divide training and test rows together anew"});
    v("test_fraction", &S::test_fraction,
      {.doc = "this part of the rows tests; 0: the data set's own test rows do",
       .min = 0,
       .max = 1,
       .below_max = true});
    v("permutation", &S::permutation,
      {.doc =
           "whose random order the rows are put in before they are divided; auto is nabla with a "
           "test_fraction, and none without"});
    v("seed", &S::seed, {.doc = "of the permutation", .min = 0, .max = 4294967295.0});
  }
};

// Throws InputError where the settings leave no training rows.
DataSplits Split(const SplitSettings& settings, DataSplits data);

// Rows `first` of a data set: its first min(first, N) rows, sharing the data.
Samples FirstRows(const Samples& samples, size_t first);

// The rows that `order` names, copied: training reads rows again and again, and rows in a row are
// the fastest.
Samples TakeRows(const Samples& samples, std::span<const uint32_t> order);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_SPLIT_H_
