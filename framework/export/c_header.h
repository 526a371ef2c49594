// A trained model as one C99 header.
#ifndef NABLA_FRAMEWORK_EXPORT_C_HEADER_H_
#define NABLA_FRAMEWORK_EXPORT_C_HEADER_H_

#include <string>

#include "framework/inference/model_file.h"

namespace nabla {

// The text of a header that needs <math.h>, <stddef.h> and nothing else, also of C++17. Its names
// begin with `name`_, which IsCName; numbers are float or double, as the model's are:
//   void name_predict(const float x[I], float y[O])        what PredictOutputs gives for a row
//   void name_probabilities(const float y[O], float p[O])  if the outputs define any and are none
//   name_inputs, name_outputs                              I and O
//   name_class_names, name_value_names, name_input_names   tables of strings, if there are names
// x is what the data set holds: pixels from 0 to 255 or raw numbers, NaN where a value is missing
// if the model fills it in. y are bit for bit those of PredictOutputs if no layer calls exp, tanh
// or the like of <math.h>, else equal to about 1e-6 (float) or 1e-14 (double). Only denormal
// numbers, which nabla takes for 0, and inputs that need a double also differ. Nothing is static
// but constants.
//
// Throws InputError for a plugin without a counterpart, for numbers that are not finite, and for
// what a compiler or a stack cannot hold.
template <typename T>
std::string MakeCHeader(const Model<T>& model, const std::string& name);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPORT_C_HEADER_H_
