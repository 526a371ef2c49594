// Files of inputs: pictures, IDX, CSV.
#ifndef NABLA_FRAMEWORK_INFERENCE_PREDICT_INPUT_H_
#define NABLA_FRAMEWORK_INFERENCE_PREDICT_INPUT_H_

#include <string>

#include "framework/data/bytes.h"
#include "framework/record/model_input.h"

namespace nabla {

// The rows of a PNG picture (in grey), of an IDX file of unsigned bytes, or of CSV lines; each may
// be compressed with gzip. The content decides the format. The columns of CSV are found by the
// names that the model's had, or stand in their order; words become the categories of the model,
// and missing values what it was trained on in their place. `invert` replaces each pixel by 255 -
// pixel. Remarks say what was taken for a header, and what looks unlike the rows that the model was
// trained on. Throws InputError placed at `name`, with the line in CSV, if the file is damaged or
// its rows do not have the size of the model's input.
RawRows ReadInputs(Bytes file, const std::string& name, const ModelInput& input, bool invert);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_PREDICT_INPUT_H_
