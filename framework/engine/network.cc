#include "framework/engine/network.h"

#include "framework/base/hash.h"
#include "framework/kernels/gemm.h"

namespace nabla {

template <typename T>
Network<T>::Network(const std::vector<ListedLayer<T>>& layers, const Shape& input,
                    Generator& generator) {
  Shape shape = input;
  for (const auto& [layer, place] : layers) {
    try {
      Append(layer, shape, generator);
    } catch (const InputError& e) {
      throw InputError(std::vector<Problem>{{place, e.problems().front().message}});
    }
    shape = layers_.back().output;
  }
  for (size_t p = 0; p < parameters_.size(); ++p) {
    views_.push_back({parameters_[p].value.view(), parameters_[p].transposed.view()});
    Mirror(p, 0, parameters_[p].value.view().rows);
  }
}

template <typename T>
void Network<T>::Append(std::shared_ptr<const Layer<T>> layer, const Shape& input,
                        Generator& generator) {
  PlacedLayer<T> placed{layer, input, layer->Output(input), 0, parameters_.size(), 0};
  Declaration<T> declaration;
  layer->Declare(input, &declaration);
  placed.saved_per_row = declaration.saved_per_row;
  placed.parameter_count = declaration.parameters.size();
  for (size_t i = 0; i < declaration.parameters.size(); ++i) {
    const ParameterSpec<T>& spec = declaration.parameters[i];
    Parameter<T> parameter{.name = std::to_string(layers_.size()) + "." + spec.name,
                           .layer = layers_.size(),
                           .index = i,
                           .divide_by_batch = spec.divide_by_batch,
                           .value = OwnedMatrix<T>(spec.rows, spec.cols)};
    // Below the first layer no data gradient is wanted, so nothing reads its transposed weight.
    if (spec.transposed && !parameters_.empty()) {
      parameter.transposed = OwnedMatrix<T>(spec.cols, spec.rows);
    }
    spec.initializer->Fill(parameter.value.view(), spec.fans, generator);
    parameters_.push_back(std::move(parameter));
  }
  layers_.push_back(std::move(placed));
}

template <typename T>
size_t Network<T>::parameter_count() const {
  size_t count = 0;
  for (const Parameter<T>& p : parameters_) count += p.value.view().rows * p.value.view().cols;
  return count;
}

template <typename T>
void Network<T>::Mirror(size_t parameter, size_t begin, size_t end) {
  const Parameter<T>& p = parameters_[parameter];
  if (p.transposed.view().empty()) return;
  Transpose(p.value.view().Rows(begin, end), p.transposed.view().Cols(begin, end));
}

template <typename T>
std::string Network<T>::Hash() const {
  Hasher hasher;
  for (const Parameter<T>& p : parameters_) {
    const Matrix<T> value = p.value.view();
    const uint64_t shape[] = {value.rows, value.cols, sizeof(T)};
    hasher.Add(p.name.data(), p.name.size());
    hasher.Add(shape, sizeof(shape));
    for (size_t r = 0; r < value.rows; ++r) hasher.Add(value.Row(r), value.cols * sizeof(T));
  }
  return hasher.Hex();
}

template class Network<float>;
template class Network<double>;

}  // namespace nabla
