// A data set: rows in the format they were read in, until a batch gathers them.
#ifndef NABLA_FRAMEWORK_MODEL_DATASET_H_
#define NABLA_FRAMEWORK_MODEL_DATASET_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "framework/kernels/sparse.h"
#include "framework/tensor/shape.h"

namespace nabla {

class Files;

// How stored pixels become inputs: x = (pixel / scale - mean) / std.
struct Normalization {
  double scale = 1;
  double mean = 0;
  double std = 1;
};

// N rows of inputs with their targets. Copies share the data.
struct Samples {
  size_t count = 0;                 // N
  Shape shape;                      // of one input row
  std::span<const uint8_t> pixels;  // (N, shape), or empty if `numbers` holds the inputs
  std::span<const double> numbers;  // (N, shape), used unchanged
  Normalization normalization;      // of pixels
  // The same pixels, if so many are zero that the first layer is faster with this form.
  std::shared_ptr<const SparseBytes> sparse;
  size_t classes = 0;               // 0: the targets are `values`
  std::span<const int32_t> labels;  // (N), each below classes
  size_t values_per_row = 0;
  std::span<const double> values;          // (N, values_per_row)
  std::shared_ptr<const void> keep_alive;  // owns what the spans refer to
};

struct DataSplits {
  std::string name;  // of the data that is really used
  Samples train;
  Samples test;  // may have no rows
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
