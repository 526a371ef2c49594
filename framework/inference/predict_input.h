// Files of inputs: pictures, IDX, CSV, arrays of NumPy.
#ifndef NABLA_FRAMEWORK_INFERENCE_PREDICT_INPUT_H_
#define NABLA_FRAMEWORK_INFERENCE_PREDICT_INPUT_H_

#include <string>
#include <vector>

#include "framework/data/bytes.h"
#include "framework/record/model_input.h"

namespace nabla {

// Where the targets of rows stand, if they are wanted too.
struct TargetSource {
  std::vector<std::string> columns = {};  // of CSV: names in the header, or numbers from 0
  std::string labels_name = {};           // of an IDX file with the labels of another; "": none
  Bytes labels = {};
};

// The rows of a PNG or JPEG picture, of an IDX file of unsigned bytes, of an array in an .npz
// archive (RowsFromNpz), or of CSV lines (RowsFromCsv); each may be compressed with gzip. The
// content decides the format. `invert` replaces each pixel by 255 - pixel. A picture of another
// size than the model's is fitted (FitPicture), which a remark says and shows. Remarks say what was
// taken for a header, and what looks unlike the rows that the model was trained on. With `targets`
// every row gets its labels or values. Throws InputError placed at `name`, with the line in CSV, if
// the file is damaged, its rows do not have the size of the model's input, or a target is missing
// or is none that the model knows.
RawRows ReadInputs(Bytes file, const std::string& name, const ModelInput& input, bool invert,
                   TargetSource* targets = nullptr);

// Whether rows of these shapes hold the same pixels: leading dimensions of 1 do not matter, and a
// flat row matches every picture of its size.
bool IsSamePicture(Shape a, Shape b);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_PREDICT_INPUT_H_
