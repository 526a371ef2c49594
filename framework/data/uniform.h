// One form for all rows of a data set, however its files or its plugin hold them.
#ifndef NABLA_FRAMEWORK_DATA_UNIFORM_H_
#define NABLA_FRAMEWORK_DATA_UNIFORM_H_

#include <span>
#include <string>

#include "framework/model/dataset.h"

namespace nabla {

// What a data set returned, as everything behind it may rely on it: there are rows to train on;
// each split holds as many inputs, labels and values as its rows take; labels are below `classes`;
// all numbers are finite, or NaN where values may be missing; both splits have one shape, one
// normalisation and one kind of targets; and both hold their inputs in `pixels`, or both in
// `numbers` where one of them did.
// Throws InputError for what cannot be brought to this.
DataSplits Uniform(DataSplits data);

// That a mean weighted so exists. `rows` says whose weights they are: "the rows to train on".
// Throws InputError if their sum is 0, so that no row counts, or not finite.
void CheckWeights(std::span<const double> weights, const std::string& rows);

// Whether both have the same rows in the same order. Of uniform splits.
bool SameRows(const Samples& a, const Samples& b);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_DATA_UNIFORM_H_
