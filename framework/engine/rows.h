// From a data set to the rows of a batch.
#ifndef NABLA_FRAMEWORK_ENGINE_ROWS_H_
#define NABLA_FRAMEWORK_ENGINE_ROWS_H_

#include <cstdint>
#include <span>

#include "framework/model/dataset.h"
#include "framework/tensor/matrix.h"

namespace nabla {

// x (R, I) = the inputs of rows order[0 .. R).
template <typename T>
void GatherInputs(const Samples& samples, std::span<const uint32_t> order, Matrix<T> x);

// Targets of the same rows: labels (R) where the data set has classes, else values (R, C).
template <typename T>
void GatherTargets(const Samples& samples, std::span<const uint32_t> order, int32_t* labels,
                   Matrix<T> values);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_ROWS_H_
