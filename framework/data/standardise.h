// Inputs brought to a common size: mean 0 and standard deviation 1, a range, or row by row.
#ifndef NABLA_FRAMEWORK_DATA_STANDARDISE_H_
#define NABLA_FRAMEWORK_DATA_STANDARDISE_H_

#include <utility>
#include <vector>

#include "framework/config/fields.h"
#include "framework/model/dataset.h"

namespace nabla {

// Moments of each input over the rows of a data set. Both are empty if nothing is standardised.
struct InputMoments {
  std::vector<double> mean;  // (I)
  std::vector<double> std;   // (I), dividing by N; infinite for an input that is constant

  bool operator==(const InputMoments&) const = default;
};

// Of the rows of both. Throws InputError for an input whose numbers are so large or differ by so
// little that they have no standard deviation.
InputMoments MomentsOf(const Samples& samples, const Samples& more = {});

// x'[n, i] = (x[n, i] - mean[i]) / std[i] of the stored numbers, without their own normalisation; 0
// for an input that is constant. All become numbers of 8 bytes.
Samples Standardise(const InputMoments& moments, const Samples& samples);

// The moments that map the least value of each input to low and the largest to high:
// x' = low + (x - min[i]) (high - low) / (max[i] - min[i]), as scikit-learn's MinMaxScaler does. A
// constant input becomes low, as if its range were 1. `range` is {low, high}.
InputMoments MomentsOfRange(const std::vector<double>& range, const Samples& samples,
                            const Samples& more = {});

// What each row is brought to by its own numbers: mean 0 and standard deviation 1; its largest
// number, without the sign, 1; from 0 to 1; the root of its sum of squares 1.
enum class RowScale { kNone, kStandardise, kMax, kMinMax, kNorm };

template <>
struct EnumNames<RowScale> {
  static constexpr std::pair<RowScale, const char*> kNames[] = {
      {RowScale::kNone, "none"},
      {RowScale::kStandardise, "standardise"},
      {RowScale::kMax, "max"},
      {RowScale::kMinMax, "min_max"},
      {RowScale::kNorm, "norm"}};
};

// Scales each row of the stored numbers, without their own normalisation; a row in which nothing
// changes (kStandardise, kMinMax) or that is 0 becomes 0. All become numbers of 8 bytes. Throws
// InputError if a row is too large for that.
Samples ScaleRows(RowScale scale, const Samples& samples);

// Whose moments standardise the rows: those of the training rows all splits, each split's own, or
// those of all rows before some become a subset.
enum class MomentsBy { kTrain, kEachSplit, kAllRows };

template <>
struct EnumNames<MomentsBy> {
  static constexpr std::pair<MomentsBy, const char*> kNames[] = {
      {MomentsBy::kTrain, "train"},
      {MomentsBy::kEachSplit, "each_split"},
      {MomentsBy::kAllRows, "all_rows"}};
};

// Standardises all splits; `moments` are those of the training rows, or given for kAllRows. With a
// range they are those of MomentsOfRange.
DataSplits Standardise(DataSplits data, InputMoments* moments, MomentsBy by = MomentsBy::kTrain,
                       const std::vector<double>& range = {});

// Gives the target values of all splits mean 0 and standard deviation 1 over the training rows,
// and says in their meaning how to undo it. A value that never changes becomes 0. Throws InputError
// if the targets are classes or labels, and as MomentsOf does.
DataSplits StandardiseTargets(DataSplits data);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_STANDARDISE_H_
