// Layers and their parameters: everything in a model that training changes.
#ifndef NABLA_FRAMEWORK_ENGINE_NETWORK_H_
#define NABLA_FRAMEWORK_ENGINE_NETWORK_H_

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/generator.h"
#include "framework/engine/rows.h"
#include "framework/model/layer.h"
#include "framework/tensor/storage.h"

namespace nabla {

// One parameter with everything that belongs to it.
template <typename T>
struct Parameter {
  std::string name;  // "0.weight": the layer's path and its own name for the parameter
  size_t layer = 0;  // index in Network::layers
  size_t index = 0;  // index in the layer's declaration
  bool divide_by_batch = false;
  bool trained = true;
  bool blockwise_gradient = false;
  bool frozen = false;          // no step changes it, although it is trained otherwise
  OwnedMatrix<T> value;         // (rows, cols)
  OwnedMatrix<T> transposed;    // (cols, rows), or empty
  OwnedMatrix<T> segment_sums;  // (segments, cols), or empty

  bool IsUpdated() const { return trained && !frozen; }
};

// Used in place of a layer's index: the input of the first layer.
inline constexpr size_t kNetworkInput = static_cast<size_t>(-1);

// Where the paths of a block of layers begin or meet. x is the output of the entry before it.
enum class JointKind {
  kBranch,  // y = the only source: a path starts again from the block's input
  kSum,     // y = x + the only source
  kConcat,  // y = the sources, one behind another
};
struct Joint {
  JointKind kind = JointKind::kSum;
  std::vector<size_t> sources;  // layers whose outputs it takes; kNetworkInput: the network's input
};

// A layer as the experiment file lists it.
template <typename T>
struct ListedLayer {
  std::shared_ptr<const Layer<T>> layer;
  Place place;  // for errors about its shape
};

// A layer in its place in the network.
template <typename T>
struct NetworkLayer {
  std::string path;  // "2", or "2.0" inside a block; of a branch the path's, "2.projection"
  std::shared_ptr<const Layer<T>> layer;
  Shape input;
  Shape output;
  size_t saved_per_row = 0;
  size_t scratch = 0;
  size_t channels = 0;
  size_t statistics = 0;
  size_t least_rows = 1;
  size_t multiply_adds = 0;
  size_t ids = 0;
  bool takes_sparse = false;
  bool takes_folded = false;
  size_t first_parameter = 0;  // in Network::parameters
  size_t parameter_count = 0;
  // Only where paths begin or meet; such an entry has no layer of its own.
  std::optional<Joint> joint;
};

template <typename T>
class Network {
 public:
  // Determines all shapes and draws the initial values, layer by layer, parameter by parameter.
  // Throws InputError at the layer's place if a shape does not fit or parameters exceed memory.
  Network(const std::vector<ListedLayer<T>>& layers, const Shape& input, Generator& generator);

  const std::vector<NetworkLayer<T>>& layers() const { return layers_; }
  std::vector<Parameter<T>>& parameters() { return parameters_; }
  const std::vector<Parameter<T>>& parameters() const { return parameters_; }
  // The parameters that a layer's methods get.
  const ParameterView<T>* views(size_t layer) const {
    return views_.data() + layers_[layer].first_parameter;
  }

  const Shape& output() const { return layers_.back().output; }
  size_t parameter_count() const;  // elements of all trained parameters
  // Indices of layers whose rows depend on each other, ascending.
  std::vector<size_t> coupled_layers() const;
  // Whether only a layer that takes sparse rows reads the network's input.
  bool takes_sparse_input() const;
  // Whether it takes them also where byte 0 represents a number other than 0.
  bool takes_folded_input() const;
  // Whether these rows reach it as sparse bytes.
  bool TakesSparse(const Samples& samples) const;
  // Whether the layer reads the network's input and nothing else.
  bool reads_input(size_t layer) const;
  size_t scratch() const;  // of the layer that needs the most

  // From now on keeps sums over segments of the first layer's parameters.
  void KeepSegmentSums();
  // Updates what is derived from rows [begin, end): the transposed copy and the segment sums. If
  // those are kept, [begin, end) must consist of whole segments.
  void Mirror(size_t parameter, size_t begin, size_t end);

  // A hash of names, shapes and the exact bits of all parameters: 32 hex digits.
  std::string Hash() const;
  // The name of the first parameter with a non-finite element; "" if there is none.
  std::string FirstNonFinite() const;

 private:
  void Append(const std::string& path, std::shared_ptr<const Layer<T>> layer, const Shape& input,
              Generator& generator);
  void AppendPaths(const std::string& path, const Layer<T>& layer, const Shape& input,
                   Generator& generator);
  void AppendJoint(const std::string& path, const Shape& input, const Shape& output, Joint joint);
  void AddParameter(const std::string& path, size_t index, const ParameterSpec<T>& spec,
                    Generator& generator);

  std::vector<NetworkLayer<T>> layers_;
  std::vector<Parameter<T>> parameters_;
  std::vector<ParameterView<T>> views_;
};

// The y of a joint from its x, where output_of(source) is the rows of a source.
template <typename T, typename F>
void Join(const Joint& joint, Matrix<const T> x, Matrix<T> y, F output_of) {
  if (joint.kind == JointKind::kSum) {
    return AddRows<T>(x, output_of(joint.sources[0]), y);
  }
  size_t column = 0;
  for (const size_t source : joint.sources) {
    const Matrix<const T> from = output_of(source);
    for (size_t r = 0; r < y.rows; ++r) std::copy_n(from.Row(r), from.cols, y.Row(r) + column);
    column += from.cols;
  }
}

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_NETWORK_H_
