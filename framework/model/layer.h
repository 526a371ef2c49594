// A layer: a function of a block of batch rows, and the gradients of its inputs and parameters.
#ifndef NABLA_FRAMEWORK_MODEL_LAYER_H_
#define NABLA_FRAMEWORK_MODEL_LAYER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "framework/kernels/sparse.h"
#include "framework/model/initializer.h"
#include "framework/tensor/matrix.h"
#include "framework/tensor/shape.h"

namespace nabla {

// Rows whose gradient of a `blockwise_gradient` parameter is added up before it joins the others. A
// constant of the numeric contract: another value would give other bits.
inline constexpr size_t kGradientRows = 8;

// A parameter that a layer asks for. Its gradient is computed in tiles of whole rows.
template <typename T>
struct ParameterSpec {
  std::string name;  // "weight", "bias"
  size_t rows = 0;
  size_t cols = 0;
  Fans fans;
  std::shared_ptr<const Initializer<T>> initializer;
  bool transposed = false;  // Backward also wants it as (cols, rows), kept up to date by the engine
  bool divide_by_batch = false;  // the step is taken with gradient / B (a quirk of some notebooks)
  bool trained = true;           // otherwise a buffer, which ComputeBatchStatistics may change
  // Small, with a sum over very many numbers (convolutions): the gradient is taken of every
  // kGradientRows rows, and those are added in order.
  bool blockwise_gradient = false;
};

// What a layer needs; filled by Declare.
template <typename T>
struct Declaration {
  std::vector<ParameterSpec<T>> parameters;
  size_t saved_per_row = 0;  // numbers kept from Forward for Backward and Gradient, for each row
  size_t scratch = 0;        // numbers that a call may scribble on
  // Where rows depend on each other (batch norm): how many channels of columns are coupled, each on
  // its own, and how many numbers ComputeBatchStatistics and ComputeGradientStatistics leave for
  // each.
  size_t channels = 0;
  size_t statistics = 0;
  size_t least_rows = 1;  // in a batch of training, or in a shard of one
  // As first layer it also takes rows as sparse bytes (x is then empty in its contexts).
  bool takes_sparse = false;
};

template <typename T>
struct ParameterView {
  Matrix<const T> value;       // (rows, cols)
  Matrix<const T> transposed;  // (cols, rows), or empty
  // Sums over every SparseBytes::kSegment rows, (segments, cols): for a first layer whose sparse
  // rows stand for numbers that are not 0 where the byte is.
  Matrix<const T> segment_sums;
};

// One block of R consecutive batch rows on its way forward.
template <typename T>
struct ForwardBlock {
  const Shape* shape = nullptr;                  // of an input row
  Matrix<const T> x;                             // (R, I)
  const SparseRows<T>* sparse = nullptr;         // the same rows, instead of x
  Matrix<T> y;                                   // (R, O), to be written whole
  Matrix<T> saved;                               // (R, saved_per_row); empty when evaluating
  const ParameterView<T>* parameters = nullptr;  // as declared
  Matrix<const T> statistics;                    // (channels, statistics), when training
  T* scratch = nullptr;
  bool training = false;
  uint64_t key = 0;      // of (seed, layer, step): what random bits of this step depend on
  size_t first_row = 0;  // of the block, within the batch
};

// The same block on its way back.
template <typename T>
struct BackwardBlock {
  const Shape* shape = nullptr;  // of an input row
  Matrix<const T> x;             // (R, I)
  Matrix<const T> y;             // (R, O)
  Matrix<const T> dy;            // (R, O): derivative of the batch's loss with respect to y
  Matrix<T> dx;                  // (R, I), to be written whole
  Matrix<const T> saved;
  const ParameterView<T>* parameters = nullptr;
  Matrix<const T> statistics;
  T* scratch = nullptr;
  uint64_t key = 0;
  size_t first_row = 0;
};

// Rows [begin, begin + gradient.rows) of one parameter's gradient over all rows of a chunk.
template <typename T>
struct GradientTile {
  const Shape* shape = nullptr;           // of an input row
  Matrix<const T> x;                      // (B, I)
  const SparseRows<T>* sparse = nullptr;  // the same rows, instead of x
  Matrix<const T> dy;                     // (B, O)
  Matrix<const T> saved;
  Matrix<const T> statistics;
  T* scratch = nullptr;
  size_t parameter = 0;  // index in the declaration
  size_t begin = 0;
  Matrix<T> gradient;        // (rows of the tile, cols)
  bool accumulate = false;   // continue the chains that earlier chunks began
  bool last = true;          // no chunk comes after this one
  T* column_sums = nullptr;  // (cols), the tile's own from the first chunk to the last
};

// Groups [begin, end) of a layer whose rows depend on each other, over all rows of a batch.
template <typename T>
struct BatchStatistics {
  const Shape* shape = nullptr;  // of an input row
  Matrix<const T> x;             // (B, I)
  Matrix<const T> dy;            // (B, O); empty on the way forward
  size_t begin = 0;
  size_t end = 0;
  Matrix<T> statistics;                   // (channels, statistics), to be written
  const Matrix<T>* parameters = nullptr;  // as declared; buffers may be changed
};

// All methods are const: state lives in the engine. None allocates or throws after Declare.
// The numeric contract: each output element is one chain of operations in an order that depends on
// nothing but the shapes (ascending k; for gradients ascending row).
template <typename T>
class Layer {
 public:
  using Interface = Layer;
  static constexpr const char* kKind = "layer";
  virtual ~Layer() = default;

  // The shape of a row that leaves. Throws InputError if `input` does not fit.
  virtual Shape Output(const Shape& input) const = 0;
  virtual void Declare(const Shape& /*input*/, Declaration<T>* /*declaration*/) const {}
  virtual void Forward(const ForwardBlock<T>& block) const = 0;
  virtual void Backward(const BackwardBlock<T>& block) const = 0;
  // Called for tiles of declared parameters only.
  virtual void Gradient(const GradientTile<T>& /*tile*/) const {}
  // Called between the phases when channels > 0 and training: before Forward, and before Backward.
  virtual void ComputeBatchStatistics(const BatchStatistics<T>& /*coupling*/) const {}
  virtual void ComputeGradientStatistics(const BatchStatistics<T>& /*coupling*/) const {}
  // Layers that this one runs in a row before it adds its own input; the engine lists them itself
  // and calls none of the methods above for this one but Output.
  virtual std::vector<std::shared_ptr<const Layer>> Inside() const { return {}; }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_LAYER_H_
