// A layer: a function of a block of batch rows, and the gradients of its inputs and parameters.
#ifndef NABLA_FRAMEWORK_MODEL_LAYER_H_
#define NABLA_FRAMEWORK_MODEL_LAYER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "framework/kernels/sparse.h"
#include "framework/model/initializer.h"
#include "framework/model/onnx_nodes.h"
#include "framework/tensor/matrix.h"
#include "framework/tensor/shape.h"

namespace nabla {

// The gradient of a `blockwise_gradient` parameter is summed over this many rows before these sums
// are added up. Part of the numeric contract: another value would give other bits.
inline constexpr size_t kGradientRows = 8;

// A parameter of a layer. Its gradient is computed in tiles of whole rows.
template <typename T>
struct ParameterSpec {
  std::string name;  // "weight", "bias"
  size_t rows = 0;
  size_t cols = 0;
  Fans fans;
  std::shared_ptr<const Initializer<T>> initializer;
  bool transposed = false;       // Backward also needs it as (cols, rows); the engine updates it
  bool divide_by_batch = false;  // update with gradient / B (a quirk of some notebooks)
  bool trained = true;           // false: a buffer that ComputeBatchStatistics may change
  // For small parameters whose gradient sums very many numbers (convolutions): it is computed for
  // every kGradientRows rows, and the results are added in order.
  bool blockwise_gradient = false;
};

// What a layer needs; filled by Declare.
template <typename T>
struct Declaration {
  std::vector<ParameterSpec<T>> parameters;
  size_t saved_per_row = 0;  // numbers per row that Forward keeps for Backward and Gradient
  size_t scratch = 0;        // numbers that a call may use as temporary memory
  // If rows depend on each other (batch norm): the number of channels, each coupled only with
  // itself, and how many numbers ComputeBatchStatistics and ComputeGradientStatistics write for
  // each.
  size_t channels = 0;
  size_t statistics = 0;
  size_t least_rows = 1;     // that a training batch, or a shard of one, must have
  size_t multiply_adds = 0;  // of one row forward, in products with weights; only shown
  // If not 0, the layer reads ids, whole numbers from 0 to ids - 1, from the data set itself: the
  // rows are checked before they reach it.
  size_t ids = 0;
  // As the first layer, it also takes rows as sparse bytes (`sparse`; x is then empty).
  bool takes_sparse = false;
  // And also where byte 0 represents a number other than 0, with the sums of segments.
  bool takes_folded = false;
};

template <typename T>
struct ParameterView {
  Matrix<const T> value;       // (rows, cols)
  Matrix<const T> transposed;  // (cols, rows), or empty
  // Sums over every SparseBytes::kSegment rows, (segments, cols): for a first layer with sparse
  // rows in which byte 0 represents a number other than 0.
  Matrix<const T> segment_sums;
};

// One block of R consecutive batch rows on its way forward.
template <typename T>
struct ForwardBlock {
  const Shape* shape = nullptr;                  // of an input row
  Matrix<const T> x;                             // (R, I)
  const SparseRows<T>* sparse = nullptr;         // the same rows, instead of x
  Matrix<T> y;                                   // (R, O), every element to be written
  Matrix<T> saved;                               // (R, saved_per_row); empty when evaluating
  const ParameterView<T>* parameters = nullptr;  // as declared
  Matrix<const T> statistics;                    // (channels, statistics), when training
  T* scratch = nullptr;
  bool training = false;
  uint64_t key = 0;      // of (seed, layer, step): seeds the random numbers of this step
  size_t first_row = 0;  // of the block, within the batch
};

// The same block on its way back.
template <typename T>
struct BackwardBlock {
  const Shape* shape = nullptr;  // of an input row
  Matrix<const T> x;             // (R, I)
  Matrix<const T> y;             // (R, O)
  Matrix<const T> dy;            // (R, O): derivative of the batch's loss with respect to y
  Matrix<T> dx;                  // (R, I), every element to be written
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
  bool accumulate = false;   // continue the sums of earlier chunks
  bool last = true;          // no chunk comes after this one
  T* column_sums = nullptr;  // (cols), kept for this tile from the first chunk to the last
};

// Channels [begin, end) of a layer whose rows depend on each other, over all rows of a batch.
template <typename T>
struct BatchStatistics {
  const Shape* shape = nullptr;  // of an input row
  Matrix<const T> x;             // (B, I)
  Matrix<const T> dy;            // (B, O); empty in ComputeBatchStatistics
  size_t begin = 0;
  size_t end = 0;
  Matrix<T> statistics;                   // (channels, statistics), to be written
  const Matrix<T>* parameters = nullptr;  // as declared; buffers may be changed
};

template <typename T>
class Layer;

// One of the ways through a block of layers: its layers one after another, or none, which passes
// the block's input on.
template <typename T>
struct LayerPath {
  // Names the layers: number 0 of key "projection" in the block "2" is "2.projection.0", and of key
  // "" it is "2.0".
  std::string key;
  std::vector<std::shared_ptr<const Layer<T>>> layers;
};

// The paths of a block, all from its input; of a sum there are two, and the first has layers.
template <typename T>
struct LayerPaths {
  std::vector<LayerPath<T>> list;
  bool concatenated = false;  // how the results meet: one behind another, or added up
};

// All methods are const, since the engine holds all state. None allocates or throws after Declare.
// The numeric contract: each output element is one chain of operations in an order that depends
// only on the shapes (ascending k; for gradients, ascending row).
template <typename T>
class Layer {
 public:
  using Interface = Layer;
  static constexpr const char* kKind = "layer";
  virtual ~Layer() = default;

  // The shape of an output row. Throws InputError if `input` does not fit.
  virtual Shape Output(const Shape& input) const = 0;
  virtual void Declare(const Shape& /*input*/, Declaration<T>* /*declaration*/) const {}
  virtual void Forward(const ForwardBlock<T>& block) const = 0;
  virtual void Backward(const BackwardBlock<T>& block) const = 0;
  // Called for tiles of declared parameters only.
  virtual void Gradient(const GradientTile<T>& /*tile*/) const {}
  // In training, if channels > 0: called for the whole batch before Forward and before Backward.
  virtual void ComputeBatchStatistics(const BatchStatistics<T>& /*coupling*/) const {}
  virtual void ComputeGradientStatistics(const BatchStatistics<T>& /*coupling*/) const {}
  // Of a block of layers, which the engine runs itself: it calls only Output of the methods above.
  virtual LayerPaths<T> Inside() const { return {}; }
  // y from the rows x when evaluating, as nodes of an ONNX graph; the name of y, or "" if there is
  // no counterpart. `export` puts a block together from the layers inside itself.
  virtual std::string Onnx(const std::string& /*x*/, OnnxNodes& /*nodes*/) const { return ""; }
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_MODEL_LAYER_H_
