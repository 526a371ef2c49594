// Ids that a model reads, such as the words of an embedding.
#ifndef NABLA_FRAMEWORK_TRAINING_IDS_H_
#define NABLA_FRAMEWORK_TRAINING_IDS_H_

#include <cstddef>
#include <string>

#include "framework/engine/augmentation.h"
#include "framework/engine/network.h"
#include "framework/model/dataset.h"
#include "framework/spec/spec.h"

namespace nabla {

// The ids that the layers take, 0 to IdsOf - 1; 0 where no layer reads ids. Throws InputError at
// the place of a layer that reads ids behind another layer.
template <typename T>
size_t IdsOf(const ExperimentSpec<T>& spec, const Network<T>& network);

// Throws InputError if `augmentation` would make other numbers of the ids that the model takes:
// with ids = 0 it takes none.
void CheckIdsStay(size_t ids, const Augmentation& augmentation);

// Throws InputError with the row and the column, counted from 0, if rows of type T have anything
// but whole numbers from 0 to ids - 1. `row` says what a row is called: "training row". With ids =
// 0 every row is good.
template <typename T>
void CheckIds(size_t ids, const Samples& samples, const std::string& row);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TRAINING_IDS_H_
