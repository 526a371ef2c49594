// Inputs with mean 0 and standard deviation 1.
#ifndef NABLA_FRAMEWORK_DATA_STANDARDISE_H_
#define NABLA_FRAMEWORK_DATA_STANDARDISE_H_

#include "framework/model/dataset.h"

namespace nabla {

// x'[n, i] = (x[n, i] - mean[i]) / std[i] for the rows of both splits, mean and std (division by N)
// taken over the training rows; an input that never changes there only loses its mean. Pixels
// become numbers, 8 bytes each, their own normalisation cancelling out.
DataSplits Standardise(DataSplits data);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_STANDARDISE_H_
