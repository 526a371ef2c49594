// Arrays that NumPy saved as a data set.
#ifndef NABLA_FRAMEWORK_TABLE_ARRAY_DATA_H_
#define NABLA_FRAMEWORK_TABLE_ARRAY_DATA_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "framework/config/fields.h"
#include "framework/model/dataset.h"
#include "framework/table/array_file.h"
#include "framework/table/targets.h"

namespace nabla {

template <>
struct EnumNames<ChannelPlace> {
  static constexpr std::pair<ChannelPlace, const char*> kNames[] = {{ChannelPlace::kFirst, "first"},
                                                                    {ChannelPlace::kLast, "last"}};
};

// The files of one split and the names of its arrays.
struct ArraySource {
  const ArrayFile* file = nullptr;
  const ArrayFile* labels = nullptr;  // of the targets; null: they are in `file`
  std::string inputs = {};            // array in an .npz; "": the first of the usual names
  std::string targets = {};           // the same
};

struct ArraySettings {
  bool aims_at_inputs = false;                          // an autoencoder
  std::optional<Task> task = std::nullopt;              // if it is not set, the targets tell
  std::optional<int64_t> classes = std::nullopt;        // if it is not set, the targets tell
  std::optional<ChannelPlace> channels = std::nullopt;  // if it is not set, the sizes tell
  Shape shape = {};  // of a row; if it has no dimensions, that of the array
  Normalization normalization = {};
};

// Rows of arrays (N), (N, I), (N, H, W), (N, C, H, W) or (N, H, W, C), which are shaped {1}, {I},
// {1, H, W} or {C, H, W}, and their targets (N), or (N, K). With a `shape` of other sizes they keep
// the order of the array, unless `channels` says that theirs stand last. Numbers are held as those
// of a table are, so that they train to the same bits. Targets of one integer or bool each are
// classes, floats are numbers, and several of 0 and 1 labels, unless `task` says it; with
// `classification`, rows of a single 1 are the class of its place. Without `test` an .npz of both
// splits gives both; in another file, arrays without a name of their own are looked for under the
// names of the training's first. Remarks say which arrays were taken for what. Throws InputError
// placed in a file: an array that is not there, one of other sizes, numbers that are not finite, a
// target that does not fit.
DataSplits DataOfArrays(const std::string& name, const ArraySource& train, const ArraySource* test,
                        const ArraySettings& settings);

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_TABLE_ARRAY_DATA_H_
