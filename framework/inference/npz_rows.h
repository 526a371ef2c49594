// Rows of arrays that NumPy saved, for a trained model.
#ifndef NABLA_FRAMEWORK_INFERENCE_NPZ_ROWS_H_
#define NABLA_FRAMEWORK_INFERENCE_NPZ_ROWS_H_

#include <optional>
#include <string>

#include "framework/config/node.h"
#include "framework/record/model_input.h"
#include "framework/table/array_file.h"

namespace nabla {

// What the data set that a model was trained on says of its arrays.
struct ArrayChoice {
  // Names; "": the usual ones.
  std::string inputs = {};
  std::string targets = {};
  std::string test_inputs = {};
  std::string test_targets = {};
  bool other_test = false;  // the test rows came from a file of their own
  std::optional<ChannelPlace> channels = std::nullopt;  // of rows of three dimensions
  bool shaped = false;                                  // rows of any form became the model's
};

// Of another data set than numpy's, nothing.
ArrayChoice ArrayChoiceOf(const Node& dataset);

// The rows of a .npy file, or of an array in an .npz archive, (N, shape): those that the training
// tested on, if the file has such an array, otherwise of the names in `choice`, otherwise x, X or
// the like. With `targets` also those of `labels`, or if that is null of y_test, y or the like
// beside them: classes (N) as the model names them or counted from 0, or values (N, K). Pictures
// whose channels come last in the file, but not in the model, are turned, and where both orders
// fit, those that `choice` says come last. Bytes are pixels, all else is numbers. A remark says
// where arrays have other names than in the training. Throws InputError placed at the file for one
// without them, for arrays of other sizes, and for numbers that are not finite or no classes of the
// model.
RawRows RowsFromArrays(const ArrayFile& file, const ArrayFile* labels, const ModelInput& input,
                       bool targets, const ArrayChoice& choice = {});

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_INFERENCE_NPZ_ROWS_H_
