// Files of inputs: pictures, IDX, CSV.
#ifndef NABLA_FRAMEWORK_INFERENCE_PREDICT_INPUT_H_
#define NABLA_FRAMEWORK_INFERENCE_PREDICT_INPUT_H_

#include <string>

#include "framework/data/bytes.h"
#include "framework/record/model_input.h"

namespace nabla {

// The rows of a PNG picture (in grey), of an IDX file of unsigned bytes, or of CSV lines of numbers
// (a first line of names is skipped); each may be packed with gzip. Its content tells which it is.
// `invert`: pixels are 255 - pixel.
// Throws InputError placed at `name`, and the line, for anything that is not as large as the
// model's input.
RawRows ReadInputs(Bytes file, const std::string& name, const ModelInput& input, bool invert);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_PREDICT_INPUT_H_
