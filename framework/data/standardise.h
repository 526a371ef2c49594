// Standardised inputs: mean 0 and standard deviation 1.
#ifndef NABLA_FRAMEWORK_DATA_STANDARDISE_H_
#define NABLA_FRAMEWORK_DATA_STANDARDISE_H_

#include <vector>

#include "framework/model/dataset.h"

namespace nabla {

// Moments of each input over the rows of a data set. Both are empty if nothing is standardised.
struct InputMoments {
  std::vector<double> mean;  // (I)
  std::vector<double> std;   // (I), dividing by N; infinite for an input that is constant

  bool operator==(const InputMoments&) const = default;
};

InputMoments MomentsOf(const Samples& samples);

// x'[n, i] = (x[n, i] - mean[i]) / std[i] of the stored numbers, without their own normalisation; 0
// for an input that is constant. All become numbers of 8 bytes.
Samples Standardise(const InputMoments& moments, const Samples& samples);

// Standardises both splits with the moments of the training rows.
DataSplits Standardise(DataSplits data, InputMoments* moments);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_STANDARDISE_H_
