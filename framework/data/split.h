// Which rows of a data set train and which test.
#ifndef NABLA_FRAMEWORK_DATA_SPLIT_H_
#define NABLA_FRAMEWORK_DATA_SPLIT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "framework/config/fields.h"
#include "framework/model/dataset.h"

namespace nabla {

// Which permutation is applied to the rows before they are divided. kAuto means kNabla if they are
// divided, and kAsRead if not.
enum class SplitOrder { kAuto, kAsRead, kNabla, kTorch, kNumpy, kNumpyDefault };

template <>
struct EnumNames<SplitOrder> {
  static constexpr std::pair<SplitOrder, const char*> kNames[] = {
      {SplitOrder::kAuto, "auto"},   {SplitOrder::kAsRead, "none"},
      {SplitOrder::kNabla, "nabla"}, {SplitOrder::kTorch, "torch"},
      {SplitOrder::kNumpy, "numpy"}, {SplitOrder::kNumpyDefault, "numpy_default_rng"}};
};

// Which part of the rows that were to be trained on is put aside, and whether it is tested.
enum class TestedPart { kTest, kValidation };

template <>
struct EnumNames<TestedPart> {
  static constexpr std::pair<TestedPart, const char*> kNames[] = {
      {TestedPart::kTest, "test"}, {TestedPart::kValidation, "validation"}};
};

// The defaults leave a data set unchanged. Otherwise n rows (the training rows, followed by the
// test rows if merge is set) are permuted, unless the permutation is none, and divided:
// - test_fraction: the first ceil(test_fraction * n) become the test rows, the others the training
//   rows. With permutation numpy, this equals scikit-learn's train_test_split(test_size,
//   random_state); with stratify, its stratify=y, which keeps the shares of the classes.
// - train_fraction: the first floor(train_fraction * n) become the training rows, the others the
//   test rows; with stratify, as train_test_split(train_size, stratify=y) does.
// - folds: scikit-learn's KFold(folds, shuffle, random_state); part number `fold` of the rows
//   tests. Both splits keep the order in which the rows were read.
// Then the training rows may be divided once more, in the same way, by validation_fraction (as
// test_fraction or, with a train_fraction, of the last rows) and validation_seed: this leaves fewer
// training rows, and the others are tested if `tested` says so, or validated. Test rows that are
// not merged are dropped.
struct SplitSettings {
  bool merge = false;
  double test_fraction = 0;
  double train_fraction = 0;
  int64_t folds = 0;
  int64_t fold = 0;
  std::optional<bool> stratify;
  double validation_fraction = 0;
  int64_t validation_seed = 0;
  TestedPart tested = TestedPart::kTest;
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
    v("train_fraction", &S::train_fraction,
      {.doc =
           "instead: fraction of the rows, the first ones, to train on; the others are tested on",
       .min = 0,
       .max = 1,
       .below_max = true});
    v("folds", &S::folds,
      {.doc = "instead: number of equal parts, one of which is tested on",
       .min = 0,
       .max = 100000});
    v("fold", &S::fold, {.doc = "the part to test on, from 0", .min = 0, .max = 100000});
    v("stratify", &S::stratify,
      {.doc = "with test_fraction, train_fraction or validation_fraction: keep the shares of the "
              "classes; if left out, only in rows to validate without a train_fraction"});
    v("validation_fraction", &S::validation_fraction,
      {.doc =
           "fraction of the rows left to train on that are put aside to validate: to stop and to "
           "choose by",
       .min = 0,
       .max = 1,
       .below_max = true});
    v("validation_seed", &S::validation_seed,
      {.doc = "seed of the permutation before rows are put aside", .min = 0, .max = 4294967295.0});
    v("tested", &S::tested, {.doc = "which rows to test on: the test rows, or those to validate"});
    v("permutation", &S::permutation,
      {.doc = "random order of the rows before they are divided; auto is nabla if they are "
              "divided, and none if not"});
    v("seed", &S::seed, {.doc = "seed of the permutation", .min = 0, .max = 4294967295.0});
  }

  // Whether the data set's own division is replaced.
  bool Divides() const { return test_fraction > 0 || train_fraction > 0 || folds > 0; }
};

// `validates` says whether the rows that validation_fraction puts aside become those to validate;
// unless stratify or permutation says otherwise, they have the shares of the classes. Throws
// InputError if the settings contradict each other or leave no rows to train on.
DataSplits Split(const SplitSettings& settings, DataSplits data, bool validates = false);

// The first min(first, N) rows of a data set, sharing its data.
Samples FirstRows(const Samples& samples, size_t first);

// A copy of the rows that `order` lists. Copied because training reads them many times, and
// contiguous rows are the fastest to read.
Samples TakeRows(const Samples& samples, std::span<const uint32_t> order);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_SPLIT_H_
