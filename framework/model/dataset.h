// A data set: rows in the format they were read in, until a batch gathers them.
#ifndef NABLA_FRAMEWORK_MODEL_DATASET_H_
#define NABLA_FRAMEWORK_MODEL_DATASET_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "framework/model/input_column.h"
#include "framework/model/target_meaning.h"
#include "framework/tensor/shape.h"
#include "framework/tensor/sparse_bytes.h"

namespace nabla {

class Files;

// How stored numbers become inputs: x = (stored / scale - mean) / std.
struct Normalization {
  double scale = 1;
  double mean = 0;
  double std = 1;

  bool operator==(const Normalization&) const = default;
};

// Whether a number can be stored as a pixel.
inline bool IsByte(double x) { return x >= 0 && x <= 255 && x == static_cast<uint8_t>(x); }

// N rows of inputs with their targets. Copies share the data.
struct Samples {
  size_t count = 0;                 // N
  Shape shape;                      // of one input row
  std::span<const uint8_t> pixels;  // (N, shape), or empty if `numbers` holds the inputs
  std::span<const double> numbers;  // (N, shape): of a whole number from 0 to 255 the same bits as
                                    // of a pixel
  Normalization normalization;      // of both
  // The same rows, if so many of their bytes are zero that the first layer is faster with this
  // form.
  std::shared_ptr<const SparseBytes> sparse;
  size_t classes = 0;               // 0: the targets are `values`, or the inputs if meaning says so
  std::span<const int32_t> labels;  // (N), each below classes
  size_t values_per_row = 0;
  std::span<const double> values;        // (N, values_per_row)
  std::span<const double> weights = {};  // (N): how much each row counts in the loss, 0 or more;
                                         // empty: all count 1
  std::shared_ptr<const TargetMeaning> meaning = nullptr;  // null: the targets are just numbers
  std::shared_ptr<const void> keep_alive;                  // owns what the spans refer to

  // "setosa", or "0" where the classes are numbered.
  std::string ClassName(size_t c) const {
    return meaning == nullptr ? std::to_string(c) : meaning->ClassName(c);
  }
};

// A data set may return splits that are stored differently; Uniform (framework/data/uniform.h)
// makes them one before anything else sees them.
struct DataSplits {
  std::string name;  // of the data that is really used
  Samples train;
  Samples test;                           // may have no rows
  std::vector<std::string> columns = {};  // names of the inputs (I), or empty
  std::vector<std::string> remarks = {};  // "warning: ..." and "note: ...", for the user
  // Where the rows come from a table: how its columns became the inputs, and what becomes of NaN,
  // which stands for a missing value unless that is kRefuse.
  std::vector<InputColumn> coding = {};
  MissingValues missing = MissingValues::kRefuse;
  Samples validation = {};  // rows that were put aside to choose by; data sets have none
};

class Dataset {
 public:
  using Interface = Dataset;
  static constexpr const char* kKind = "dataset";
  virtual ~Dataset() = default;

  // Reads everything. Throws InputError for bad files, and DataUnavailable (framework/data/files.h)
  // for files that are not available.
  virtual DataSplits Load(Files& files) const = 0;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_DATASET_H_
