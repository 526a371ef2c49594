#include "framework/engine/network.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "framework/base/hash.h"
#include "framework/kernels/gemm.h"
#include "framework/kernels/rows.h"

namespace nabla {
namespace {

double MachineBytes() {
  return static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
}

// Throws InputError for parameters larger than this machine's memory. Computes in floating point
// because sizes may overflow any integer.
template <typename T>
void CheckSize(const Declaration<T>& declaration) {
  constexpr double kGib = 1 << 30;
  double bytes = 0;
  for (const ParameterSpec<T>& spec : declaration.parameters) {
    bytes += static_cast<double>(spec.rows) * static_cast<double>(spec.cols) * sizeof(T);
  }
  if (bytes <= MachineBytes()) return;
  char text[128];
  std::snprintf(text, sizeof(text), "its parameters take %.0f GiB, this machine has %.1f GiB",
                bytes / kGib, MachineBytes() / kGib);
  throw InputError(text);
}

}  // namespace

template <typename T>
Network<T>::Network(const std::vector<ListedLayer<T>>& layers, const Shape& input,
                    Generator& generator) {
  Shape shape = input;
  for (size_t i = 0; i < layers.size(); ++i) {
    try {
      Append(std::to_string(i), layers[i].layer, shape, generator);
    } catch (const InputError& e) {
      throw InputError(std::vector<Problem>{{layers[i].place, e.problems().front().message}});
    }
    shape = layers_.back().output;
  }
  for (size_t p = 0; p < parameters_.size(); ++p) {
    views_.push_back({parameters_[p].value.view(), parameters_[p].transposed.view()});
    Mirror(p, 0, parameters_[p].value.view().rows);
  }
}

template <typename T>
void Network<T>::KeepSegmentSums() {
  for (size_t p = 0; p < layers_.front().parameter_count; ++p) {
    Parameter<T>& parameter = parameters_[p];
    const Matrix<T> value = parameter.value.view();
    const size_t segments = (value.rows + SparseBytes::kSegment - 1) / SparseBytes::kSegment;
    parameter.segment_sums = OwnedMatrix<T>(segments, value.cols);
    views_[p].segment_sums = parameter.segment_sums.view();
    Mirror(p, 0, value.rows);
  }
}

template <typename T>
void Network<T>::Append(const std::string& path, std::shared_ptr<const Layer<T>> layer,
                        const Shape& input, Generator& generator) {
  if (!layer->Inside().list.empty()) return AppendPaths(path, *layer, input, generator);
  Declaration<T> declaration;
  layer->Declare(input, &declaration);
  layers_.push_back({.path = path,
                     .layer = layer,
                     .input = input,
                     .output = layer->Output(input),
                     .saved_per_row = declaration.saved_per_row,
                     .scratch = declaration.scratch,
                     .channels = declaration.channels,
                     .statistics = declaration.statistics,
                     .least_rows = declaration.least_rows,
                     .multiply_adds = declaration.multiply_adds,
                     .ids = declaration.ids,
                     .takes_sparse = declaration.takes_sparse,
                     .takes_folded = declaration.takes_folded,
                     .first_parameter = parameters_.size(),
                     .parameter_count = declaration.parameters.size()});
  CheckSize(declaration);
  for (size_t i = 0; i < declaration.parameters.size(); ++i) {
    AddParameter(path, i, declaration.parameters[i], generator);
  }
}

template <typename T>
void Network<T>::AppendPaths(const std::string& path, const Layer<T>& layer, const Shape& input,
                             Generator& generator) {
  const auto last = [this] { return layers_.empty() ? kNetworkInput : layers_.size() - 1; };
  const size_t source = last();
  const LayerPaths<T> paths = layer.Inside();
  std::vector<size_t> ends;
  for (const LayerPath<T>& way : paths.list) {
    const std::string name = way.key.empty() ? path : path + "." + way.key;
    if (!way.layers.empty() && last() != source) {
      AppendJoint(name, input, input, {JointKind::kBranch, {source}});
    }
    Shape shape = input;
    for (size_t i = 0; i < way.layers.size(); ++i) {
      Append(name + "." + std::to_string(i), way.layers[i], shape, generator);
      shape = layers_.back().output;
    }
    ends.push_back(way.layers.empty() ? source : last());
  }
  const Shape output = layer.Output(input);
  if (paths.concatenated) {
    AppendJoint(path, input, output, {JointKind::kConcat, ends});
  } else {
    // The other summand is the end of the last path that has layers: the entry before the joint.
    AppendJoint(path, input, output, {JointKind::kSum, {ends[1] == source ? source : ends[0]}});
  }
}

template <typename T>
void Network<T>::AppendJoint(const std::string& path, const Shape& input, const Shape& output,
                             Joint joint) {
  layers_.push_back({.path = path,
                     .layer = nullptr,
                     .input = input,
                     .output = output,
                     .first_parameter = parameters_.size(),
                     .joint = std::move(joint)});
}

template <typename T>
void Network<T>::AddParameter(const std::string& path, size_t index, const ParameterSpec<T>& spec,
                              Generator& generator) {
  Parameter<T> parameter{.name = path + "." + spec.name,
                         .layer = layers_.size() - 1,
                         .index = index,
                         .divide_by_batch = spec.divide_by_batch,
                         .trained = spec.trained,
                         .blockwise_gradient = spec.blockwise_gradient,
                         .value = OwnedMatrix<T>(spec.rows, spec.cols)};
  // No gradient of the network's input is needed, so nothing reads the first transposed weight.
  if (spec.transposed && !parameters_.empty()) {
    parameter.transposed = OwnedMatrix<T>(spec.cols, spec.rows);
  }
  spec.initializer->Fill(parameter.value.view(), spec.fans, generator);
  parameters_.push_back(std::move(parameter));
}

template <typename T>
std::vector<size_t> Network<T>::coupled_layers() const {
  std::vector<size_t> coupled;
  for (size_t i = 0; i < layers_.size(); ++i) {
    if (layers_[i].channels > 0) coupled.push_back(i);
  }
  return coupled;
}

template <typename T>
bool Network<T>::takes_sparse_input() const {
  for (const NetworkLayer<T>& layer : layers_) {
    if (layer.joint && std::ranges::count(layer.joint->sources, kNetworkInput) > 0) return false;
  }
  return layers_.front().takes_sparse;
}

template <typename T>
bool Network<T>::takes_folded_input() const {
  return takes_sparse_input() && layers_.front().takes_folded;
}

template <typename T>
bool Network<T>::TakesSparse(const Samples& samples) const {
  if (samples.sparse == nullptr || !takes_sparse_input()) return false;
  return takes_folded_input() || MakeByteTable<T>(samples.normalization).zero == 0;
}

template <typename T>
bool Network<T>::reads_input(size_t layer) const {
  if (layer == 0) return true;
  const std::optional<Joint>& before = layers_[layer - 1].joint;
  return before && before->kind == JointKind::kBranch && before->sources[0] == kNetworkInput;
}

template <typename T>
size_t Network<T>::scratch() const {
  size_t most = 0;
  for (const NetworkLayer<T>& layer : layers_) most = std::max(most, layer.scratch);
  return most;
}

template <typename T>
size_t Network<T>::parameter_count() const {
  size_t count = 0;
  for (const Parameter<T>& p : parameters_) {
    if (p.trained) count += p.value.view().rows * p.value.view().cols;
  }
  return count;
}

template <typename T>
void Network<T>::Mirror(size_t parameter, size_t begin, size_t end) {
  const Parameter<T>& p = parameters_[parameter];
  const Matrix<T> rows = p.value.view().Rows(begin, end);
  if (!p.transposed.view().empty()) Transpose(rows, p.transposed.view().Cols(begin, end));
  if (p.segment_sums.view().empty()) return;
  for (size_t r = 0; r < rows.rows; r += SparseBytes::kSegment) {
    ColumnSums(rows.Rows(r, std::min(rows.rows, r + SparseBytes::kSegment)),
               p.segment_sums.view().Row((begin + r) / SparseBytes::kSegment), false);
  }
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

template <typename T>
std::string Network<T>::FirstNonFinite() const {
  for (const Parameter<T>& p : parameters_) {
    const Matrix<T> value = p.value.view();
    for (size_t r = 0; r < value.rows; ++r) {
      const T* row = value.Row(r);
      if (!std::all_of(row, row + value.cols, [](T v) { return std::isfinite(v); })) return p.name;
    }
  }
  return "";
}

template class Network<float>;
template class Network<double>;

}  // namespace nabla
