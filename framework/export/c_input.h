// How a C header makes inputs of what a data set holds.
#ifndef NABLA_FRAMEWORK_EXPORT_C_INPUT_H_
#define NABLA_FRAMEWORK_EXPORT_C_INPUT_H_

#include "framework/export/c_builder.h"
#include "framework/record/model_input.h"

namespace nabla {

// The first layer's input for the row x, minus `zero`: filled, normalised and standardised in the
// same steps as MakeSamples and GatherInputs; x itself where these change nothing.
CRow AddCInput(const ModelInput& input, double zero, const CRow& x, CBuilder* builder);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_EXPORT_C_INPUT_H_
