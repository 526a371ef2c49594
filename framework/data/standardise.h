// Inputs with mean 0 and standard deviation 1.
#ifndef NABLA_FRAMEWORK_DATA_STANDARDISE_H_
#define NABLA_FRAMEWORK_DATA_STANDARDISE_H_

#include <vector>

#include "framework/model/dataset.h"

namespace nabla {

// Of each input over the rows of a data set; both are empty where nothing is standardised.
struct InputMoments {
  std::vector<double> mean;  // (I)
  std::vector<double> std;   // (I), dividing by N; infinite for an input that never changes

  bool operator==(const InputMoments&) const = default;
};

InputMoments MomentsOf(const Samples& samples);

// x'[n, i] = (x[n, i] - mean[i]) / std[i] of the stored numbers, their normalisation left out; 0
// for an input that never changed. All become numbers, 8 bytes each.
Samples Standardise(const InputMoments& moments, const Samples& samples);

// The rows of both splits, with the moments of the training rows.
DataSplits Standardise(DataSplits data, InputMoments* moments);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_STANDARDISE_H_
