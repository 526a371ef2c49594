// Layers with their parameters: everything of a model that training changes.
#ifndef NABLA_FRAMEWORK_ENGINE_NETWORK_H_
#define NABLA_FRAMEWORK_ENGINE_NETWORK_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/error.h"
#include "framework/base/generator.h"
#include "framework/model/layer.h"
#include "framework/tensor/storage.h"

namespace nabla {

// One parameter with all that belongs to it.
template <typename T>
struct Parameter {
  std::string name;  // "0.weight": the layer's place in the list and the layer's own name
  size_t layer = 0;  // index in Network::layers
  size_t index = 0;  // index in the layer's declaration
  bool divide_by_batch = false;
  bool trained = true;
  bool blockwise_gradient = false;
  OwnedMatrix<T> value;         // (rows, cols)
  OwnedMatrix<T> transposed;    // (cols, rows), or without data
  OwnedMatrix<T> segment_sums;  // (segments, cols), or without data
};

// In the place of a layer's index: what goes into the first one.
inline constexpr size_t kNetworkInput = static_cast<size_t>(-1);

// A layer as the experiment file lists it.
template <typename T>
struct ListedLayer {
  std::shared_ptr<const Layer<T>> layer;
  Place place;  // for errors about its shape
};

// A layer between its neighbours.
template <typename T>
struct NetworkLayer {
  std::string path;  // "2", or "2.0" inside a residual
  std::shared_ptr<const Layer<T>> layer;
  Shape input;
  Shape output;
  size_t saved_per_row = 0;
  size_t scratch = 0;
  size_t channels = 0;
  size_t statistics = 0;
  size_t least_rows = 1;
  bool takes_sparse = false;
  size_t first_parameter = 0;  // in Network::parameters
  size_t parameter_count = 0;
  // Behind the layers of a residual: the layer whose output (kNetworkInput: the network's input) is
  // added to y. Such a place has no layer of its own.
  std::optional<size_t> skip_from;
};

template <typename T>
class Network {
 public:
  // Shapes every layer and draws the first values, layer by layer, parameter by parameter.
  // Throws InputError at the layer's place if a shape does not fit.
  Network(const std::vector<ListedLayer<T>>& layers, const Shape& input, Generator& generator);

  const std::vector<NetworkLayer<T>>& layers() const { return layers_; }
  std::vector<Parameter<T>>& parameters() { return parameters_; }
  const std::vector<Parameter<T>>& parameters() const { return parameters_; }
  // The views that a layer's contexts point to.
  const ParameterView<T>* views(size_t layer) const {
    return views_.data() + layers_[layer].first_parameter;
  }

  const Shape& output() const { return layers_.back().output; }
  size_t parameter_count() const;  // numbers in all trained parameters
  // Places of layers whose rows depend on each other, ascending.
  std::vector<size_t> coupled_layers() const;
  // Whether nothing but a layer that takes sparse rows reads the network's input.
  bool takes_sparse_input() const;
  size_t scratch() const;  // of the layer that needs most

  // Keeps sums of segments of the first layer's parameters from now on.
  void KeepSegmentSums();
  // Brings what is derived from rows [begin, end) up to date: the transposed copy, and sums of
  // segments, of which [begin, end) must hold whole ones.
  void Mirror(size_t parameter, size_t begin, size_t end);

  // 32 hex digits over names, shapes and the exact bits of all parameters.
  std::string Hash() const;
  // The first parameter with a number that is not finite; "" if there is none.
  std::string FirstNonFinite() const;

 private:
  void Append(const std::string& path, std::shared_ptr<const Layer<T>> layer, const Shape& input,
              Generator& generator);
  void AppendResidual(const std::string& path, const Layer<T>& layer, const Shape& input,
                      Generator& generator);
  void AddParameter(const std::string& path, size_t index, const ParameterSpec<T>& spec,
                    Generator& generator);

  std::vector<NetworkLayer<T>> layers_;
  std::vector<Parameter<T>> parameters_;
  std::vector<ParameterView<T>> views_;
};

}  // namespace nabla

#endif  // NABLA_FRAMEWORK_ENGINE_NETWORK_H_
