// Files of inputs: pictures, IDX, CSV, arrays of NumPy.
#ifndef NABLA_FRAMEWORK_INFERENCE_PREDICT_INPUT_H_
#define NABLA_FRAMEWORK_INFERENCE_PREDICT_INPUT_H_

#include <optional>
#include <string>
#include <vector>

#include "framework/config/node.h"
#include "framework/data/bytes.h"
#include "framework/data/files.h"
#include "framework/inference/npz_rows.h"
#include "framework/inference/table_rows.h"
#include "framework/picture/fit_picture.h"
#include "framework/record/model_input.h"

namespace nabla {

// Where the targets of rows stand, if they are wanted too.
struct TargetSource {
  std::vector<std::string> columns = {};  // of CSV: names in the header, or numbers from 0
  bool numbered = false;                  // those are numbers, whatever the names
  std::string labels_name = {};  // of an IDX or .npy file with the targets of another; "": none
  Bytes labels = {};
  std::string weight = {};  // column of CSV that says how much rows count in the loss; "": none
  bool inputs = false;      // the targets are the inputs, and stand nowhere else
  // What the user named, and not the training: it is no use for files that do not need it.
  bool asked_columns = false;
  bool asked_labels = false;
};

// What the data set that a model was trained on says of how files are read.
struct ReadSettings {
  std::optional<PictureFit> fit = std::nullopt;  // of pictures; nothing if it did not fit any
  ArrayChoice arrays = {};
  UnusedColumns unused = {};  // of tables
};

ReadSettings ReadSettingsOf(const Node& dataset);

// The rows of a PNG or JPEG picture, of an IDX file of unsigned bytes, of a .npy file or an array
// in an .npz archive (RowsFromArrays), or of CSV lines (RowsFromCsv); each may be compressed with
// gzip. The content decides the format. `invert` replaces each pixel by 255 - pixel. A picture of
// another size than the model's is fitted (FitPicture) as `settings` say, which a remark says and
// shows. Remarks say what was taken for a header, and what looks unlike the rows that the model was
// trained on. With `targets` every row gets its labels or values. Throws InputError placed at
// `name`, with the line in CSV, if the file is damaged, its rows do not have the size of the
// model's input, or a target is missing or is none that the model knows.
RawRows ReadInputs(Bytes file, const std::string& name, const ModelInput& input, bool invert,
                   TargetSource* targets = nullptr, const ReadSettings& settings = {});

// The pictures of a folder with a folder for each class, fitted as `fit` says, with their classes.
// Throws InputError if the model takes no pictures or knows no classes, and as
// ReadLabelledPictures.
RawRows ReadPictureRows(const Files& files, const std::string& folder, const ModelInput& input,
                        std::optional<PictureFit> fit);

// Adds the rows of another file for the same model; `name` is the file's. Throws InputError where
// only one of the two has weights.
void Append(RawRows more, const std::string& name, RawRows* rows);

// Whether rows of these shapes hold the same pixels: leading dimensions of 1 do not matter, and a
// flat row matches every picture of its size.
bool IsSamePicture(Shape a, Shape b);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_PREDICT_INPUT_H_
