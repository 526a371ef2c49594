// Values that rows miss, and what stands for them.
#ifndef NABLA_FRAMEWORK_DATA_MISSING_H_
#define NABLA_FRAMEWORK_DATA_MISSING_H_

#include <string>
#include <vector>

#include "framework/model/dataset.h"

namespace nabla {

// What replaces a missing value (NaN) of each input: the mean or the median of the others in these
// rows; nothing unless `missing` is one of the two. `names` names the inputs in messages. Throws
// InputError for an input that has no value at all.
std::vector<double> FillsOf(const Samples& train, MissingValues missing,
                            const std::vector<std::string>& names);

// Puts the fill of each input in the place of its missing values in rows of numbers.
void FillMissing(const std::vector<double>& fill, std::vector<double>* numbers);

// The same rows, filled; unchanged if they are bytes or there is no fill.
Samples Filled(const Samples& samples, const std::vector<double>& fill);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_MISSING_H_
