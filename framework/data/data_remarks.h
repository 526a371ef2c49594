// What looks wrong with the rows that an experiment asks for.
#ifndef NABLA_FRAMEWORK_DATA_DATA_REMARKS_H_
#define NABLA_FRAMEWORK_DATA_DATA_REMARKS_H_

#include <string>
#include <vector>

#include "framework/data/standardise.h"
#include "framework/model/dataset.h"

namespace nabla {

// "warning: ..." for each split that has rows but none of some class; of the test rows only where
// `tested`.
std::vector<std::string> MissingClasses(const DataSplits& data, bool tested);

// "warning: ..." for each categorical column with categories that some of the other rows have, but
// none of the training rows: nothing can be learnt of them.
std::vector<std::string> UnseenCategories(const DataSplits& data);

// "warning: ..." with the inputs, by name or number, that never change in the training rows; none
// if all do.
std::vector<std::string> ConstantInputs(const InputMoments& moments,
                                        const std::vector<std::string>& columns);

// A warning of inputs of a table or of arrays that never change in the training rows, if there are
// any: nothing is learned from them. The inputs of categories are left to UnseenCategories, and
// rows that are pictures have many.
std::vector<std::string> UnchangingInputs(const DataSplits& data);

// Warnings of float32, which holds 7 digits: of targets that vary so little for their size that it
// rounds away a hundredth of their standard deviation or more, and of such inputs if these are held
// as they are, where `inputs`.
std::vector<std::string> RoundedByFloat32(const DataSplits& data, bool inputs);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_DATA_REMARKS_H_
